"""Deals, their outcomes and their people through the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.money import Money
from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api import CustomIn, CustomOut, ListingQuery, linked, listed, named, user_of
from proofline.records.models import Account, Competitor, Contact, Product, User
from proofline.stages.closing.models import Deal, DealPerson, DealRole, DealStage, Influence, LossReason, Stance

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["deals"])
STATES = ("open", "won", "lost")
KINDS = {"account": Account, "contact": Contact, "product": Product, "owner": User, "stage": DealStage}


class StageOut(Schema):
    id: int
    name: str
    name_zh: str
    position: int
    probability: Decimal


class DealIn(Given):
    name: Words = None
    account_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    stage_id: int | None = None
    product_id: int | None = None
    amount: Decimal | None = None
    currency: Words = None
    source: Words = None
    expected_close: date | None = None
    next_step: Words = None
    next_step_on: date | None = None
    external_id: str | None = None
    custom: CustomIn = None


class DealOut(CustomOut):
    id: int
    name: str
    state: str
    account_id: int | None
    contact_id: int | None
    owner_id: int | None
    stage_id: int
    product_id: int | None
    lead_id: int | None
    study_id: int | None
    amount: Decimal | None
    currency: str
    source: str
    sector: str
    expected_close: date | None
    next_step: str
    next_step_on: date | None
    external_id: str | None
    opened_at: datetime
    stage_since: datetime


class MoveIn(Given):
    stage_id: int


class WinIn(Given):
    amount: Decimal | None = Field(None, ge=0, max_digits=18, decimal_places=2)
    currency: str = ""
    reason: str = Field("", max_length=250)


class LossIn(Given):
    reason: LossReason = LossReason.UNKNOWN
    competitor_id: int | None = None
    note: str = Field("", max_length=250)


class PersonIn(Given):
    contact_id: int
    role: DealRole
    stance: Stance = Stance.UNKNOWN
    influence: Influence = Influence.MEDIUM


class DealPersonOut(Schema):
    id: int
    deal_id: int
    contact_id: int
    role: str
    stance: str
    influence: int


def values_of(request: HttpRequest, body: DealIn) -> dict[str, Any]:
    """Return what the body sets."""
    values = named(body.dict(exclude_unset=True), model=Deal, user=user_of(request))
    return linked(request, values, **KINDS)


@router.get("/deal-stages", response=Page[StageOut])
def deal_stages(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the stages of a deal."""
    del request
    return page_of(DealStage.objects.all(), paging)


@router.get("/deals", response=Page[DealOut])
def deals(
    request: HttpRequest,
    paging: PagingQuery,
    listing: ListingQuery,
    q: str = "",
    state: str = "",
    account_id: int | None = None,
) -> dict[str, Any]:
    """List the deals that you may see; `state` is open, won or lost."""
    found = Deal.objects.visible_to(user_of(request)).select_related("won", "lost")
    if q:
        found = found.filter(name__icontains=q)
    if state in STATES:
        found = getattr(found, state)()
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return listed(request, "deals", found, paging, listing)


@router.post("/deals", response={201: DealOut})
def add_deal(request: HttpRequest, body: DealIn) -> Status[Deal]:
    """Open a deal; without a stage it begins at the first."""
    user = user_of(request)
    require_write(user, area="closing")
    return Status(201, Deal.objects.open_deal(by=user, now=timezone.now(), **values_of(request, body)))


@router.get("/deals/{int:pk}", response=DealOut)
def deal(request: HttpRequest, pk: int) -> Deal:
    """Return a deal."""
    return load(Deal, user=user_of(request), pk=pk)


@router.patch("/deals/{int:pk}", response=DealOut)
def change_deal(request: HttpRequest, pk: int, body: DealIn) -> Deal:
    """Change the fields that are given; a stage is a move."""
    user, now = user_of(request), timezone.now()
    found = load(Deal, user=user, pk=pk, write=True)
    values = values_of(request, body)
    stage = values.pop("stage", None)
    found.change(by=user, now=now, **values)
    if stage is not None:
        found.move(stage, by=user, now=now)
    return found


@router.post("/deals/{int:pk}/stage", response=DealOut)
def move_deal(request: HttpRequest, pk: int, body: MoveIn) -> Deal:
    """Move a deal to another stage."""
    user = user_of(request)
    found = load(Deal, user=user, pk=pk, write=True)
    found.move(linked(request, body.dict(), stage=DealStage)["stage"], by=user, now=timezone.now())
    return found


@router.post("/deals/{int:pk}/win", response={201: DealOut})
def win_deal(request: HttpRequest, pk: int, body: WinIn) -> Status[Deal]:
    """Note that the customer bought; without an amount, for what the deal was estimated at."""
    user = user_of(request)
    found = load(Deal, user=user, pk=pk, write=True)
    amount = None if body.amount is None else Money(body.amount, body.currency or found.currency)
    found.win(by=user, now=timezone.now(), amount=amount, reason=body.reason)
    return Status(201, Deal.objects.get(pk=pk))


@router.post("/deals/{int:pk}/loss", response={201: DealOut})
def lose_deal(request: HttpRequest, pk: int, body: LossIn) -> Status[Deal]:
    """Note that the customer did not buy, and why."""
    user = user_of(request)
    found = load(Deal, user=user, pk=pk, write=True)
    found.lose(by=user, now=timezone.now(), **linked(request, body.dict(), competitor=Competitor))
    return Status(201, Deal.objects.get(pk=pk))


@router.post("/deals/{int:pk}/reopening", response=DealOut)
def reopen_deal(request: HttpRequest, pk: int) -> Deal:
    """Open a deal again that was won or lost."""
    user = user_of(request)
    load(Deal, user=user, pk=pk, write=True).reopen(by=user, now=timezone.now())
    return Deal.objects.get(pk=pk)


@router.get("/deals/{int:pk}/people", response=Page[DealPersonOut])
def people(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the people of a deal with their roles and stances."""
    return page_of(DealPerson.objects.filter(deal=load(Deal, user=user_of(request), pk=pk)), paging)


@router.post("/deals/{int:pk}/people", response={201: DealPersonOut})
def place_person(request: HttpRequest, pk: int, body: PersonIn) -> Status[DealPerson]:
    """Say what a contact is in the deal; a second time changes what was said."""
    user = user_of(request)
    found = load(Deal, user=user, pk=pk, write=True)
    values = linked(request, body.dict(), contact=Contact)
    return Status(201, DealPerson.place(deal=found, by=user, now=timezone.now(), **values))

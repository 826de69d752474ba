"""Leads through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words
from proofline.records.access import load, require_write
from proofline.records.api import CustomIn, CustomOut, ListingQuery, linked, listed, named, user_of
from proofline.records.api.customers import OnDuplicate, already
from proofline.records.api.duplicates import DuplicatesOut, hint
from proofline.records.models import Account, Contact, Product, User
from proofline.stages.reach.models import Disqualification, Lead, Origin, Qualification, disqualify, qualify

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["leads"])
STATES = ("waiting", "qualified", "disqualified")


class LeadIn(Given):
    name: Words = None
    company: Words = None
    email: Words = None
    phone: Words = None
    title: Words = None
    sector: Words = None
    employees: int | None = None
    location: Words = None
    language: Words = None
    message: Words = None
    source: Words = None
    utm_source: Words = None
    utm_medium: Words = None
    utm_campaign: Words = None
    utm_term: Words = None
    utm_content: Words = None
    visits: int | None = None
    seconds_on_site: int | None = None
    product_id: int | None = None
    owner_id: int | None = None
    external_id: str | None = None
    custom: CustomIn = None


class LeadOut(CustomOut):
    id: int
    name: str
    company: str
    email: str
    phone: str
    title: str
    sector: str
    employees: int | None
    location: str
    language: str
    message: str
    origin: str
    source: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    visits: int | None
    seconds_on_site: int | None
    product_id: int | None
    owner_id: int | None
    contact_id: int | None
    external_id: str | None
    score: int
    grade: str
    state: str
    created_at: datetime

    @staticmethod
    def resolve_state(lead: Lead) -> str:
        """Return what was decided about it."""
        if hasattr(lead, "qualification"):
            return "qualified"
        return "disqualified" if hasattr(lead, "disqualification") else "waiting"


class LeadMade(LeadOut):
    duplicates: DuplicatesOut


class QualificationIn(Given):
    account_id: int | None = None
    contact_id: int | None = None
    open_deal: bool = True


class QualificationOut(Schema):
    lead_id: int
    account_id: int | None
    contact_id: int | None
    by_id: int | None
    at: datetime


class DisqualificationIn(Given):
    why: Disqualification.Why
    note: str = Field("", max_length=250)


class DisqualificationOut(Schema):
    lead_id: int
    why: str
    note: str
    by_id: int | None
    at: datetime


def values_of(request: HttpRequest, body: LeadIn) -> dict[str, Any]:
    """Return what the body sets."""
    values = named(body.dict(exclude_unset=True), model=Lead, user=user_of(request))
    return linked(request, values, owner=User, product=Product)


@router.get("/leads", response=Page[LeadOut])
def leads(
    request: HttpRequest,
    paging: PagingQuery,
    listing: ListingQuery,
    q: str = "",
    state: str = "",
    source: str = "",
    email: str = "",
) -> dict[str, Any]:
    """List the leads that you may see; `state` is waiting, qualified or disqualified."""
    found = Lead.objects.visible_to(user_of(request)).select_related("qualification", "disqualification")
    if q:
        found = found.filter(name__icontains=q)
    if state in STATES:
        found = getattr(found, state)()
    if source:
        found = found.filter(source=source)
    if email:
        found = found.filter(email=email.strip().lower())
    return listed(request, "leads", found, paging, listing)


@router.post("/leads", response={201: LeadMade})
def add_lead(request: HttpRequest, body: LeadIn, on_duplicate: OnDuplicate = "add") -> Status[Lead]:
    """Take in a lead; it is scored at once. The answer says in `duplicates` what there was already."""
    user = user_of(request)
    require_write(user, area="reach")
    values = {"owner": user} | values_of(request, body)
    found = already(Lead(**values), request, refuse=on_duplicate == "refuse")
    made = Lead.objects.capture(by=user, now=timezone.now(), origin=Origin.API, **values)
    made.duplicates = hint(found)  # type: ignore[attr-defined]
    return Status(201, made)


@router.get("/leads/{int:pk}", response=LeadOut)
def lead(request: HttpRequest, pk: int) -> Lead:
    """Return a lead."""
    return load(Lead, user=user_of(request), pk=pk)


@router.patch("/leads/{int:pk}", response=LeadOut)
def change_lead(request: HttpRequest, pk: int, body: LeadIn) -> Lead:
    """Change the fields that are given; the lead is scored again."""
    found = load(Lead, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **values_of(request, body))
    return found


@router.post("/leads/{int:pk}/qualification", response={201: QualificationOut})
def qualify_lead(request: HttpRequest, pk: int, body: QualificationIn) -> Status[Qualification]:
    """Turn a lead into account and contact, and open a deal unless told otherwise."""
    user = user_of(request)
    found = load(Lead, user=user, pk=pk, write=True)
    values = linked(request, body.dict(), account=Account, contact=Contact)
    return Status(201, qualify(found, by=user, now=timezone.now(), **values))


@router.post("/leads/{int:pk}/disqualification", response={201: DisqualificationOut})
def disqualify_lead(request: HttpRequest, pk: int, body: DisqualificationIn) -> Status[Disqualification]:
    """Turn a lead down."""
    user = user_of(request)
    found = load(Lead, user=user, pk=pk, write=True)
    return Status(201, disqualify(found, by=user, now=timezone.now(), **body.dict()))

"""Contracts through the API. Customers accept them by their private link, never here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact
from proofline.stages.closing.models import Contract, Deal, Promise

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["contracts"])


class PromiseOut(Schema):
    id: int
    name: str
    unit: str
    baseline: Decimal
    promised: Decimal
    measured_by: str
    metric_id: int | None


class ContractChange(Given):
    terms: Words = None
    monthly: Decimal | None = None
    once: Decimal | None = None
    seats: int | None = None
    months: int | None = None
    starts_on: date | None = None
    language: Words = None


class ContractOut(Schema):
    id: int
    number: str
    deal_id: int
    account_id: int
    product_id: int | None
    language: str
    terms: str
    monthly: Decimal
    once: Decimal
    currency: str
    seats: int
    months: int
    starts_on: date
    state: str
    path: str
    accepted_at: datetime | None
    accepted_by: str | None
    digest: str | None
    promises: list[PromiseOut]
    created_at: datetime

    @staticmethod
    def resolve_path(contract: Contract) -> str:
        """Return the path of the customer's private link; it opens once the contract is sent."""
        return reverse("closing:contract_public", args=[contract.token])

    @staticmethod
    def resolve_accepted_at(contract: Contract) -> datetime | None:
        """Return when the customer accepted it."""
        return contract.acceptance.at if contract.is_accepted else None

    @staticmethod
    def resolve_accepted_by(contract: Contract) -> str | None:
        """Return the name that the customer typed."""
        return contract.acceptance.name if contract.is_accepted else None

    @staticmethod
    def resolve_digest(contract: Contract) -> str | None:
        """Return the SHA-256 of the sealed PDF."""
        return contract.acceptance.digest if contract.is_accepted else None

    @staticmethod
    def resolve_promises(contract: Contract) -> list[Promise]:
        """Return what is promised, in order."""
        return list(contract.promises.order_by("position"))


class ContractSendingIn(Given):
    to_id: int | None = None


@router.get("/contracts", response=Page[ContractOut])
def contracts(request: HttpRequest, paging: PagingQuery, deal_id: int | None = None) -> dict[str, Any]:
    """List the contracts that you may see."""
    found = Contract.objects.visible_to(user_of(request)).select_related("acceptance", "sending", "withdrawal")
    return page_of(found if deal_id is None else found.filter(deal_id=deal_id), paging)


@router.post("/deals/{int:pk}/contracts", response={201: ContractOut})
def add_contract(request: HttpRequest, pk: int) -> Status[Contract]:
    """Draft the deal's contract from its offer and its value case, or return the one that stands."""
    user = user_of(request)
    deal = load(Deal, user=user, pk=pk, write=True)
    return Status(201, Contract.objects.draft(deal=deal, by=user, now=timezone.now(), today=timezone.localdate()))


@router.get("/contracts/{int:pk}", response=ContractOut)
def contract(request: HttpRequest, pk: int) -> Contract:
    """Return a contract."""
    return load(Contract, user=user_of(request), pk=pk)


@router.patch("/contracts/{int:pk}", response=ContractOut)
def change_contract(request: HttpRequest, pk: int, body: ContractChange) -> Contract:
    """Change the draft's fields that are given."""
    found = load(Contract, user=user_of(request), pk=pk, write=True)
    found.edit(**body.dict(exclude_unset=True))
    return found


@router.post("/contracts/{int:pk}/sending", response={201: ContractOut})
def send_contract(request: HttpRequest, pk: int, body: ContractSendingIn) -> Status[Contract]:
    """Open the private link; the contract no longer changes."""
    user = user_of(request)
    found = load(Contract, user=user, pk=pk, write=True)
    found.send(by=user, now=timezone.now(), **linked(request, body.dict(), to=Contact))
    return Status(201, Contract.objects.get(pk=pk))


@router.post("/contracts/{int:pk}/withdrawal", response=ContractOut)
def withdraw_contract(request: HttpRequest, pk: int) -> Contract:
    """Take a contract back that the customer has not accepted."""
    user = user_of(request)
    load(Contract, user=user, pk=pk, write=True).withdraw(by=user, now=timezone.now())
    return Contract.objects.get(pk=pk)

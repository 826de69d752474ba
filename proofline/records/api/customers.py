"""Accounts and contacts through the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status

from proofline.kit.domains import bare_domain
from proofline.kit.rest import Given, Page, PagingQuery, Words
from proofline.records import matching
from proofline.records.access import load, require_write
from proofline.records.api.custom import CustomIn, CustomOut, named
from proofline.records.api.duplicates import DuplicatesOut, hint
from proofline.records.api.listing import ListingQuery, listed
from proofline.records.api.tokens import linked, user_of
from proofline.records.models import Account, Contact, User

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()


class AccountIn(Given):
    name: Words = None
    domain: Words = None
    sector: Words = None
    employees: int | None = None
    revenue: Decimal | None = None
    founded: int | None = None
    location: Words = None
    language: Words = None
    parent_id: int | None = None
    owner_id: int | None = None
    external_id: str | None = None
    custom: CustomIn = None


class AccountOut(CustomOut, Schema):
    id: int
    name: str
    domain: str
    sector: str
    employees: int | None
    revenue: Decimal | None
    founded: int | None
    location: str
    language: str
    parent_id: int | None
    owner_id: int | None
    external_id: str | None
    created_at: datetime


class ContactIn(Given):
    name: Words = None
    email: str | None = None
    phone: Words = None
    title: Words = None
    language: Words = None
    account_id: int | None = None
    owner_id: int | None = None
    external_id: str | None = None
    custom: CustomIn = None


class ContactOut(CustomOut, Schema):
    id: int
    name: str
    email: str | None
    phone: str
    title: str
    language: str
    account_id: int | None
    owner_id: int | None
    external_id: str | None
    created_at: datetime


class AccountMade(AccountOut):
    duplicates: DuplicatesOut


class ContactMade(ContactOut):
    duplicates: DuplicatesOut


class AlreadyError(Exception):
    """There is already what was to be added, and the request asked to refuse it then."""

    def __init__(self, found: matching.Found) -> None:
        super().__init__(_("There is already a record with this e-mail, phone, domain or name."))
        self.found = found


OnDuplicate = Annotated[
    Literal["add", "refuse"],
    Query(description="`refuse`: answer 409 with what there is, when one has the same e-mail, phone, domain or name."),
]


def account_values(request: HttpRequest, body: AccountIn) -> dict[str, Any]:
    """Return what the body sets; of a website its bare domain.

    Raises:
        ValidationError: the website is no domain.
    """
    values = named(body.dict(exclude_unset=True), model=Account, user=user_of(request))
    if values.get("domain"):
        try:
            values["domain"] = bare_domain(values["domain"])
        except ValidationError as error:
            raise ValidationError({"domain": error}) from None
    return linked(request, values, owner=User, parent=Account)


def contact_values(request: HttpRequest, body: ContactIn) -> dict[str, Any]:
    """Return what the body sets."""
    values = named(body.dict(exclude_unset=True), model=Contact, user=user_of(request))
    return linked(request, values, owner=User, account=Account)


def already(record: Any, request: HttpRequest, *, refuse: bool) -> matching.Found:
    """Return what there is already of a record that is about to be added.

    Raises:
        AlreadyError: there is something, and it is to be refused then.
    """
    found = matching.at_once(record, user=user_of(request)) if record.name else matching.Found()
    if found and refuse:
        raise AlreadyError(found)
    return found


@router.get("/accounts", response=Page[AccountOut], tags=["accounts"])
def accounts(
    request: HttpRequest, paging: PagingQuery, listing: ListingQuery, q: str = "", sector: str = ""
) -> dict[str, Any]:
    """List the accounts that you may see; `q` is a part of the name."""
    found = Account.objects.visible_to(user_of(request))
    if q:
        found = found.filter(name__icontains=q)
    if sector:
        found = found.filter(sector=sector)
    return listed(request, "accounts", found, paging, listing)


@router.post("/accounts", response={201: AccountMade}, tags=["accounts"])
def add_account(request: HttpRequest, body: AccountIn, on_duplicate: OnDuplicate = "add") -> Status[Account]:
    """Add an account; the answer says in `duplicates` what there was already."""
    user = user_of(request)
    require_write(user, area="records")
    values = {"owner": user} | account_values(request, body)
    found = already(Account(**values), request, refuse=on_duplicate == "refuse")
    made = Account.objects.add(by=user, now=timezone.now(), **values)
    made.duplicates = hint(found)  # type: ignore[attr-defined]
    return Status(201, made)


@router.get("/accounts/{int:pk}", response=AccountOut, tags=["accounts"])
def account(request: HttpRequest, pk: int) -> Account:
    """Return an account."""
    return load(Account, user=user_of(request), pk=pk)


@router.patch("/accounts/{int:pk}", response=AccountOut, tags=["accounts"])
def change_account(request: HttpRequest, pk: int, body: AccountIn) -> Account:
    """Change the fields that are given."""
    found = load(Account, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **account_values(request, body))
    return found


@router.get("/contacts", response=Page[ContactOut], tags=["contacts"])
def contacts(
    request: HttpRequest,
    paging: PagingQuery,
    listing: ListingQuery,
    q: str = "",
    account_id: int | None = None,
    email: str = "",
) -> dict[str, Any]:
    """List the contacts that you may see."""
    found = Contact.objects.visible_to(user_of(request))
    if q:
        found = found.filter(name__icontains=q)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    if email:
        found = found.with_email(email)
    return listed(request, "contacts", found, paging, listing)


@router.post("/contacts", response={201: ContactMade}, tags=["contacts"])
def add_contact(request: HttpRequest, body: ContactIn, on_duplicate: OnDuplicate = "add") -> Status[Contact]:
    """Add a contact; the answer says in `duplicates` what there was already."""
    user = user_of(request)
    require_write(user, area="records")
    values = {"owner": user} | contact_values(request, body)
    found = already(Contact(**values), request, refuse=on_duplicate == "refuse")
    made = Contact.objects.add(by=user, now=timezone.now(), **values)
    made.duplicates = hint(found)  # type: ignore[attr-defined]
    return Status(201, made)


@router.get("/contacts/{int:pk}", response=ContactOut, tags=["contacts"])
def contact(request: HttpRequest, pk: int) -> Contact:
    """Return a contact."""
    return load(Contact, user=user_of(request), pk=pk)


@router.patch("/contacts/{int:pk}", response=ContactOut, tags=["contacts"])
def change_contact(request: HttpRequest, pk: int, body: ContactIn) -> Contact:
    """Change the fields that are given."""
    found = load(Contact, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **contact_values(request, body))
    return found

"""Studies and needs through the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api import linked, user_of
from proofline.records.models import Account, Contact, Pain, User
from proofline.stages.discovery.models import Need, Study

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["discovery"])


class StudyIn(Given):
    account_id: int
    title: str = ""
    contact_id: int | None = None
    owner_id: int | None = None


class StudyChange(Given):
    title: Words = None
    contact_id: int | None = None
    owner_id: int | None = None


class StudyOut(Schema):
    id: int
    account_id: int
    title: str
    contact_id: int | None
    owner_id: int | None
    created_at: datetime


class NeedIn(Given):
    text: str
    kind: Need.Kind = Need.Kind.SURFACE
    because_of_id: int | None = None
    pain_id: int | None = None
    loss: str = ""
    loss_amount: Decimal | None = None
    loss_currency: str = ""
    stated_by_id: int | None = None
    evidence: str = ""


class NeedOut(Schema):
    id: int
    study_id: int
    kind: str
    text: str
    because_of_id: int | None
    pain_id: int | None
    loss: str
    loss_amount: Decimal | None
    loss_currency: str
    stated_by_id: int | None
    stated_at: datetime
    answer_id: int | None = Field(description="The answer of a questionnaire that it was read from.")
    note_id: int | None = Field(description="The note of an interview that it was made of.")
    evidence: str = Field(description="What shows it.")


@router.get("/studies", response=Page[StudyOut])
def studies(request: HttpRequest, paging: PagingQuery, account_id: int | None = None) -> dict[str, Any]:
    """List the studies that you may see."""
    found = Study.objects.visible_to(user_of(request))
    return page_of(found if account_id is None else found.filter(account_id=account_id), paging)


@router.post("/studies", response={201: StudyOut})
def add_study(request: HttpRequest, body: StudyIn) -> Status[Study]:
    """Begin discovery for an account."""
    user = user_of(request)
    require_write(user, area="discovery")
    values = linked(request, body.dict(exclude_unset=True), account=Account, contact=Contact, owner=User)
    return Status(201, Study.objects.open_study(by=user, now=timezone.now(), **values))


@router.get("/studies/{int:pk}", response=StudyOut)
def study(request: HttpRequest, pk: int) -> Study:
    """Return a study."""
    return load(Study, user=user_of(request), pk=pk)


@router.patch("/studies/{int:pk}", response=StudyOut)
def change_study(request: HttpRequest, pk: int, body: StudyChange) -> Study:
    """Change the fields that are given."""
    found = load(Study, user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), contact=Contact, owner=User)
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found


@router.get("/studies/{int:pk}/needs", response=Page[NeedOut])
def needs(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the needs of a study."""
    return page_of(Need.objects.filter(study=load(Study, user=user_of(request), pk=pk)), paging)


@router.post("/studies/{int:pk}/needs", response={201: NeedOut})
def add_need(request: HttpRequest, pk: int, body: NeedIn) -> Status[Need]:
    """Note what the customer needs; a deep need names the surface need that it stands behind."""
    user = user_of(request)
    found = load(Study, user=user, pk=pk, write=True)
    kinds = {"because_of": Need, "pain": Pain, "stated_by": Contact}
    values = linked(request, body.dict(exclude_unset=True), **kinds)
    return Status(201, Need.objects.record(by=user, now=timezone.now(), study=found, **values))

"""Battle cards through the API: the claims about a competitor, and that they were checked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api.library import CompetitorOut
from proofline.records.api.tokens import linked, user_of
from proofline.records.models import Claim, Competitor, Evidence, Module, Pain

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["library"])
LINKS = {"pain": Pain, "module": Module, "evidence": Evidence}


class ClaimIn(Given):
    """`answer` says whether they can do what eases the pain, or what the module does; `figure` is their number where it is `number`."""

    kind: Words = None
    text: Words = None
    pain_id: int | None = None
    module_id: int | None = None
    answer: Words = None
    figure: Words = None
    evidence_id: int | None = None
    source_url: Words = None
    checked_on: date | None = None


class ClaimOut(Schema):
    id: int
    competitor_id: int
    kind: str
    text: str
    pain_id: int | None
    module_id: int | None
    answer: str
    figure: str
    evidence_id: int | None
    source_url: str
    checked_on: date


@router.get("/competitors/{int:pk}/claims", response=Page[ClaimOut])
def claims(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List what the battle card says: how we win, when they win, questions to ask, what they can do."""
    return page_of(Claim.objects.filter(competitor=load(Competitor, user=user_of(request), pk=pk)), paging)


@router.post("/competitors/{int:pk}/claims", response={201: ClaimOut})
def add_claim(request: HttpRequest, pk: int, body: ClaimIn) -> Status[Claim]:
    """Write a claim; without a day it was checked today."""
    competitor = load(Competitor, user=user_of(request), pk=pk, write=True)
    values = {"checked_on": timezone.localdate()} | linked(request, body.dict(exclude_unset=True), **LINKS)
    added = Claim.objects.add(by=user_of(request), now=timezone.now(), competitor=competitor, **values)
    return Status(201, added)


@router.post("/competitors/{int:pk}/confirmation", response=CompetitorOut)
def confirm_competitor(request: HttpRequest, pk: int) -> Competitor:
    """Note that all that the card says was checked today."""
    found = load(Competitor, user=user_of(request), pk=pk, write=True)
    found.confirm(by=user_of(request), now=timezone.now(), today=timezone.localdate())
    return found


@router.patch("/claims/{int:pk}", response=ClaimOut)
def change_claim(request: HttpRequest, pk: int, body: ClaimIn) -> Claim:
    """Change the fields that are given."""
    found = load(Claim, user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), **LINKS)
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found


@router.delete("/claims/{int:pk}", response={204: None})
def remove_claim(request: HttpRequest, pk: int) -> Status[None]:
    """Take a claim off its card."""
    load(Claim, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)

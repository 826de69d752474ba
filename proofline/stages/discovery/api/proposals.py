"""Proposals through the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact, Evidence
from proofline.stages.discovery.cautions import cautions
from proofline.stages.discovery.flows import MOST_STEPS
from proofline.stages.discovery.models import Configuration, Proposal, Sending, Study, ValueCase, revoke
from proofline.stages.discovery.sending import send

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["discovery"])


class ProposalIn(Given):
    title: str = ""
    language: str = ""
    intro: str = ""
    terms: str = ""
    with_comparison: bool = True
    value_case_id: int | None = None
    configuration_id: int | None = None


class StepIn(Given):
    name: str = ""
    minutes: Decimal = Decimal(0)


class ProposalChange(Given):
    """The fields to change; what is left out stays. What was sent keeps its value case and its configuration."""

    title: Words = None
    language: Words = None
    intro: Words = None
    terms: Words = None
    with_comparison: bool = True
    value_case_id: int | None = None
    configuration_id: int | None = None
    steps_today: list[StepIn] = Field([], max_length=MOST_STEPS)
    steps_tomorrow: list[StepIn] = Field([], max_length=MOST_STEPS)
    runs_a_week: int | None = Field(None, ge=0, le=100_000)
    evidence_ids: list[int] = Field([], max_length=100, description="All that it shows, in place of what it showed.")


class ProposalOut(Schema):
    id: int
    study_id: int
    value_case_id: int | None
    configuration_id: int | None
    title: str
    language: str
    intro: str
    terms: str
    with_comparison: bool
    steps_today: list[dict[str, Any]]
    steps_tomorrow: list[dict[str, Any]]
    runs_a_week: int | None
    evidence_ids: list[int]
    state: str
    path: str
    created_at: datetime

    @staticmethod
    def resolve_evidence_ids(proposal: Proposal) -> list[int]:
        """Return the evidence that it shows."""
        return sorted(item.pk for item in proposal.evidence.all())

    @staticmethod
    def resolve_state(proposal: Proposal) -> str:
        """Return where it stands now."""
        return proposal.state(now=timezone.now())

    @staticmethod
    def resolve_path(proposal: Proposal) -> str:
        """Return the path of the customer's private link; it opens once the proposal is sent."""
        return proposal.public_path


class CautionsOut(Schema):
    cautions: list[str] = Field(description="Sentences, what weighs most first.")


class ProposalSendingIn(Given):
    """To whom, until when; `asks_code` opens it only by a code that is sent to their address, or to their colleagues'."""

    to_id: int | None = None
    expires_at: AwareDatetime | None = None
    asks_code: bool = False
    lets_colleagues_in: bool = False


class SendingOut(Schema):
    proposal_id: int
    at: datetime
    by_id: int | None
    to_id: int | None
    expires_at: datetime | None
    asks_code: bool
    lets_colleagues_in: bool


@router.get("/proposals", response=Page[ProposalOut])
def proposals(request: HttpRequest, paging: PagingQuery, study_id: int | None = None) -> dict[str, Any]:
    """List the proposals that you may see."""
    found = Proposal.objects.visible_to(user_of(request)).prefetch_related("evidence")
    return page_of(found if study_id is None else found.filter(study_id=study_id), paging)


@router.get("/proposals/{int:pk}", response=ProposalOut)
def proposal(request: HttpRequest, pk: int) -> Proposal:
    """Return a proposal."""
    return load(Proposal, user=user_of(request), pk=pk)


@router.post("/studies/{int:pk}/proposals", response={201: ProposalOut})
def add_proposal(request: HttpRequest, pk: int, body: ProposalIn) -> Status[Proposal]:
    """Begin a proposal."""
    user = user_of(request)
    study = load(Study, user=user, pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), value_case=ValueCase, configuration=Configuration)
    return Status(201, Proposal.objects.draft(by=user, now=timezone.now(), study=study, **values))


@router.patch("/proposals/{int:pk}", response=ProposalOut)
def change_proposal(request: HttpRequest, pk: int, body: ProposalChange) -> Proposal:
    """Change the fields that are given."""
    user = user_of(request)
    found: Proposal = load(Proposal.objects.select_related("study"), user=user, pk=pk, write=True)
    given = body.dict(exclude_unset=True)
    for name in ("steps_today", "steps_tomorrow"):
        if name in given:
            given[name] = [{"name": step.name, "minutes": f"{step.minutes:f}"} for step in getattr(body, name)]
    if "evidence_ids" in given:
        wanted = set(given.pop("evidence_ids"))
        given["evidence"] = list(Evidence.objects.visible_to(user).filter(pk__in=wanted))
        if len(given["evidence"]) != len(wanted):
            raise ValidationError({"evidence_ids": _("There is no such record that you may see.")})
    values = linked(request, given, value_case=ValueCase, configuration=Configuration)
    found.change(by=user, now=timezone.now(), **values)
    return found


@router.get("/proposals/{int:pk}/cautions", response=CautionsOut)
def proposal_cautions(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what to look at before it is sent; it holds nobody back."""
    found: Proposal = load(Proposal, user=user_of(request), pk=pk)
    return {"cautions": cautions(found)}


@router.post("/proposals/{int:pk}/sending", response={201: SendingOut})
def send_proposal(request: HttpRequest, pk: int, body: ProposalSendingIn) -> Status[Sending]:
    """Open the private link to a person; what is promised no longer changes."""
    user = user_of(request)
    found = load(Proposal, user=user, pk=pk, write=True)
    values = linked(request, body.dict(), to=Contact)
    return Status(201, send(found, by=user, now=timezone.now(), **values))


@router.post("/proposals/{int:pk}/revocation", response={204: None})
def revoke_proposal(request: HttpRequest, pk: int) -> Status[None]:
    """Close the private link."""
    user = user_of(request)
    revoke(load(Proposal, user=user, pk=pk, write=True), by=user, now=timezone.now())
    return Status(204, None)

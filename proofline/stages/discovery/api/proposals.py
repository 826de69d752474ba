"""Proposals through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AwareDatetime

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact
from proofline.stages.discovery.models import Configuration, Proposal, Sending, Study, ValueCase, revoke, send

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
    state: str
    path: str
    created_at: datetime

    @staticmethod
    def resolve_state(proposal: Proposal) -> str:
        """Return where it stands now."""
        return proposal.state(now=timezone.now())

    @staticmethod
    def resolve_path(proposal: Proposal) -> str:
        """Return the path of the customer's private link; it opens once the proposal is sent."""
        return proposal.public_path


class ProposalSendingIn(Given):
    to_id: int | None = None
    expires_at: AwareDatetime | None = None


class SendingOut(Schema):
    proposal_id: int
    at: datetime
    by_id: int | None
    to_id: int | None
    expires_at: datetime | None


@router.get("/proposals", response=Page[ProposalOut])
def proposals(request: HttpRequest, paging: PagingQuery, study_id: int | None = None) -> dict[str, Any]:
    """List the proposals that you may see."""
    found = Proposal.objects.visible_to(user_of(request))
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

"""What customers say of proposals, through the API: read, answered, settled."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.discovery.conversing.mailing import mail_answer
from proofline.stages.discovery.conversing.speaking import answer, settle
from proofline.stages.discovery.models import Proposal, ProposalThread

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.models import ProposalComment

router = Router(tags=["discovery"])
FULL = ("comments", "settlings")


class ProposalCommentOut(Schema):
    """What was said; `by_id` is who of us did, null for the customer."""

    id: int
    text: str
    place: str = Field(description="What stood at the place when it was said.")
    name: str
    email: str
    contact_id: int | None
    by_id: int | None
    at: datetime

    @staticmethod
    def resolve_place(said: ProposalComment) -> str:
        """Return what stood there."""
        return said.basis


class ProposalThreadOut(Schema):
    """All that is said about one place: a section such as `value`, or a line such as `line-12`."""

    id: int
    proposal_id: int
    anchor: str
    state: Literal["waiting", "answered", "settled"]
    comments: list[ProposalCommentOut]

    @staticmethod
    def resolve_comments(thread: ProposalThread) -> list[ProposalComment]:
        """Return what was said, in its order."""
        return thread.ordered


class ThreadAnswerIn(Given):
    text: str


@router.get("/proposals/{int:pk}/threads", response=Page[ProposalThreadOut])
def proposal_threads(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List what the customer said of a proposal, place by place, with our answers."""
    proposal = load(Proposal, user=user_of(request), pk=pk)
    return page_of(ProposalThread.objects.filter(proposal=proposal).prefetch_related(*FULL), paging)


@router.get("/proposal-threads", response=Page[ProposalThreadOut])
def waiting_threads(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the threads that wait for an answer, of all proposals that you may see."""
    found = ProposalThread.objects.visible_to(user_of(request)).waiting()
    return page_of(found.prefetch_related(*FULL), paging)


@router.post("/proposal-threads/{int:pk}/answers", response={201: ProposalThreadOut})
def answer_thread(request: HttpRequest, pk: int, body: ThreadAnswerIn) -> Status[ProposalThread]:
    """Answer the customer, who sees it on their page, and by e-mail where they may be written to."""
    user, now = user_of(request), timezone.now()
    thread = _thread(request, pk, write=True)
    mail_answer(answer(thread, by=user, text=body.text, now=now), now=now)
    return Status(201, _thread(request, pk))


@router.post("/proposal-threads/{int:pk}/settling", response=ProposalThreadOut)
def settle_thread(request: HttpRequest, pk: int) -> ProposalThread:
    """Note that nothing is left to say; the customer's next word opens it again."""
    settle(_thread(request, pk, write=True), by=user_of(request), now=timezone.now())
    return _thread(request, pk)


def _thread(request: HttpRequest, pk: int, *, write: bool = False) -> ProposalThread:
    rows = ProposalThread.objects.select_related("proposal__study__account", "proposal__study__owner")
    found: ProposalThread = load(rows.prefetch_related(*FULL), user=user_of(request), pk=pk, write=write)
    return found

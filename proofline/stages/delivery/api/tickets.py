"""Tickets through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load, require_write
from proofline.records.api import CustomIn, CustomOut, linked, named, user_of
from proofline.records.models import Account, Contact, User
from proofline.records.more import with_computed
from proofline.stages.delivery.models import Project, Reply, Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["tickets"])
KINDS = {"account": Account, "project": Project, "contact": Contact, "owner": User}


class TicketIn(Given):
    account_id: int
    subject: str = Field(min_length=1, max_length=200)
    body: str = Field(min_length=1)
    priority: Ticket.Priority = Ticket.Priority.NORMAL
    project_id: int | None = None
    contact_id: int | None = None
    owner_id: int | None = None
    custom: CustomIn = None


class TicketOut(CustomOut):
    id: int
    account_id: int
    project_id: int | None
    contact_id: int | None
    owner_id: int | None
    subject: str
    body: str
    priority: str
    channel: str
    opened_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    solve_due_at: datetime
    solved_at: datetime | None

    @staticmethod
    def resolve_solved_at(ticket: Ticket) -> datetime | None:
        """Return when it was solved."""
        return ticket.solution.at if ticket.solved else None


class ReplyIn(Given):
    body: str = Field(min_length=1)
    internal: bool = False


class ReplyOut(Schema):
    id: int
    ticket_id: int
    at: datetime
    by_id: int | None
    author: str
    body: str
    internal: bool


class SolutionIn(Given):
    text: str = ""


@router.get("/tickets", response=Page[TicketOut])
def tickets(
    request: HttpRequest,
    paging: PagingQuery,
    account_id: int | None = None,
    *,
    open: bool = False,  # noqa: A002 - the address says ?open=
) -> dict[str, Any]:
    """List the tickets that you may see."""
    found = Ticket.objects.visible_to(user_of(request)).select_related("solution")
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return page_of(with_computed(found.open() if open else found, user=user_of(request)), paging)


@router.post("/tickets", response={201: TicketOut})
def add_ticket(request: HttpRequest, body: TicketIn) -> Status[Ticket]:
    """Open a ticket; its clocks start now."""
    user = user_of(request)
    require_write(user, area="delivery")
    values = linked(request, named(body.dict(), model=Ticket, user=user_of(request)), **KINDS)
    return Status(201, Ticket.objects.ask(by=user, now=timezone.now(), **values))


@router.get("/tickets/{int:pk}", response=TicketOut)
def ticket(request: HttpRequest, pk: int) -> Ticket:
    """Return a ticket with its clocks."""
    return load(Ticket, user=user_of(request), pk=pk)


@router.get("/tickets/{int:pk}/replies", response=Page[ReplyOut])
def replies(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the replies to a ticket, internal notes included."""
    return page_of(Reply.objects.filter(ticket=load(Ticket, user=user_of(request), pk=pk)), paging)


@router.post("/tickets/{int:pk}/replies", response={201: ReplyOut})
def reply(request: HttpRequest, pk: int, body: ReplyIn) -> Status[Reply]:
    """Answer; the first open answer stops the answer clock."""
    user = user_of(request)
    found = load(Ticket, user=user, pk=pk, write=True)
    return Status(201, found.reply(by=user, now=timezone.now(), **body.dict()))


@router.post("/tickets/{int:pk}/solution", response={201: TicketOut})
def solve(request: HttpRequest, pk: int, body: SolutionIn) -> Status[Ticket]:
    """Solve a ticket."""
    user = user_of(request)
    load(Ticket, user=user, pk=pk, write=True).solve(text=body.text, by=user, now=timezone.now())
    return Status(201, Ticket.objects.get(pk=pk))

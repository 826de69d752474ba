"""What waits for a person in this room: tickets whose clocks run, gates to deliver."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit.today import TodayItem
from proofline.records.models import Workspace
from proofline.records.roles import Role
from proofline.stages.delivery.models import Gate, Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from proofline.records.models import User

MOST = 100


def my_tickets(user: User) -> QuerySet[Ticket]:
    """Return the open tickets that wait for the user: their own; for support also those without an owner."""
    found: QuerySet[Ticket] = Ticket.objects.visible_to(user).open()
    mine = found.filter(owner=user)
    return mine | found.filter(owner=None) if user.role == Role.SUPPORT else mine


def my_gates(user: User) -> QuerySet[Gate]:
    """Return the gates that the user's projects have to deliver next."""
    return Gate.objects.filter(project__owner=user, presentation=None, acceptance=None)


def waiting(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield the tickets to answer or solve, and the next gate of each of the user's projects."""
    del now
    for ticket in my_tickets(user).select_related("account").order_by("solve_due_at")[:MOST]:
        due = ticket.solve_due_at if ticket.answered_at else ticket.answer_due_at
        yield TodayItem(
            kind=_("Solution due") if ticket.answered_at else _("Reply due"),
            icon="lifebuoy",
            title=ticket.subject,
            note=ticket.account.name,
            url=ticket.get_absolute_url(),
            due=due,
        )
    zone = ZoneInfo(Workspace.current().time_zone)
    for gate in (
        my_gates(user)
        .select_related("project__account")
        .prefetch_related("project__gates__acceptance")
        .order_by("due_on", "position")[:MOST]
    ):
        if gate.project.current_gate == gate:
            yield TodayItem(
                kind=_("Gate to deliver"),
                icon="flag-3",
                title=f"{gate} · {gate.project}",
                note=gate.project.account.name,
                url=gate.project.get_absolute_url(),
                due=datetime.combine(gate.due_on, time(18), zone),
                action=_("Ask for signature"),
                action_url=reverse("delivery:gate_presentation", args=[gate.pk]),
                dialog=True,
            )

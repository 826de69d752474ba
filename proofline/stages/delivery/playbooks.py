"""With which records of this room playbooks stand, and in which states those are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from proofline.enablement.kinds import Kind
from proofline.stages.delivery.models import GateKind, Project, Ticket

if TYPE_CHECKING:
    from datetime import datetime

PROJECT_STATES = (*GateKind.choices, ("live", _("live")))
TICKET_STATES = (("new", _("not answered")), ("answered", _("answered, not solved")), ("solved", _("solved")))


def states_of_project(project: Project, _now: datetime) -> set[str]:
    """Return the gate at which a project stands, or that it is live."""
    gate = project.gates.filter(acceptance=None).order_by("position").first()
    return {gate.kind if gate else "live"}


def states_of_ticket(ticket: Ticket, _now: datetime) -> set[str]:
    """Return whether a ticket was answered or solved."""
    if ticket.solved:
        return {"solved"}
    return {"new" if ticket.answered_at is None else "answered"}


PROJECT = Kind(
    name="project",
    slug="projects",
    label=_("Projects"),
    stage="delivery",
    model=Project,
    states=lambda: PROJECT_STATES,
    states_of=states_of_project,
)
TICKET = Kind(
    name="ticket",
    slug="tickets",
    label=_("Tickets"),
    stage="delivery",
    model=Ticket,
    states=lambda: TICKET_STATES,
    states_of=states_of_ticket,
)

"""The main records of this room."""

from __future__ import annotations

import copy

from proofline.records.kinds import Kind
from proofline.stages.delivery.forms import ProjectForm, TicketFactsForm
from proofline.stages.delivery.models import Project, Ticket

PROJECT = Kind(
    name="project",
    slug="projects",
    model=Project,
    form=lambda data, record, user: ProjectForm(data, instance=copy.copy(record), user=user),
    facts=("name", "owner"),
)
TICKET = Kind(
    name="ticket",
    slug="tickets",
    model=Ticket,
    form=lambda data, record, user: TicketFactsForm(data, instance=copy.copy(record), user=user),
    facts=("subject", "priority", "contact", "owner"),
)

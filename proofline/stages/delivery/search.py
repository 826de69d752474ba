"""What of this room is found by search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from proofline.kit.search import Kind
from proofline.stages.delivery.models import Project, Ticket

KINDS = (
    Kind(
        name="projects",
        code="j",
        model=Project,
        label=_("Projects"),
        one=_("Project"),
        icon="flag-3",
        view="delivery:project",
        owners=Project.owner_paths,
        note="account__name",
    ),
    Kind(
        name="tickets",
        code="i",
        model=Ticket,
        label=_("Tickets"),
        one=_("Ticket"),
        icon="lifebuoy",
        view="delivery:ticket",
        owners=Ticket.owner_paths,
        title="subject",
        note="account__name",
        text=("asked_by", "contact__name", "body"),
    ),
)

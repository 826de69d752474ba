"""What records are called in notifications, tasks and on the timeline: one readable table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.config.imports.models import Import
from proofline.records import subjects
from proofline.records.models import Account, Contact, Task
from proofline.stages.closing.models import Contract, Deal, Quote
from proofline.stages.delivery.models import Project, Ticket, ValueReport
from proofline.stages.discovery.models import Proposal, Study
from proofline.stages.growth.models import Subscription
from proofline.stages.reach.models import Lead, Signal

if TYPE_CHECKING:
    from proofline.records.access import Visible

TABLE: tuple[tuple[str, type[Visible]], ...] = (
    # kind, records
    ("account", Account),
    ("contact", Contact),
    ("task", Task),
    ("import", Import),
    ("lead", Lead),
    ("signal", Signal),
    ("study", Study),
    ("proposal", Proposal),
    ("deal", Deal),
    ("quote", Quote),
    ("contract", Contract),
    ("project", Project),
    ("ticket", Ticket),
    ("value_report", ValueReport),
    ("subscription", Subscription),
)


def wire() -> None:
    """Put the table into force."""
    for kind, model in TABLE:
        subjects.register(kind, model)

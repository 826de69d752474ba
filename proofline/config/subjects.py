"""What records are called in notifications, tasks and on the timeline, beside the main records (`config/kinds.py`): one readable table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.config.imports.models import Import
from proofline.records import subjects
from proofline.records.models import Competitor, Task
from proofline.stages.closing.models import Contract, Quote
from proofline.stages.delivery.models import ValueReport
from proofline.stages.discovery.models import Interview, Proposal, Study
from proofline.stages.growth.models import Subscription
from proofline.stages.reach.models import Signal

if TYPE_CHECKING:
    from proofline.records.access import Visible

TABLE: tuple[tuple[str, type[Visible | Competitor]], ...] = (
    # kind, records
    ("task", Task),
    ("competitor", Competitor),
    ("import", Import),
    ("signal", Signal),
    ("study", Study),
    ("interview", Interview),
    ("proposal", Proposal),
    ("quote", Quote),
    ("contract", Contract),
    ("value_report", ValueReport),
    ("subscription", Subscription),
)


def wire() -> None:
    """Put the table into force."""
    for kind, model in TABLE:
        subjects.register(kind, model)

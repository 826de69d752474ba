"""Everything that is found by search, in the order in which it is shown, and the pages of the sidebar."""

from __future__ import annotations

from proofline.kit import search
from proofline.records.search import CUSTOMERS, LIBRARY, TASKS
from proofline.stages.closing.search import KINDS as CLOSING
from proofline.stages.delivery.search import KINDS as DELIVERY
from proofline.stages.discovery.search import KINDS as DISCOVERY
from proofline.stages.reach.search import KINDS as REACH

KINDS: tuple[search.Kind, ...] = (
    *CUSTOMERS,
    *CLOSING[:1],
    *REACH,
    TASKS,
    *DISCOVERY,
    *CLOSING[1:],
    *DELIVERY,
    *LIBRARY,
)


def wire() -> None:
    """Put the table into force."""
    search.register(*KINDS)

"""What belongs to main records without being part of them, taken together: it follows them when they go or become another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.records.models import Change

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces


def forget_person(traces: Traces) -> int:
    """Take somebody who is erased out of the history of records; return how many rows changed."""
    return Change.objects.forget(traces)

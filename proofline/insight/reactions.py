"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.insight.models import SavedQuestion

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces


def forget_person(traces: Traces) -> int:
    """Let saved questions name somebody no more who is erased; return how many changed."""
    return SavedQuestion.objects.forget(people=traces.people, redacted=traces.redacted)

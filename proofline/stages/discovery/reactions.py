"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.discovery.models import Interview, Reply

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces


def forget_person(traces: Traces) -> int:
    """Take somebody who is erased out of what was answered and said; return how many rows changed."""
    return Reply.objects.forget(traces) + Interview.objects.forget(traces)

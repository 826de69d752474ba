"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.discovery.models import (
    AccessCode,
    ErasedVoice,
    Interview,
    InterviewFile,
    Opening,
    ProposalComment,
    Reply,
    Wish,
)

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces


def forget_person(traces: Traces) -> int:
    """Take somebody who is erased out of what they answered, said, wished and opened; return how many rows changed."""
    kept = (Reply, ErasedVoice, InterviewFile, Interview, ProposalComment, Wish, Opening, AccessCode)
    return sum(model.objects.forget(traces) for model in kept)

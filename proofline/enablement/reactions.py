"""What this room does when something happens elsewhere; `config/reactions.py` is the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.enablement.models import Playbook, Step

if TYPE_CHECKING:
    from proofline.timeline.traces import Traces


def forget_person(traces: Traces) -> int:
    """Take somebody who is erased out of the words of playbooks; return how many rows changed."""
    return Playbook.objects.forget(traces) + Step.objects.forget(traces)

"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.outreach.models import send_triggered

if TYPE_CHECKING:
    from proofline.outreach.models import Message
    from proofline.timeline.events import Event


def send_triggered_messages(event: Event) -> list[Message]:
    """Let the rules that the event meets send their messages; return these."""
    return send_triggered(event, now=timezone.now())

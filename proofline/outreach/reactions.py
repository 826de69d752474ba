"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.outreach.triggering import FRESH, send_triggered
from proofline.timeline.events import BEHAVIOUR

if TYPE_CHECKING:
    from proofline.timeline.events import Event


def is_fresh_behaviour(event: Event) -> bool:
    """Recognise what a contact did just now; for what they did long ago the moment to write has passed."""
    return event.kind in BEHAVIOUR and event.contact_id is not None and event.received_at - event.at <= FRESH


def send_triggered_messages(event: Event) -> bool:
    """Let the rules that the event meets send their messages; tell whether any did."""
    return bool(send_triggered(event, now=timezone.now()))

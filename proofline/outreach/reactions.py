"""What this room does when something happens on the timeline; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.outreach.models import TriggerRule
from proofline.outreach.triggering import act

if TYPE_CHECKING:
    from proofline.timeline.events import Event
    from proofline.timeline.watches import Watch
    from proofline.timeline.watching import Found


def message_rules() -> list[Watch]:
    """Return the rules that send messages, as the timeline watches them."""
    return [rule.watch() for rule in TriggerRule.objects.active()]


def send_triggered_message(watch: Watch, event: Event, _found: Found) -> bool:
    """Send a rule's message; tell whether it was sent."""
    rule = TriggerRule.objects.active().filter(pk=watch.rule).first()
    return rule is not None and act(rule, event, now=timezone.now()) is not None

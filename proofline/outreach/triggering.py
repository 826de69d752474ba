"""Triggered messages: what a known contact does sends them the right next step."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from proofline.outreach.models import TriggerRule
from proofline.outreach.sending import send_once
from proofline.records.models import Contact

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.outreach.models import Message
    from proofline.timeline.events import Event

FRESH = timedelta(hours=1)
"""Older events, such as imported history, send nothing: the moment has passed."""


def send_triggered(event: Event, *, now: datetime) -> list[Message]:
    """Let every rule that an event meets act; old events send nothing."""
    if event.contact_id is None or now - event.at > FRESH:
        return []
    rules = TriggerRule.objects.listening(event=event.name)
    met = [rule for rule in rules if rule.matches(event=event.name, properties=event.properties)]
    sent = [act(rule, event, now=now) for rule in met]
    return [message for message in sent if message]


def act(rule: TriggerRule, event: Event, *, now: datetime) -> Message | None:
    """Send a rule's message to the contact behind an event, unless it was sent within the rule's `cap_days`."""
    contact = Contact.objects.select_related("account__owner", "owner").filter(pk=event.contact_id).first()
    if contact is None or rule.sent_lately(contact, now=now):
        return None
    key = f"{rule.key_for(contact)}{event.id}"
    return send_once(key=key, contact=contact, template=rule.template, now=now, reason=rule.name)

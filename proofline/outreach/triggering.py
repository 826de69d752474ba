"""Triggered messages: what a known contact does sends them the right next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.outreach.sending import send_once
from proofline.records.models import Contact
from proofline.timeline.watches import FRESH

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.outreach.models import Message, TriggerRule
    from proofline.timeline.events import Event


def act(rule: TriggerRule, event: Event, *, now: datetime) -> Message | None:
    """Send a rule's message to the contact behind an event, unless it was sent within the rule's `cap_days`.

    What happened more than an hour ago sends nothing: the moment has passed.
    """
    if now - event.at > FRESH:
        return None
    contact = Contact.objects.select_related("account__owner", "owner").filter(pk=event.contact_id).first()
    if contact is None or rule.sent_lately(contact, now=now):
        return None
    key = f"{rule.key_for(contact)}{event.id}"
    return send_once(key=key, contact=contact, template=rule.template, now=now, reason=rule.name)

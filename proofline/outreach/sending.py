"""Sending a message: it is written and handed to the mail job in one transaction, once for a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from proofline.outreach.jobs import send_message
from proofline.outreach.models import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from proofline.records.models import Contact


def send_once(
    *,
    key: str,
    contact: Contact,
    template: str,
    now: datetime,
    values: Mapping[str, str] | None = None,
    reason: str = "",
) -> Message | None:
    """Write a message and hand it to the mail job, both or neither; the same key never sends a second.

    Returns None when it may not or can't be sent: no e-mail, no consent, no such template, or sent before.
    """
    with transaction.atomic():
        message: Message | None = Message.objects.write_once(
            key=key, contact=contact, template=template, now=now, values=values, reason=reason
        )
        if message:
            send_message.enqueue(message_id=message.pk)
    return message

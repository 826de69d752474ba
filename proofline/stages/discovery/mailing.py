"""Writing to a customer that their proposal is ready. The text is a message template that people may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models import Sending

NAME = "Proposal"
FIRST_TEXTS = {
    "en": (
        "Our proposal: {{ proposal }}",
        "Dear {{ contact }},\n\nour proposal “{{ proposal }}” is ready. Read it here:\n{{ link }}\n\n{{ owner }}\n{{ company }}",
    ),
    "zh-hans": (
        "我们的方案:{{ proposal }}",
        "{{ contact }},您好:\n\n方案“{{ proposal }}”已经准备好,请在这里查看:\n{{ link }}\n\n{{ owner }}\n{{ company }}",
    ),
}


def mail_link(sending: Sending, *, link: str, now: datetime) -> bool:
    """Write the link to the person it was sent to; tell whether that was possible (address and consent)."""
    if sending.to is None:
        return False
    Template.objects.offer(name=NAME, texts=FIRST_TEXTS)
    message = send_once(
        key=f"proposal:{sending.pk}",
        contact=sending.to,
        template=NAME,
        now=now,
        values={"proposal": sending.proposal.title, "link": link},
        reason=str(sending.proposal),
    )
    return message is not None

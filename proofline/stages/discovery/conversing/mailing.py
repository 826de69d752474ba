"""Writing to a customer that their question in a proposal was answered. The text is a message template that people may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models import ProposalComment

NAME = "Proposal answer"
FIRST_TEXTS = {
    "en": (
        "Your question on “{{ proposal }}”",
        "Dear {{ contact }},\n\n{{ answerer }} answered what you wrote about “{{ place }}”:\n\n{{ answer }}\n\nRead and reply here:\n{{ link }}\n\n{{ owner }}\n{{ company }}",
    ),
    "zh-hans": (
        "关于方案“{{ proposal }}”的回复",
        "{{ contact }}，您好：\n\n您在方案中就“{{ place }}”提出的问题，{{ answerer }}已回复：\n\n{{ answer }}\n\n请在这里查看并继续交流：\n{{ link }}\n\n{{ owner }}\n{{ company }}",
    ),
}


def mail_answer(said: ProposalComment, *, now: datetime) -> bool:
    """Write our answer to the person who asked last; tell whether that was possible (a contact with address and consent)."""
    thread = said.thread
    asked = thread.comments.filter(by=None, contact__isnull=False).select_related("contact").order_by("-pk").first()
    if asked is None or asked.contact is None:
        return False
    Template.objects.offer(name=NAME, texts=FIRST_TEXTS)
    proposal = thread.proposal
    message = send_once(
        key=f"proposal.answered:{said.pk}",
        contact=asked.contact,
        template=NAME,
        now=now,
        values={
            "proposal": proposal.title,
            "place": said.basis,
            "answer": said.text,
            "answerer": said.name,
            "link": f"{settings.PUBLIC_URL}{proposal.public_path}#talk-{thread.anchor}",
        },
        reason=str(proposal),
    )
    return message is not None

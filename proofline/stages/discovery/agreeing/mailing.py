"""Writing to a customer that we ask whether our figures are right. The text is a message template that people may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models import ValueCaseLink

NAME = "Value case"
FIRST_TEXTS = {
    "en": (
        "Are these figures right? {{ value_case }}",
        "Dear {{ contact }},\n\nthese are the figures that we reckon with in “{{ value_case }}”. Please tell us for each whether it is right, or how you see it:\n{{ link }}\n\nIt takes a few minutes and needs no password.\n\n{{ owner }}\n{{ company }}",
    ),
    "zh-hans": (
        "请您确认这些数字：{{ value_case }}",
        "{{ contact }}，您好：\n\n这是我们在“{{ value_case }}”中使用的数字。请逐项告诉我们是否准确，或者您的看法：\n{{ link }}\n\n只需几分钟，无需密码。\n\n{{ owner }}\n{{ company }}",
    ),
}


def mail_link(link: ValueCaseLink, *, url: str, now: datetime) -> bool:
    """Write the link to the person whom it is for; tell whether that was possible (address and consent)."""
    if link.contact is None:
        return False
    Template.objects.offer(name=NAME, texts=FIRST_TEXTS)
    message = send_once(
        key=f"value_case:{link.pk}",
        contact=link.contact,
        template=NAME,
        now=now,
        values={"value_case": link.value_case.name, "link": url},
        reason=str(link.value_case),
    )
    return message is not None

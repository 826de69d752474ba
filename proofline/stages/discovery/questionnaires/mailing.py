"""Writing to a customer that we have questions. The text is a message template that people may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models import QuestionnaireLink

NAME = "Questionnaire"
FIRST_TEXTS = {
    "en": (
        "Some questions: {{ questionnaire }}",
        "Dear {{ contact }},\n\nso that we propose what you need and nothing else, please answer “{{ questionnaire }}”:\n{{ link }}\n\nYou can stop at any time and go on later, on another device too.\n\n{{ owner }}\n{{ company }}",
    ),
    "zh-hans": (
        "请您填写:{{ questionnaire }}",
        "{{ contact }},您好:\n\n为了让方案只包含您真正需要的内容,请填写“{{ questionnaire }}”:\n{{ link }}\n\n可以随时停下,之后在任何设备上继续。\n\n{{ owner }}\n{{ company }}",
    ),
}


def mail_link(link: QuestionnaireLink, *, url: str, now: datetime) -> bool:
    """Write the link to the person whom it is for; tell whether that was possible (address and consent)."""
    if link.contact is None:
        return False
    Template.objects.offer(name=NAME, texts=FIRST_TEXTS)
    title = link.questionnaire.newest.content if link.questionnaire.newest else link.questionnaire.content
    message = send_once(
        key=f"questionnaire:{link.pk}:{now:%Y%m%d%H%M}",
        contact=link.contact,
        template=NAME,
        now=now,
        values={"questionnaire": title.say(title.title, link.language), "link": url},
        reason=str(link.questionnaire),
    )
    return message is not None

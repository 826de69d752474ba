"""What customers were asked before the first talk, and what they answered: a questionnaire for each industry that has one."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from proofline.records.models import User
from proofline.stages.discovery.models import Questionnaire, QuestionnaireLink, Reply
from proofline.stages.discovery.questionnaires import industries
from proofline.stages.discovery.questionnaires.answers import checked
from proofline.stages.discovery.questionnaires.branching import shown
from proofline.stages.discovery.questionnaires.content import STEPPED, QuestionKind
from proofline.stages.discovery.questionnaires.submitting import submit

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.config.demo.stories import Story
    from proofline.stages.discovery.models import Study
    from proofline.stages.discovery.questionnaires.content import Content, Question

SECTORS = {"制造": "manufacturing", "Manufacturing": "manufacturing", "零售": "retail", "Retail": "retail", "软件": "software", "Software": "software"}  # fmt: skip
WISHES = {
    True: ("周一早上就能看到上周的数据", "不用再等别人取数", "两份报表能对得上"),
    False: (
        "Last week's figures on Monday morning",
        "Nobody waits for somebody to pull data",
        "Two reports that agree",
    ),
}


def publish(*, now: datetime) -> None:
    """Take the questionnaires that come with the product into use."""
    by = User.objects.get(email="manager@demo.example")
    at = now - timedelta(days=700)
    for one in industries.every():
        made = Questionnaire.objects.begin(by=by, now=at, content=one.content, sector=one.sector["zh-hans"])
        made.publish(by=by, now=at)


def ask(story: Story, study: Study) -> None:
    """Send a customer the questionnaire of their industry; most answer it all, some stop on the way."""
    slug = SECTORS.get(story.company.sector)
    if slug is None or len(story.contacts) < 2:  # noqa: PLR2004 - somebody besides who buys
        return
    template = industries.named(slug)
    assert template is not None
    questionnaire = Questionnaire.objects.filter(title=template.content.title["en"]).first()
    if questionnaire is None:
        return
    to, language = story.contacts[1], "zh-hans" if story.company.chinese else "en"
    link = QuestionnaireLink.objects.send(
        questionnaire, by=story.seller, now=story.after(3), study=study, to=to, language=language
    )
    draw = random.Random(story.company.number)  # noqa: S311 - it has to be the same each time
    reply = Reply.objects.begin(link, version=questionnaire.newest, now=story.after(4), language=language)
    values = _answers(reply.content, draw, chinese=story.company.chinese)
    if draw.random() < 0.2:  # noqa: PLR2004 - some stop on the way
        values = dict(list(values.items())[:3])
    reply.save_answers(values, now=story.after(4))
    if not reply.open_questions:
        submit(reply, now=story.after(4))


def _answers(content: Content, draw: random.Random, *, chinese: bool) -> dict[str, Any]:
    """Return an answer to each question that is asked, as one after another is answered."""
    values: dict[str, Any] = {}
    for question in content.questions:
        if question.key in shown(content, values) and question.kind != QuestionKind.FILE:
            values[question.key] = checked(question, _answer(question, draw, chinese=chinese))
    return values


def _answer(question: Question, draw: random.Random, *, chinese: bool) -> Any:
    kind, keys = QuestionKind(question.kind), [option.key for option in question.options]
    if kind in STEPPED:
        return max(draw.choice(question.steps), draw.choice(question.steps))
    if kind == QuestionKind.MATRIX:
        return {row.key: draw.choice(keys[1:]) for row in question.rows}
    if kind in {QuestionKind.SEVERAL, QuestionKind.RANKING}:
        return draw.sample(keys, len(keys) if kind == QuestionKind.RANKING else 2)
    return {
        QuestionKind.ONE: draw.choice(keys[:2] or [""]),
        QuestionKind.NUMBER: str(draw.randint(max(question.least or 0, 3), min(question.most or 60, 60))),
        QuestionKind.DATE: f"2027-0{draw.randint(1, 9)}-01",
    }.get(kind, draw.choice(WISHES[chinese]))

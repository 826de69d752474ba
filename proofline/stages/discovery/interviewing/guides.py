"""Where the questions of a guide come from: guides of the product (situation, pain, goal), and questionnaires that were left unanswered.

`guides.json` holds for each industry `[aspect, English, Chinese]`. Questionnaires' own templates ask for choices and numbers; a talk asks openly.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from proofline.stages.discovery.interviewing.models import GuideQuestion
from proofline.stages.discovery.models import Reply
from proofline.stages.discovery.questionnaires.answers import complete
from proofline.stages.discovery.questionnaires.content import QuestionKind

if TYPE_CHECKING:
    from proofline.stages.discovery.models import Study

MOST_REPLIES = 10
FREE_LINES = 100


@dataclass(frozen=True)
class Guide:
    """A guide of one industry, in both languages."""

    slug: str
    sector: dict[str, str]
    questions: tuple[tuple[str, dict[str, str]], ...]
    """(aspect, {language: words})."""

    def title(self, language: str) -> str:
        """Return the industry's name."""
        return self.sector.get(language, self.sector["en"])

    def asked(self, language: str) -> list[GuideQuestion]:
        """Return its questions for a talk, in the language in which it is held."""
        source = self.title(language)
        return [
            GuideQuestion(text=words.get(language, words["en"]), aspect=aspect, source=source)
            for aspect, words in self.questions
        ]


@cache
def every() -> tuple[Guide, ...]:
    """Return all guides, the general one first."""
    given = json.loads(Path(__file__).with_name("guides.json").read_text(encoding="utf-8"))
    return tuple(
        Guide(
            one["slug"],
            one["sector"],
            tuple((aspect, {"en": english, "zh-hans": chinese}) for aspect, english, chinese in one["questions"]),
        )
        for one in given
    )


def named(slug: str) -> Guide | None:
    """Return the guide of that name."""
    return next((one for one in every() if one.slug == slug), None)


def fitting(sector: str) -> Guide:
    """Return the guide of an industry, as an account writes it in either language; else the general one."""
    asked = sector.strip().casefold()
    found = (
        one for one in every() if asked and asked in {name.casefold() for name in (one.slug, *one.sector.values())}
    )
    return next(found, every()[0])


def replies_left_open(study: Study) -> list[tuple[Reply, list[GuideQuestion]]]:
    """Return the study's replies to questionnaires that left something unanswered, with the questions that they left, the newest first."""
    rows = Reply.objects.filter(study=study).select_related("version__questionnaire", "contact", "link")
    found = [(reply, left_open(reply)) for reply in rows.prefetch_related("answers").order_by("-pk")[:MOST_REPLIES]]
    return [(reply, questions) for reply, questions in found if questions]


def left_open(reply: Reply) -> list[GuideQuestion]:
    """Return the questions that a reply was asked and left unanswered, in the words in which they were asked; files are not asked for in a talk."""
    values, content = reply.values, reply.content
    aspects = {question.key: section.aspect for section in content.sections for question in section.questions}
    source = content.say(content.title, reply.language)[:200]
    return [
        GuideQuestion(
            text=content.say(question.text, reply.language)[:1000], aspect=aspects[key], source=source, reply=reply
        )
        for key, question in reply.asked.items()
        if question.kind != QuestionKind.FILE and not complete(question, values.get(key))
    ]


def free(text: str, *, aspect: str = "") -> list[GuideQuestion]:
    """Return the questions that somebody wrote, one a line."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [GuideQuestion(text=line, aspect=aspect) for line in lines if line][:FREE_LINES]

"""A questionnaire as its builder shows it: numbered questions, what each depends on, what it means, what is not translated."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proofline.stages.discovery.questionnaires.content import LANGUAGES, Aspect, QuestionKind
from proofline.stages.discovery.questionnaires.editing import missing
from proofline.stages.discovery.questionnaires.showing import ICONS, conditions_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.stages.discovery.questionnaires.content import Content, Question, Section


@dataclass
class Item:
    """A question in the builder."""

    question: Question
    number: int
    text: str
    other: str
    """The same in the other language; "" where it is missing or there is none."""
    condition: str
    options: list[tuple[str, int | None, str]]
    """(words, points, need) of each option."""
    missing: list[str] = field(default_factory=list)

    @property
    def icon(self) -> str:
        """The icon of its kind."""
        return ICONS[QuestionKind(self.question.kind)]

    @property
    def kind(self) -> Any:
        """Its kind in words."""
        return QuestionKind(self.question.kind).label


@dataclass
class Block:
    """A section in the builder."""

    section: Section
    title: str
    aspect: Any
    condition: str
    items: list[Item]
    missing: list[str]


class Outline:
    """A questionnaire in the builder, in the language of who builds it where there are words in it."""

    def __init__(self, content: Content, *, language: str) -> None:
        self.content, self.language = content, content.spoken(language)
        self.lacks: dict[str, list[str]] = defaultdict(list)
        for one in missing(content):
            if one.language not in self.lacks[one.part]:
                self.lacks[one.part].append(one.language)
        self.title = content.say(content.title, self.language)
        self.intro = content.say(content.intro, self.language)
        self.languages = [LANGUAGES[code] for code in content.languages]
        self.bands = [(band.least, content.say(band.text, self.language)) for band in content.bands]
        self.blocks = list(self._blocks())

    @staticmethod
    def kinds() -> list[tuple[str, Any, str]]:
        """Return the kinds of questions: (name, words, icon)."""
        return [(kind.value, kind.label, ICONS[kind]) for kind in QuestionKind]

    @property
    def missing(self) -> int:
        """How many parts lack a language."""
        return sum(map(bool, self.lacks.values()))

    def _blocks(self) -> Iterator[Block]:
        number = 0
        for section in self.content.sections:
            items = [self._item(question, number + place) for place, question in enumerate(section.questions, 1)]
            number += len(items)
            yield Block(
                section=section,
                title=self.content.say(section.title, self.language),
                aspect=Aspect(section.aspect).label if section.aspect else "",
                condition=conditions_in_words(self.content, section, self.language),
                items=items,
                missing=self.lacks[section.key],
            )

    def _item(self, question: Question, number: int) -> Item:
        say, language = self.content.say, self.language
        text = say(question.text, language)
        others = (question.text.get(code, "") for code in self.content.languages if code != language)
        return Item(
            question=question,
            number=number,
            text=text,
            other=next((words for words in others if words and words != text), ""),
            condition=conditions_in_words(self.content, question, language),
            options=[
                (say(o.text, language), o.points, say(o.need.text, language) if o.need else "")
                for o in question.options
            ],
            missing=self.lacks[question.key],
        )

"""A questionnaire as a page shows it: each question in one language, with its answer and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.stages.discovery.questionnaires.answers import in_words
from proofline.stages.discovery.questionnaires.branching import shown
from proofline.stages.discovery.questionnaires.content import LANGUAGES, STEPPED, Operator, QuestionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.stages.discovery.questionnaires.content import Condition, Content, Question, Section, Shown

ICONS = {
    QuestionKind.SHORT: "cursor-text",
    QuestionKind.LONG: "align-left",
    QuestionKind.NUMBER: "number-123",
    QuestionKind.DATE: "calendar",
    QuestionKind.ONE: "circle-dot",
    QuestionKind.SEVERAL: "checkbox",
    QuestionKind.SCALE: "adjustments-horizontal",
    QuestionKind.MATRIX: "table",
    QuestionKind.RANKING: "list-numbers",
    QuestionKind.NPS: "thumb-up",
    QuestionKind.FILE: "paperclip",
}


@dataclass(frozen=True)
class Choice:
    """An option, a step of a scale or a place, as it is offered."""

    key: str
    text: str
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """A row of a matrix or a thing to rank, with what may be chosen for it."""

    key: str
    text: str
    choices: list[Choice]


class Asked:
    """A question in a language, with its answer; `given` are the fields of an answer that could not be kept."""

    def __init__(
        self,
        content: Content,
        question: Question,
        *,
        language: str,
        value: Any,
        error: str,
        shown: bool,
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.content, self.question, self.language = content, question, language
        self.given = given or {}
        self.value, self.error, self.shown = value, error, shown
        self.key, self.kind, self.required = question.key, question.kind, question.required
        self.name = f"q-{question.key}"
        self.text, self.help = self._say(question.text), self._say(question.help)
        self.low, self.high = self._say(question.low), self._say(question.high)

    def _say(self, words: Any) -> str:
        return self.content.say(words, self.language)

    @property
    def condition(self) -> str:
        """When it is asked, in words."""
        return conditions_in_words(self.content, self.question, self.language)

    @property
    def is_group(self) -> bool:
        """Whether it has several controls, which its words name together."""
        return self.kind in {"one", "several", "scale", "nps", "matrix", "ranking"}

    @property
    def typed(self) -> str:
        """The value of a single input."""
        return self.given.get(self.name, "" if self.value is None else str(self.value))

    @property
    def choices(self) -> list[Choice]:
        """What may be chosen."""
        if self.question.kind in STEPPED:
            return [Choice(str(step), str(step), step == self.value) for step in self.question.steps]
        chosen = set(self.value) if isinstance(self.value, list) else {self.value}
        return [Choice(option.key, self._say(option.text), option.key in chosen) for option in self.question.options]

    @property
    def lines(self) -> list[Line]:
        """The rows of a matrix; the things to rank, each with its place."""
        if self.kind == QuestionKind.MATRIX:
            value = self.value or {}
            return [
                Line(
                    row.key,
                    self._say(row.text),
                    [Choice(o.key, self._say(o.text), value.get(row.key) == o.key) for o in self.question.options],
                )
                for row in self.question.rows
            ]
        order = {key: str(place) for place, key in enumerate(self.value or (), 1)}
        places = [str(place) for place in range(1, len(self.question.options) + 1)]
        chosen = {
            option.key: self.given.get(f"{self.name}-{option.key}", order.get(option.key))
            for option in self.question.options
        }
        return [
            Line(
                option.key,
                self._say(option.text),
                [Choice(place, place, place == chosen[option.key]) for place in places],
            )
            for option in self.question.options
        ]

    @property
    def words(self) -> str:
        """The answer in words."""
        return in_words(self.content, self.question, self.value, self.language)


class Part:
    """A section in a language."""

    def __init__(self, sheet: Sheet, section: Section) -> None:
        self.title = sheet.content.say(section.title, sheet.language)
        self.condition = conditions_in_words(sheet.content, section, sheet.language)
        self.questions = [sheet.asked(question) for question in section.questions]
        self.shown = any(question.shown for question in self.questions)


class Sheet:
    """A questionnaire in a language, with answers and what is wrong with them; `given` are the fields as they were typed."""

    def __init__(
        self,
        content: Content,
        *,
        language: str,
        values: Mapping[str, Any],
        errors: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
    ) -> None:
        self.content, self.language = content, content.spoken(language)
        self.values, self.errors, self.given = values, errors or {}, given
        self.title = content.say(content.title, self.language)
        self.intro = content.say(content.intro, self.language)
        self.thanks = content.say(content.thanks, self.language)
        self.languages = [(code, LANGUAGES[code]) for code in content.languages if len(content.languages) > 1]

    @cached_property
    def shown(self) -> dict[str, Question]:
        """The questions that are asked."""
        return shown(self.content, self.values)

    @cached_property
    def parts(self) -> list[Part]:
        """The sections."""
        return [Part(self, section) for section in self.content.sections if section.questions]

    def asked(self, question: Question) -> Asked:
        """Return a question as it is shown."""
        return Asked(
            self.content,
            question,
            language=self.language,
            value=self.values.get(question.key),
            error=self.errors.get(question.key, ""),
            shown=question.key in self.shown,
            given=self.given if question.key in self.errors else None,
        )

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the questions that are asked are answered, and how many there are."""
        answered = sum(self.values.get(key) is not None for key in self.shown)
        return answered, len(self.shown)


def conditions_in_words(content: Content, part: Shown, language: str) -> str:
    """Return when something is shown, such as "“How?” is By hand, and “Hours” is above 5"; "" for always."""
    said, *others = [_in_words(content, one, language) for one in part.conditions] or [""]
    joined = _("%(before)s, or %(last)s") if part.show_if == "any" else _("%(before)s, and %(last)s")
    for other in others:
        said = joined % {"before": said, "last": other}
    return said


def _in_words(content: Content, condition: Condition, language: str) -> str:
    question = content.question(condition.question)
    if question is None:
        return "?"
    option = question.option(condition.value)
    value = content.say(option.text, language) if option else condition.value
    return f"“{content.say(question.text, language)}” {Operator(condition.operator).label} {value}".strip()

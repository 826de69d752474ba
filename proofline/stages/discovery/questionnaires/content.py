"""What a questionnaire asks: sections of questions, in one or both languages. A draft and each version keep it as JSON."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from msgspec import Meta, Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = {"en": "English", "zh-hans": "简体中文"}
MOST_QUESTIONS = 200
MOST_OPTIONS = 60
MOST_CONDITIONS = 10
Key = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")]
Language = Literal["en", "zh-hans"]
Words = dict[Language, Annotated[str, Meta(max_length=2000)]]
"""The same words in each language."""
Points = Annotated[int, Meta(ge=-1000, le=1000)]
Bound = Annotated[int, Meta(ge=-(10**9), le=10**9)]


class QuestionKind(models.TextChoices):
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    NUMBER = "number", _("A number")
    DATE = "date", _("Date")
    ONE = "one", _("One choice")
    SEVERAL = "several", _("Several choices")
    SCALE = "scale", _("Scale")
    MATRIX = "matrix", _("Matrix")
    RANKING = "ranking", _("Ranking")
    NPS = "nps", _("Would recommend (NPS)")
    FILE = "file", _("File")


class Aspect(models.TextChoices):
    NONE = "", _("general")
    SITUATION = "situation", _("situation")
    PAIN = "pain", _("pain")
    GOAL = "goal", _("goal")


class Operator(models.TextChoices):
    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")
    CONTAINS = "contains", _("contains")
    ABOVE = "above", _("is above")
    BELOW = "below", _("is below")
    ANSWERED = "answered", _("is answered")


def _one_of(choices: type[models.TextChoices]) -> str:
    return f"^({'|'.join(choices.values)})$"


Kind = Annotated[str, Meta(pattern=_one_of(QuestionKind))]
CHOOSING = {QuestionKind.ONE, QuestionKind.SEVERAL, QuestionKind.MATRIX, QuestionKind.RANKING}
"""Kinds that have options."""
STEPPED = {QuestionKind.SCALE, QuestionKind.NPS}
OPERATORS: dict[str, set[str]] = {
    QuestionKind.SHORT: {"is", "contains", "answered"},
    QuestionKind.LONG: {"is", "contains", "answered"},
    QuestionKind.NUMBER: {"is", "is_not", "above", "below", "answered"},
    QuestionKind.SCALE: {"is", "is_not", "above", "below", "answered"},
    QuestionKind.NPS: {"is", "is_not", "above", "below", "answered"},
    QuestionKind.DATE: {"is", "above", "below", "answered"},
    QuestionKind.ONE: {"is", "is_not", "answered"},
    QuestionKind.SEVERAL: {"contains", "is_not", "answered"},
    QuestionKind.MATRIX: {"answered"},
    QuestionKind.RANKING: {"is", "answered"},
    QuestionKind.FILE: {"answered"},
}
"""What may be asked of an answer of each kind; of a ranking `is` means its first place."""


class Condition(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Show something only if an earlier answer is so."""

    question: Key
    operator: Annotated[str, Meta(pattern=_one_of(Operator))] = field(name="is")
    value: Annotated[str, Meta(max_length=300)] = ""


class Shown(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is shown always, or only if a condition holds, or several do: all of them, or any one."""

    show: Condition | Annotated[tuple[Condition, ...], Meta(min_length=1, max_length=MOST_CONDITIONS)] | None = None
    """A lone condition stands alone, as every condition did before there could be several."""
    show_if: Literal["all", "any"] = "all"

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions; none for what is always shown."""
        if self.show is None:
            return ()
        return self.show if isinstance(self.show, tuple) else (self.show,)


class NeedRule(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The need that choosing an option means."""

    text: Words
    pain: int | None = None


class Option(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A choice, the column of a matrix, or a thing to rank."""

    key: Key
    text: Words
    points: Points | None = None
    need: NeedRule | None = None


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of a matrix."""

    key: Key
    text: Words


class Question(Shown, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question. `least` and `most` bound a number, and are the ends of a scale; `low` and `high` name them."""

    key: Key
    kind: Kind
    text: Words
    help: Words = {}
    required: bool = False
    options: Annotated[tuple[Option, ...], Meta(max_length=MOST_OPTIONS)] = ()
    rows: Annotated[tuple[Row, ...], Meta(max_length=MOST_OPTIONS)] = ()
    least: Bound | None = None
    most: Bound | None = None
    low: Words = {}
    high: Words = {}
    scored: bool = False
    """Whether the number answered counts as points."""

    @property
    def steps(self) -> range:
        """The values of a scale."""
        if self.kind == QuestionKind.NPS:
            return range(11)
        return range(1 if self.least is None else self.least, (5 if self.most is None else self.most) + 1)

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The smallest and the largest number that an answer can be; None where it has no bound."""
        stepped = self.kind in STEPPED and bool(self.steps)
        return (self.steps[0], self.steps[-1]) if stepped else (self.least, self.most)

    def option(self, key: object) -> Option | None:
        """Return the option of that key."""
        return next((option for option in self.options if option.key == key), None)


class Section(Shown, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Questions that stand together, about the situation, the pain or the goal."""

    key: Key
    title: Words = {}
    aspect: Annotated[str, Meta(pattern=_one_of(Aspect))] = ""
    questions: tuple[Question, ...] = ()


class Band(Struct, frozen=True, forbid_unknown_fields=True):
    """What a total of at least so many points means."""

    least: Points
    text: Words


class Content(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A questionnaire's content. The first language is the one that everything else falls back to."""

    title: Words
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=2)]
    intro: Words = {}
    thanks: Words = {}
    sections: tuple[Section, ...] = ()
    bands: tuple[Band, ...] = ()
    tells_score: bool = False
    """Whether who answers sees the total and what it means."""

    @property
    def questions(self) -> Iterator[Question]:
        """All questions in order."""
        return (question for section in self.sections for question in section.questions)

    def question(self, key: str) -> Question | None:
        """Return the question of that key."""
        return next((question for question in self.questions if question.key == key), None)

    def say(self, words: Words, language: str) -> str:
        """Return words in a language, else in the first language that has them."""
        order = (language, *self.languages, *LANGUAGES)
        return next((text for code in order if (text := words.get(code, "")).strip()), "")  # type: ignore[call-overload]

    def spoken(self, language: str) -> str:
        """Return the language in which the questionnaire is shown to who prefers this one."""
        return language if language in self.languages else self.languages[0]


def new_key(letter: str) -> str:
    """Return a key that no part of any version has had."""
    return f"{letter}_{secrets.token_hex(4)}"


def read(given: Any) -> Content:
    """Read content from its JSON.

    Raises:
        ValidationError: it is none; `content` says what is wrong where.
    """
    try:
        content = msgspec.convert(given, Content)
    except msgspec.ValidationError as error:
        raise ValidationError({"content": str(error)}) from error
    keys = [section.key for section in content.sections] + [question.key for question in content.questions]
    keys += [f"{one.key} {part.key}" for one in content.questions for part in _parts(one)]
    if len(keys) != len(set(keys)):
        raise ValidationError({"content": _("Two parts of the questionnaire have the same key.")})
    if sum(1 for _one in content.questions) > MOST_QUESTIONS:
        raise ValidationError(
            {"content": _("A questionnaire has at most %(most)s questions.") % {"most": MOST_QUESTIONS}}
        )
    return content


def _parts(question: Question) -> list[Option | Row]:
    return [*question.options, *question.rows]


def plain(content: Content) -> dict[str, Any]:
    """Return content as JSON keeps it."""
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(content))
    return kept

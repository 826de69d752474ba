"""Reading parts of a questionnaire from a form: words in each language, options and conditions row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.records.access import LONGEST_KEY
from proofline.stages.discovery.questionnaires.branching import can_be
from proofline.stages.discovery.questionnaires.content import (
    CHOOSING,
    LANGUAGES,
    MOST_OPTIONS,
    OPERATORS,
    Condition,
    NeedRule,
    Option,
    QuestionKind,
    Row,
    new_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import QueryDict

    from proofline.stages.discovery.questionnaires.content import Content, Question, Words

LONGEST = 2000
SUFFIXES = {"en": "en", "zh-hans": "zh"}
"""How fields of a language end; of the languages in `content.LANGUAGES`."""


def names(*fields: str) -> tuple[str, ...]:
    """Return the names of fields of words, in each language."""
    return tuple(f"{name}_{suffix}" for name in fields for suffix in SUFFIXES.values())


def words(values: dict[str, Any], name: str) -> Words:
    """Return the words of a field in each language; a language without any is left out."""
    return {code: text for code in LANGUAGES if (text := (values.get(f"{name}_{SUFFIXES[code]}") or "").strip())}  # type: ignore[misc]


def first_words(given: Words, name: str) -> dict[str, str]:
    """Return what the fields of words begin with."""
    return {f"{name}_{suffix}": given.get(code, "") for code, suffix in SUFFIXES.items()}  # type: ignore[call-overload]


@dataclass(frozen=True)
class Line:
    """An option or the row of a matrix, as a form shows it."""

    key: str
    en: str
    zh: str
    points: int | str | None = None
    """A text where it is none yet."""
    need_en: str = ""
    need_zh: str = ""
    pain: int | None = None

    @classmethod
    def of(cls, part: Option | Row) -> Line:
        """Return the line of an option or a row."""
        text = part.text
        line = cls(part.key, text.get("en", ""), text.get("zh-hans", ""))
        if isinstance(part, Row):
            return line
        need = part.need.text if part.need else {}
        said = {"need_en": need.get("en", ""), "need_zh": need.get("zh-hans", "")}
        return replace(line, points=part.points, pain=part.need.pain if part.need else None, **said)


def lines(data: QueryDict, name: str) -> list[Line]:
    """Return options or rows as they were typed, though they can't be kept so; those with nothing in them are left out."""
    fields = ("key", "en", "zh", "points", "need_en", "need_zh", "pain")
    columns = {field: data.getlist(f"{name}-{field}")[:MOST_OPTIONS] for field in fields}
    many = max(map(len, columns.values()), default=0)
    rows = [{field: column[at] if at < len(column) else "" for field, column in columns.items()} for at in range(many)]
    return [_line(row) for row in rows if any(row[field].strip() for field in fields if field not in {"key", "pain"})]


def _line(row: dict[str, str]) -> Line:
    pain = row.pop("pain")
    return Line(**row, pain=int(pain) if pain.isdecimal() and len(pain) < LONGEST_KEY else None)


def options(data: QueryDict) -> tuple[Option, ...]:
    """Read the options of a question, in the order of the form; rows without words are left out.

    Raises:
        ValidationError: points are no number, or there are too many options.
    """
    read = []
    for row in table(data, "option", ("key", "en", "zh", "points", "pain", "need_en", "need_zh")):
        text = words(row, "")
        need = words(row, "need")
        if not text:
            if need or row["points"]:
                raise ValidationError({"options": _("An option has points or a need, but no words.")})
            continue
        rule = NeedRule(need, int(row["pain"]) if row["pain"].isdecimal() else None) if need else None
        read.append(Option(row["key"] or new_key("o"), text, _points(row["points"]), rule))
    return tuple(read)


def rows(data: QueryDict) -> tuple[Row, ...]:
    """Read the rows of a matrix."""
    read = ((row["key"], words(row, "")) for row in table(data, "row", ("key", "en", "zh")))
    return tuple(Row(key or new_key("r"), text) for key, text in read if text)


def table(data: QueryDict, name: str, fields: tuple[str, ...], *, most: int = MOST_OPTIONS) -> Iterator[dict[str, str]]:
    """Yield the rows of a table in a form; its fields are `<name>-<field>`, each as often as there are rows.

    Raises:
        ValidationError: there are too many.
    """
    columns = {field: data.getlist(f"{name}-{field}") for field in fields}
    many = max(map(len, columns.values()), default=0)
    if many > most:
        raise ValidationError({name: _("At most %(most)s rows.") % {"most": most}})
    for place in range(many):
        row = {field: column[place][:LONGEST] if place < len(column) else "" for field, column in columns.items()}
        yield {("_" + field if field in {"en", "zh"} else field): value.strip() for field, value in row.items()}


def _points(text: str) -> int | None:
    if not text:
        return None
    if not text.removeprefix("-").isdecimal() or len(text) > 5:  # noqa: PLR2004 - content bounds them to 1,000
        raise ValidationError({"options": _("Points are whole numbers.")})
    return int(text)


def condition(values: dict[str, Any], earlier: list[Question]) -> Condition | None:
    """Read a condition: the question, what is asked of its answer, and an option of it or a value.

    Raises:
        ValidationError: it can't be asked of that question, or that question does not stand before.
    """
    if not values.get("question"):
        return None
    question = next((one for one in earlier if one.key == values["question"]), None)
    if question is None:
        raise ValidationError(
            {"question": _("This question does not stand before: choose another, or take the condition away.")}
        )
    operator = values.get("operator") or "answered"
    if operator not in OPERATORS[question.kind]:
        raise ValidationError({"operator": _("This can't be asked of an answer of that kind.")})
    if operator == "answered":
        return Condition(question.key, operator)
    if question.kind in CHOOSING:
        key = (values.get("option") or "").rpartition(":")[2]
        if question.option(key) is None:
            raise ValidationError({"option": _("Choose an option of that question.")})
        return Condition(question.key, operator, key)
    value = (values.get("value") or "").strip()
    if not value:
        raise ValidationError({"value": _("Say which value.")})
    if not can_be(question, operator, value):
        raise ValidationError({"value": _wanted(question)})
    return Condition(question.key, operator, value)


def _wanted(question: Question) -> str:
    """Say what an answer to a question can be compared with."""
    if question.kind == QuestionKind.DATE:
        return _("Write a day as 2026-11-30.")
    least, most = question.bounds
    if least is None or most is None:
        return _("Write a number that an answer can be.")
    return _("No answer can be so: answers are numbers from %(least)s to %(most)s.") % {"least": least, "most": most}


def earlier_than(content: Content, key: str) -> list[Question]:
    """Return the questions that stand before a question or section; all for one that is new."""
    found: list[Question] = []
    for section in content.sections:
        if section.key == key:
            break
        for question in section.questions:
            if question.key == key:
                return found
            found.append(question)
    return found

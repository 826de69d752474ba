"""Answers as they are kept, by the kind of question: read from a form, checked, said in words, counted in points.

| kind | kept as |
|---|---|
| short, long, date (`2026-11-02`), number (`"12.5"`) | text |
| one | the option's key |
| several, ranking (first place first) | a list of options' keys |
| scale, nps | a whole number |
| matrix | {row: option} |
| file | the file's name |
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.stages.discovery.questionnaires.content import CHOOSING, STEPPED, QuestionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from proofline.stages.discovery.questionnaires.content import Content, Question

LONGEST = {QuestionKind.SHORT: 300, QuestionKind.LONG: 10_000}
MOST_DIGITS = 20


class AnswerError(ValueError):
    """An answer that its question does not take; the text says why to who answers."""


def posted(question: Question, data: QueryDict) -> Any:
    """Return what a form says to a question, not yet checked. Its fields are `q-<key>`, of a matrix and a ranking one a row."""
    name = f"q-{question.key}"
    if question.kind == QuestionKind.SEVERAL:
        return data.getlist(name)
    if question.kind == QuestionKind.MATRIX:
        return {row.key: chosen for row in question.rows if (chosen := data.get(f"{name}-{row.key}"))}
    if question.kind == QuestionKind.RANKING:
        places = {option.key: data.get(f"{name}-{option.key}", "") for option in question.options}
        given = {key: int(place) for key, place in places.items() if place.isdecimal() and len(place) < 3}  # noqa: PLR2004 - at most 60 options
        if given and len(set(given.values())) < len(given):
            raise AnswerError(_("Give each place once."))
        return sorted(given, key=lambda key: given[key])
    return data.get(name)


def checked(question: Question, value: Any) -> Any:
    """Return an answer as it is kept; None for none.

    Raises:
        AnswerError: the question does not take it.
    """
    if value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip()):
        return None
    return _CHECKS[QuestionKind(question.kind)](question, value)


def complete(question: Question, value: Any) -> bool:
    """Tell whether an answer leaves nothing of its question open."""
    if value is None:
        return False
    if question.kind == QuestionKind.MATRIX:
        return len(value) == len(question.rows)
    return question.kind != QuestionKind.RANKING or len(value) == len(question.options)


def _text(question: Question, value: Any) -> str:
    text = "".join(sign for sign in str(value) if sign in "\n\t" or sign.isprintable()).strip()
    longest = LONGEST[QuestionKind(question.kind)]
    if len(text) > longest:
        raise AnswerError(_("At most %(most)s characters.") % {"most": formats.number(longest)})
    return text


def _number(question: Question, value: Any) -> str:
    try:
        number = Decimal(str(value).strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise AnswerError(_("Write a number.")) from None
    if not number.is_finite() or len(number.as_tuple().digits) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise AnswerError(_("Write a number."))
    if question.least is not None and number < question.least:
        raise AnswerError(_("At least %(least)s.") % {"least": formats.number(question.least)})
    if question.most is not None and number > question.most:
        raise AnswerError(_("At most %(most)s.") % {"most": formats.number(question.most)})
    return f"{number:f}"


def _date(_question: Question, value: Any) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise AnswerError(_("Write a day, such as 2026-11-02.")) from None


def _step(question: Question, value: Any) -> int:
    text = str(value).strip()
    number = int(text) if text.removeprefix("-").isdecimal() and len(text) < MOST_DIGITS else None
    if number is None or number not in question.steps:
        raise AnswerError(_("Choose one of the values."))
    return number


def _one(question: Question, value: Any) -> str:
    if not isinstance(value, str) or question.option(value) is None:
        raise AnswerError(_("Choose one of the options."))
    return value


def _several(question: Question, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise AnswerError(_("Choose among the options."))
    chosen = [_one(question, one) for one in value]
    if question.kind == QuestionKind.RANKING:
        if len(set(chosen)) < len(chosen):
            raise AnswerError(_("Give each place once."))
        return chosen
    return [option.key for option in question.options if option.key in set(chosen)]


def _matrix(question: Question, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) - {row.key for row in question.rows}:
        raise AnswerError(_("Choose one of the options in each row."))
    return {row.key: _one(question, value[row.key]) for row in question.rows if value.get(row.key)}


def _file(_question: Question, value: Any) -> str:
    return str(value)[:200]


_CHECKS = {
    QuestionKind.SHORT: _text,
    QuestionKind.LONG: _text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.ONE: _one,
    QuestionKind.SEVERAL: _several,
    QuestionKind.SCALE: _step,
    QuestionKind.NPS: _step,
    QuestionKind.MATRIX: _matrix,
    QuestionKind.RANKING: _several,
    QuestionKind.FILE: _file,
}


def in_words(content: Content, question: Question, value: Any, language: str) -> str:
    """Return an answer as people read it; "" for none."""
    if value is None:
        return ""
    kind = QuestionKind(question.kind)
    if kind in CHOOSING:
        return _choice_in_words(content, question, value, language)
    if kind in STEPPED:
        return f"{value} / {question.steps[-1]}"
    with translation.override(language):
        if kind == QuestionKind.DATE:
            return str(formats.day(date.fromisoformat(value)))
        return formats.number(value) if kind == QuestionKind.NUMBER else str(value)


def _choice_in_words(content: Content, question: Question, value: Any, language: str) -> str:
    options = {option.key: content.say(option.text, language) for option in question.options}
    if question.kind == QuestionKind.ONE:
        return options.get(value, value)  # type: ignore[no-any-return]
    if question.kind == QuestionKind.SEVERAL:
        return formats.listed(options.get(key, key) for key in value)
    if question.kind == QuestionKind.RANKING:
        return " · ".join(f"{place}. {options.get(key, key)}" for place, key in enumerate(value, 1))
    rows = {row.key: content.say(row.text, language) for row in question.rows}
    return "\n".join(f"{rows[row]}: {options.get(key, key)}" for row, key in value.items() if row in rows)


def points_of(question: Question, value: Any) -> int:
    """Return what an answer counts."""
    if value is None:
        return 0
    if question.kind in STEPPED:
        return int(value) if question.scored else 0
    chosen = _chosen(question, value)
    return sum(option.points or 0 for key in chosen if (option := question.option(key)))


def _chosen(question: Question, value: Any) -> list[str]:
    """Return the keys of the options that an answer chooses; a ranking chooses none."""
    kind = question.kind
    if kind == QuestionKind.ONE:
        return [value]
    if kind == QuestionKind.MATRIX:
        return list(value.values())
    return list(value) if kind == QuestionKind.SEVERAL else []


def needs_of(question: Question, value: Any) -> list[str]:
    """Return the keys of the chosen options that mean a need."""
    return [key for key in _chosen(question, value) if (option := question.option(key)) and option.need]


def is_scored(content: Content) -> bool:
    """Tell whether anything counts points."""
    return any(q.scored or any(option.points is not None for option in q.options) for q in content.questions)


def score(asked: Mapping[str, Question], answers: Mapping[str, Any]) -> int:
    """Return the points of all questions that are asked."""
    return sum(points_of(question, answers.get(key)) for key, question in asked.items())

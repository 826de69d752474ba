"""Which questions are asked, given what was answered so far. An answer to a question that is not asked counts for nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from proofline.stages.discovery.questionnaires.content import STEPPED, QuestionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.stages.discovery.questionnaires.content import Condition, Content, Question, Shown


def shown(content: Content, answers: Mapping[str, Any]) -> dict[str, Question]:
    """Return the questions that are asked, by key and in order."""
    asked: dict[str, Question] = {}
    for section in content.sections:
        if not _holds(section, asked, answers):
            continue
        for question in section.questions:
            if _holds(question, asked, answers):
                asked[question.key] = question
    return asked


def _holds(part: Shown, asked: Mapping[str, Question], answers: Mapping[str, Any]) -> bool:
    met = [_is_met(condition, asked, answers) for condition in part.conditions]
    return any(met) if met and part.show_if == "any" else all(met)


def _is_met(condition: Condition, asked: Mapping[str, Question], answers: Mapping[str, Any]) -> bool:
    question = asked.get(condition.question)
    value = answers.get(condition.question) if question else None
    if question is None or value is None:
        return False
    return condition.operator == "answered" or _compares(question, condition, value)


def _compares(question: Question, condition: Condition, value: Any) -> bool:
    wanted = condition.value
    if condition.operator in {"above", "below"}:
        one, other = _ordered(question, value), _ordered(question, wanted)
        if one is None or other is None:
            return False
        return bool(one > other if condition.operator == "above" else one < other)
    if question.kind == QuestionKind.SEVERAL:
        return (wanted in value) == (condition.operator == "contains")
    if question.kind == QuestionKind.RANKING:
        return bool(value[0] == wanted)
    if condition.operator == "contains":
        return wanted.casefold() in str(value).casefold()
    one, other = _ordered(question, value), _ordered(question, wanted)
    same = one == other if one is not None else str(value).casefold() == wanted.casefold()
    return same == (condition.operator == "is")


def can_be(question: Question, operator: str, wanted: str) -> bool:
    """Tell whether some answer to a question could be above, below or the same as what a condition wants; of texts every one could."""
    if question.kind == QuestionKind.DATE:
        return _is_day(wanted)
    if question.kind not in {QuestionKind.NUMBER, *STEPPED}:
        return True
    number = _ordered(question, wanted)
    if number is None:
        return False
    least, most = question.bounds
    if operator == "above":
        return most is None or number < most
    if operator == "below":
        return least is None or number > least
    return operator == "is_not" or ((least is None or number >= least) and (most is None or number <= most))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _ordered(question: Question, value: Any) -> Any:
    """Return a value that can be compared with others of its question: a number, or a day as it is written; None for neither."""
    if question.kind == QuestionKind.DATE:
        return str(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

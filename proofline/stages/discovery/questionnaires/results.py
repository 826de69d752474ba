"""What the replies to a questionnaire say together: counts, means, NPS, places; of the newest thousand that were handed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.stages.discovery.questionnaires.content import STEPPED, QuestionKind
from proofline.stages.discovery.questionnaires.showing import ICONS, conditions_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.stages.discovery.models import Reply
    from proofline.stages.discovery.questionnaires.content import Content, Question

LOOKED_AT = 1000
TEXTS_SHOWN = 5
PROMOTERS_FROM, DETRACTORS_TO = 9, 6


@dataclass(frozen=True)
class Bar:
    """How often something was chosen, of how many answers."""

    label: str
    count: int
    share: float


@dataclass(frozen=True)
class Result:
    """What was answered to one question."""

    question: Question
    text: str
    icon: str
    condition: str
    """When it was asked, in words; "" for always."""
    answers: int
    headline: str
    bars: list[Bar]
    texts: list[tuple[str, Reply]]
    table: list[tuple[str, list[int]]]
    """Of a matrix: each row with how often each option was chosen."""
    columns: list[str]


def results(content: Content, replies: Iterable[Reply], *, language: str) -> list[Result]:
    """Return the result of every question of this content; an answer to a question that was not asked does not count."""
    given: dict[str, list[tuple[Any, str, Reply]]] = {}
    for reply in replies:
        rows = reply.rows
        for key, asked in reply.asked.items():
            now = content.question(key)
            if key in rows and now is not None and now.kind == asked.kind:
                given.setdefault(key, []).append((rows[key].value, rows[key].text, reply))
    return [_result(content, question, given.get(question.key, []), language) for question in content.questions]


def _result(content: Content, question: Question, given: list[tuple[Any, str, Reply]], language: str) -> Result:
    kind = QuestionKind(question.kind)
    values = [value for value, _text, _reply in given]
    typed = kind in {QuestionKind.SHORT, QuestionKind.LONG, QuestionKind.DATE, QuestionKind.FILE}
    options = {option.key: content.say(option.text, language) for option in question.options}
    return Result(
        question=question,
        text=content.say(question.text, language),
        icon=ICONS[kind],
        condition=conditions_in_words(content, question, language),
        answers=len(values),
        headline=_headline(question, values, options),
        bars=_bars(question, values, options),
        texts=[(text, reply) for _value, text, reply in given[:TEXTS_SHOWN]] if typed else [],
        table=[
            (content.say(row.text, language), [sum(value.get(row.key) == key for value in values) for key in options])
            for row in question.rows
        ]
        if kind == QuestionKind.MATRIX
        else [],
        columns=list(options.values()) if kind == QuestionKind.MATRIX else [],
    )


def _headline(question: Question, values: list[Any], options: dict[str, str]) -> str:
    if not values:
        return ""
    if question.kind == QuestionKind.NPS:
        return _("NPS %(score)s") % {"score": formats.number(nps(values))}
    if question.kind == QuestionKind.SCALE:
        return _("mean %(mean)s of %(most)s") % {
            "mean": formats.number(mean(values), digits=1),
            "most": question.steps[-1],
        }
    if question.kind == QuestionKind.NUMBER:
        numbers = [Decimal(value) for value in values]
        said = {
            "median": formats.number(median(numbers)),
            "least": formats.number(min(numbers)),
            "most": formats.number(max(numbers)),
        }
        return _("median %(median)s, from %(least)s to %(most)s") % said
    if question.kind == QuestionKind.RANKING:
        first = Counter(value[0] for value in values).most_common(1)[0][0]
        return _("most often first: %(option)s") % {"option": options.get(first, first)}
    return ""


def nps(values: list[int]) -> int:
    """Return the net promoter score, −100 to 100: the share of 9 and 10 less the share of 0 to 6, in percent."""
    promoters = sum(value >= PROMOTERS_FROM for value in values)
    detractors = sum(value <= DETRACTORS_TO for value in values)
    return round(100 * (promoters - detractors) / len(values))


def _bars(question: Question, values: list[Any], options: dict[str, str]) -> list[Bar]:
    if not values:
        return []
    if question.kind in STEPPED:
        counted = Counter(values)
        return [Bar(str(step), counted[step], counted[step] / len(values)) for step in question.steps]
    if question.kind == QuestionKind.RANKING:
        places = {key: [value.index(key) + 1 for value in values if key in value] for key in options}
        order = sorted((key for key in options if places[key]), key=lambda key: mean(places[key]))
        return [
            Bar(
                f"{options[key]} · ⌀ {formats.number(mean(places[key]), digits=1)}",
                sum(p == 1 for p in places[key]),
                sum(p == 1 for p in places[key]) / len(values),
            )
            for key in order
        ]
    if question.kind not in {QuestionKind.ONE, QuestionKind.SEVERAL}:
        return []
    counted = Counter(key for value in values for key in (value if isinstance(value, list) else [value]))
    return [Bar(text, counted[key], counted[key] / len(values)) for key, text in options.items()]

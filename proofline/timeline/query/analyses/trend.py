"""How many, or how much, in each hour, day, week or month; every interval has its place, also those in which nothing happened."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.timeline.query import cells
from proofline.timeline.query.answering import Answer, Line
from proofline.timeline.query.conditions import Conditions, numeric
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft
    from proofline.timeline.query.times import Moment

Number = int | float | None
ADDS_UP = ("events", "sum")
"""Measures of which the whole is the sum of its parts."""


@dataclass(frozen=True)
class Series:
    """The values of one event, and of one slice of it when it is broken down; `others`: of all slices beyond the limit."""

    event: int
    name: str
    key: str | None
    values: list[Number]
    total: Number
    others: bool = False


@dataclass(frozen=True)
class Trend(Answer):
    """`total` is of the whole time: of people it is not the sum of the intervals, since one may come in several."""

    intervals: list[Moment]
    series: list[Series]

    def table(self) -> Table:
        """Return a row per series and interval."""
        names = (
            [_("Event"), _("Slice"), _("Time"), _("Figure")]
            if self.question.by
            else [_("Event"), _("Time"), _("Figure")]
        )
        rows = [
            [one.name, *([_("(others)") if one.others else one.key] if self.question.by else []), at, value]
            for one in self.series
            for at, value in zip(self.intervals, one.values, strict=True)
        ]
        return names, rows

    def lines(self) -> list[Line]:
        """Return a line per series."""
        return [
            Line(
                name=one.name if one.key is None else (_("(others)") if one.others else one.key or _("(none)")),
                points=list(zip(self.intervals, one.values, strict=True)),
                at={"event": one.event} if one.key is None or one.others else {"event": one.event, "key": one.key},
            )
            for one in self.series
        ]


def answer(draft: Draft) -> Trend:
    """Count each event over time."""
    intervals = draft.range.intervals(draft.question.interval)
    series = [one for place in range(len(draft.steps)) for one in _series(draft, place, intervals)]
    return Trend(draft.question, unit(draft), intervals, series)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of who is behind an event (0), an interval of it, a slice of it."""
    place = cells.whole(at, "event", most=len(draft.steps) - 1, usual=0)
    where = draft.where(steps=[place])
    if "interval" in at:
        where += f" AND {draft.bucket()} = {cells.interval(draft, at)}"
    if "key" in at and draft.key:
        where += f" AND {draft.key} = {draft.binder.bind(cells.text(at, 'key'), 'String')}"
    return f"SELECT DISTINCT {draft.unit} AS unit FROM {draft.source()} WHERE {where}"


def measure(draft: Draft) -> str:
    """Return the SQL of what is measured."""
    how, _colon, name = draft.question.measure.partition(":")
    if how in ("sum", "mean"):
        found = numeric(Conditions(draft.binder, draft.identity).name(name, at="measure"))
        return f"ifNull(sum({found}), 0)" if how == "sum" else f"avgOrNull({found})"
    if how == "events":
        return "count()"
    if how not in ("people", "accounts"):
        raise QuestionError("measure", "choice", given=draft.question.measure)
    who = draft.identity.person if how == "people" else draft.identity.account
    return f"uniqExactIf({who}, {who} > 0)"


def unit(draft: Draft) -> str:
    """Return what the values count."""
    how, colon, name = draft.question.measure.partition(":")
    return name if colon else how


def _series(draft: Draft, place: int, intervals: list[Moment]) -> list[Series]:
    measured, bucket, where = measure(draft), draft.bucket(), draft.where(steps=[place])
    name = str(draft.question.events[place])
    if not draft.key:
        rows = draft.run(f"SELECT {bucket} AS bucket, {measured} FROM {draft.source()} WHERE {where} GROUP BY bucket")
        values = _filled(draft, dict(rows), intervals)
        if draft.question.measure.partition(":")[0] in ADDS_UP:
            total = sum(value or 0 for value in values)
        else:
            total = draft.run(f"SELECT {measured} FROM {draft.source()} WHERE {where}")[0][0]
        return [Series(place, name, None, values, total)]
    top = _top(draft, measured, where)
    if not top:
        return []
    slot = f"indexOf({draft.binder.bind([key for key, _total in top], 'Array(String)')}, {draft.key})"
    rows = draft.run(
        f"SELECT {slot} AS slot, {bucket} AS bucket, {measured} FROM {draft.source()} WHERE {where} GROUP BY slot, bucket"
    )
    found: dict[int, dict[Moment, Number]] = {}
    for number, at, value in rows:
        found.setdefault(int(number), {})[at] = value
    series = [
        Series(place, name, key, _filled(draft, found.get(number, {}), intervals), total)
        for number, (key, total) in enumerate(top, start=1)
    ]
    if 0 in found:
        total = draft.run(f"SELECT {measured} FROM {draft.source()} WHERE {where} AND {slot} = 0")[0][0]
        series.append(Series(place, name, "", _filled(draft, found[0], intervals), total, others=True))
    return series


def _top(draft: Draft, measured: str, where: str) -> list[tuple[str, Number]]:
    """Return the greatest slices with their values."""
    limit = draft.binder.bind(draft.question.limit, "UInt32")
    rows = draft.run(
        f"SELECT {draft.key} AS slice, {measured} AS value FROM {draft.source()} WHERE {where} "
        f"GROUP BY slice ORDER BY value DESC NULLS LAST, slice LIMIT {limit}"
    )
    return [(str(key), value) for key, value in rows]


def _filled(draft: Draft, found: Mapping[Moment, Number], intervals: list[Moment]) -> list[Number]:
    """Return a value for every interval; in an empty one nothing is 0, a mean is not known."""
    empty = None if draft.question.measure.startswith("mean:") else 0
    return [found.get(at, empty) for at in intervals]

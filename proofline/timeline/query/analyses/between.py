"""How long it takes from a first event to a second: from each unit's first one to the next second one after it, within the window."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.timeline.query import cells
from proofline.timeline.query.answering import Answer, Line, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft

MINUTE, HOUR, DAY = 60, 3600, 86_400
BINS = (
    0,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    3 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    180 * DAY,
    365 * DAY,
)
"""Where the bars of the histogram begin, in seconds; the last one is open."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
MILLISECONDS = 1000


@dataclass(frozen=True)
class Between(Answer):
    """Seconds by quantile (empty when nobody did both), how many did both, and how many lie in each of the `BINS`."""

    began: int
    count: int
    quantiles: dict[float, float]
    bins: list[int]

    def table(self) -> Table:
        """Return a row per bar: from, to (None: open), how many."""
        ends = [*BINS[1:], None]
        return [_("From seconds"), _("To seconds"), _("How many")], [
            list(row) for row in zip(BINS, ends, self.bins, strict=True)
        ]

    def lines(self) -> list[Line]:
        """Return the histogram."""
        return [Line("", list(zip(BINS, self.bins, strict=True)))]

    def as_json(self) -> dict[str, Any]:
        """Return the answer with its quantiles, in seconds."""
        found = {f"p{round(level * 100)}": seconds for level, seconds in self.quantiles.items()}
        return super().as_json() | {"began": self.began, "count": self.count, "quantiles": found}


def answer(draft: Draft) -> Between:
    """Measure the time between."""
    levels = ", ".join(str(level) for level in QUANTILES)
    edges = draft.binder.bind(list(BINS), "Array(Float64)")
    bin_ = f"arrayLastIndex(edge -> seconds >= edge, {edges})"
    units = _units(draft)
    [(began, count, quantiles)] = draft.run(
        f"SELECT count(), countIf(seconds >= 0), quantilesExactInclusiveIf({levels})(seconds, seconds >= 0) FROM ({units})"
    )
    bins = [0] * len(BINS)
    for place, number in draft.run(f"SELECT {bin_} AS bin, count() FROM ({units}) WHERE seconds >= 0 GROUP BY bin"):
        bins[int(place) - 1] = int(number)
    found = {level: value for level, value in zip(QUANTILES, quantiles, strict=True) if not math.isnan(value)}
    return Between(draft.question, unit_of(draft.question), int(began), int(count), found, bins)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of whose time lies in a bar (0 is the first)."""
    place = cells.whole(at, "bin", most=len(BINS) - 1)
    kept = f"seconds >= {draft.binder.bind(BINS[place], 'Float64')}"
    if place + 1 < len(BINS):
        kept += f" AND seconds < {draft.binder.bind(BINS[place + 1], 'Float64')}"
    return f"SELECT unit FROM ({_units(draft)}) WHERE {kept}"


def _units(draft: Draft) -> str:
    """Return the SQL of who did the first event, with the seconds to the second, -1 when it did not follow in time."""
    first, second = draft.steps
    window = draft.binder.bind(round(draft.question.window.total_seconds() * MILLISECONDS), "Int64")
    names = {step.event for step in draft.question.events}
    follows = ">" if None in names or len(names) == 1 else ">="  # one event is never both
    moment = "toUnixTimestamp64Milli(at)"
    came = f"arrayMin(arrayFilter(t -> t {follows} began, seconds_)) - began"
    return (
        f"SELECT unit, if(arrayExists(t -> t {follows} began, seconds_) AND {came} <= {window}, ({came}) / {MILLISECONDS}, -1) AS seconds FROM ("
        f"SELECT {draft.unit} AS unit, minIf({moment}, {first}) AS began, groupArrayIf({moment}, {second}) AS seconds_ "
        f"FROM {draft.source()} WHERE {draft.where()} GROUP BY unit HAVING unit > 0 AND countIf({first}) > 0)"
    )

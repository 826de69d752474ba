"""Who is new, returning, resurrected or dormant in each interval.

new: active for the first time ever; returning: active in this interval and the one before; resurrected: active again after a pause;
dormant: active in the interval before, not in this one.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.timeline.query import cells
from proofline.timeline.query.answering import Answer, Line, unit_of
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft
    from proofline.timeline.query.times import Moment

STATES: dict[str, Any] = {
    "new": gettext_lazy("First time"),
    "returning": gettext_lazy("Returning"),
    "resurrected": gettext_lazy("Resurrected"),
    "dormant": gettext_lazy("Dormant"),
}
NEXT = {"day": "b + 1", "week": "b + 7", "month": "addMonths(b, 1)"}


@dataclass(frozen=True)
class Lifecycle(Answer):
    """How many are in each state in each interval."""

    intervals: list[Moment]
    counts: dict[str, list[int]]

    def table(self) -> Table:
        """Return a row per interval, a column per state."""
        rows = [[at, *(self.counts[state][place] for state in STATES)] for place, at in enumerate(self.intervals)]
        return [_("Time"), *(str(label) for label in STATES.values())], rows

    def lines(self) -> list[Line]:
        """Return a line per state; who is dormant counts below zero, as these charts are drawn."""
        return [
            Line(
                str(label),
                [
                    (at, -count if state == "dormant" else count)
                    for at, count in zip(self.intervals, self.counts[state], strict=True)
                ],
                {"state": state},
            )
            for state, label in STATES.items()
        ]


def answer(draft: Draft) -> Lifecycle:
    """Count the states."""
    intervals = draft.range.intervals(draft.question.interval)
    places = {at: place for place, at in enumerate(intervals)}
    counts = {state: [0] * len(intervals) for state in STATES}
    for at, state, count in draft.run(f"SELECT bucket, state, count() FROM ({_states(draft)}) GROUP BY bucket, state"):
        if at in places:
            counts[state][places[at]] = int(count)
    return Lifecycle(draft.question, unit_of(draft.question), intervals, counts)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of who is in a state in an interval."""
    state = at.get("state")
    if state not in STATES:
        raise QuestionError("at.state", "cell", possible=STATES, given=state)
    moment, word = cells.interval(draft, at), draft.binder.bind(state, "String")
    return f"SELECT unit FROM ({_states(draft)}) WHERE bucket = {moment} AND state = {word}"


def _states(draft: Draft) -> str:
    """Return the SQL of each unit's states: unit, interval, state."""
    following = NEXT[draft.question.interval]
    active = (
        f"SELECT {draft.unit} AS unit, arraySort(groupUniqArray({draft.bucket()})) AS active "
        f"FROM {draft.source()} WHERE {draft.where(history=True)} GROUP BY unit HAVING unit > 0"
    )
    came = "arrayMap((b, i) -> (b, multiIf(i = 1, 'new', arrayElement(after, i - 1) = b, 'returning', 'resurrected')), active, arrayEnumerate(active))"
    left = "arrayMap(b -> (b, 'dormant'), arrayFilter(b -> NOT has(active, b), after))"
    spread = f"SELECT unit, active, arrayMap(b -> {following}, active) AS after FROM ({active})"
    return f"SELECT unit, one.1 AS bucket, one.2 AS state FROM (SELECT unit, arrayJoin(arrayConcat({came}, {left})) AS one FROM ({spread}))"

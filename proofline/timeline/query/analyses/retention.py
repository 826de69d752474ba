"""Who begins in an interval, and how many of them come back in each interval after it.

A unit's cohort is the interval of its first start in the time asked for. It has returned after n intervals when it did the returning event
in the n-th interval after that, for n = 0 not before the start itself.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.timeline.query import cells
from proofline.timeline.query.answering import Answer, Line, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft
    from proofline.timeline.query.times import Moment


@dataclass(frozen=True)
class Cohort:
    """Who began in an interval: how many, and how many of them returned after 0, 1, 2 … intervals, as far as there were any yet."""

    began: Moment
    size: int
    returned: list[int]

    def shares(self) -> list[float | None]:
        """Return the shares that returned; None where nobody began."""
        return [count / self.size if self.size else None for count in self.returned]


@dataclass(frozen=True)
class Retention(Answer):
    """A cohort per interval."""

    cohorts: list[Cohort]

    def table(self) -> Table:
        """Return a row per cohort: its beginning, its size, who returned after 0, 1, 2 … intervals."""
        longest = max((len(cohort.returned) for cohort in self.cohorts), default=0)
        rows = [
            [cohort.began, cohort.size, *cohort.returned, *[None] * (longest - len(cohort.returned))]
            for cohort in self.cohorts
        ]
        return [_("Began"), _("How many"), *(str(number) for number in range(longest))], rows

    def lines(self) -> list[Line]:
        """Return the share of each cohort by interval."""
        return [
            Line(cohort.began.isoformat(), list(enumerate(cohort.shares())), {"cohort": cohort.began.isoformat()})
            for cohort in self.cohorts
        ]


def answer(draft: Draft) -> Retention:
    """Count cohorts and their returns."""
    intervals = draft.range.intervals(draft.question.interval)
    places = {at: place for place, at in enumerate(intervals)}
    sizes, returned = [0] * len(intervals), [[0] * (len(intervals) - place) for place in range(len(intervals))]
    sql = f"SELECT cohort, arrayJoin(arrayPushFront(later, -1)) AS after, count() FROM ({_units(draft)}) GROUP BY cohort, after"
    for cohort, after, count in draft.run(sql):
        place = places[cohort]
        if after < 0:
            sizes[place] = int(count)
        elif after < len(returned[place]):
            returned[place][after] = int(count)
    cohorts = [Cohort(at, sizes[place], returned[place]) for at, place in places.items()]
    return Retention(draft.question, unit_of(draft.question), cohorts)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of who is in a cohort, with `after` those who returned so many intervals later."""
    kept = f"cohort = {cells.interval(draft, at, 'cohort')}"
    if "after" in at:
        kept += f" AND has(later, {draft.binder.bind(cells.whole(at, 'after', most=10_000), 'Int64')})"
    return f"SELECT unit FROM ({_units(draft)}) WHERE {kept}"


def _units(draft: Draft) -> str:
    """Return the SQL of each unit that began: its cohort, and after how many intervals it returned."""
    same = len(set(draft.question.events)) == 1
    begins, returns = draft.steps[0], draft.steps[-1]
    apart = f"dateDiff('{draft.question.interval}', cohort, {{}})"
    if same:
        later = f"arrayMap(b -> {apart.format('b')}, groupUniqArray({draft.bucket()}))"
        return (
            f"SELECT {draft.unit} AS unit, min({draft.bucket()}) AS cohort, {later} AS later "
            f"FROM {draft.source()} WHERE {draft.where(steps=[0])} GROUP BY unit HAVING unit > 0"
        )
    days = (
        f"SELECT {draft.unit} AS unit, {draft.bucket()} AS bucket, minIf(at, {begins}) AS began, countIf({begins}) AS begins, "
        f"maxIf(at, {returns}) AS last, countIf({returns}) AS returns FROM {draft.source()} WHERE {draft.where()} GROUP BY unit, bucket HAVING unit > 0"
    )
    later = f"arrayMap(x -> {apart.format('x.1')}, arrayFilter(x -> x.2 >= first, groupArrayIf((bucket, last), returns > 0)))"
    return (
        f"SELECT unit, minIf(bucket, begins > 0) AS cohort, minIf(began, begins > 0) AS first, {later} AS later FROM ({days}) "
        "GROUP BY unit HAVING sum(begins) > 0"
    )

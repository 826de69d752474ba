"""In how many days (weeks, months) of the time asked for somebody was active."""

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


@dataclass(frozen=True)
class Stickiness(Answer):
    """`counts[n - 1]`: how many were active in exactly n intervals."""

    counts: list[int]

    def table(self) -> Table:
        """Return a row per number of intervals: how many, and their share of all who were active."""
        total = sum(self.counts)
        rows = [[number, count, count / total if total else None] for number, count in enumerate(self.counts, start=1)]
        return [_("Active in"), _("How many"), _("Share")], rows

    def lines(self) -> list[Line]:
        """Return the one line."""
        return [Line("", list(enumerate(self.counts, start=1)))]


def answer(draft: Draft) -> Stickiness:
    """Count in how many intervals each was active."""
    counts = [0] * len(draft.range.intervals(draft.question.interval))
    for number, count in draft.run(f"SELECT active, count() FROM ({_units(draft)}) GROUP BY active"):
        counts[int(number) - 1] = int(count)
    return Stickiness(draft.question, unit_of(draft.question), counts)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of who was active in exactly so many intervals."""
    number = draft.binder.bind(cells.whole(at, "active", least=1, most=10_000), "UInt64")
    return f"SELECT unit FROM ({_units(draft)}) WHERE active = {number}"


def _units(draft: Draft) -> str:
    return (
        f"SELECT {draft.unit} AS unit, uniqExact({draft.bucket()}) AS active "
        f"FROM {draft.source()} WHERE {draft.where()} GROUP BY unit HAVING unit > 0"
    )

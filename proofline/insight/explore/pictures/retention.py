"""Retention: a row per cohort, the darker the more of it came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.told import Cell, Teller, Told, heads, heat, plain
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from proofline.timeline.query.analyses.retention import Cohort, Retention

MOST_ROWS, MOST_COLUMNS = 120, 60
FEW = 4
"""A share of fewer than one in so many of those who can be back at all is drawn, but is no finding."""


def told(teller: Teller, answer: Retention) -> Told:
    """Tell how many of each cohort came back."""
    cohorts = [cohort for cohort in answer.cohorts if cohort.size][-MOST_ROWS:]
    longest = min(max((len(cohort.returned) for cohort in cohorts), default=0), MOST_COLUMNS)
    columns = heads(
        [_("Began")], [_("Began with"), *(after(place, answer.question.interval) for place in range(longest))]
    )
    if not cohorts:
        return Told(heads=columns)
    shares = [whole_share(cohorts, place) for place in range(longest)]
    told_of = [share if _is_told_of(cohorts, place) else None for place, share in enumerate(shares)]
    chart = charts.line(
        headline=headline(told_of, answer.question.interval),
        unit="%",
        name=_("Time since the beginning"),
        labels=[after(place, answer.question.interval) for place in range(longest)],
        series={_("All cohorts"): [None if share is None else round(share * 100, 1) for share in shares]},
    )
    rows = [_row(teller, answer, cohort, longest) for cohort in cohorts]
    return Told(chart=chart, heads=columns, rows=rows[::-1], heat=True)


def whole_share(cohorts: list[Cohort], place: int) -> float | None:
    """Return which share of all whose time has come was back after so many intervals."""
    came = [cohort for cohort in cohorts if len(cohort.returned) > place]
    size = sum(cohort.size for cohort in came)
    return sum(cohort.returned[place] for cohort in came) / size if size else None


def _is_told_of(cohorts: list[Cohort], place: int) -> bool:
    """Tell whether enough people can have come back by then, so that the share says something."""
    come, able = (sum(one.size for one in cohorts if len(one.returned) > after) for after in (place, 1))
    return come * FEW >= able


def headline(shares: list[float | None], interval: str) -> str:
    """Return the finding: the share that is back after one interval, and after the longest that is known."""
    known = [place for place, share in enumerate(shares) if share is not None and place]
    if not known:
        return _("Too little time has passed for anybody to come back")
    first, last = known[0], known[-1]
    words = {
        "first": formats.percent(shares[first], digits=1),
        "after": wording.duration(f"{first}{UNITS[interval]}"),
        "last": formats.percent(shares[last], digits=1),
        "later": wording.duration(f"{last}{UNITS[interval]}"),
    }
    if first == last:
        return _("%(first)s come back after %(after)s") % words
    return _("%(first)s come back after %(after)s, %(last)s after %(later)s") % words


UNITS = {"hour": "h", "day": "d", "week": "w", "month": "M"}


def after(place: int, interval: str) -> str:
    """Return the head of a column: "Week 3"."""
    name = {"day": _("Day %(n)d"), "week": _("Week %(n)d"), "month": _("Month %(n)d")}.get(interval, _("Day %(n)d"))
    return name % {"n": place}


def _row(teller: Teller, answer: Retention, cohort: Cohort, longest: int) -> list[Cell]:
    began = cohort.began.isoformat()
    cells = [
        plain(wording.moment(cohort.began, interval=answer.question.interval, zone=teller.zone)),
        teller.number(cohort.size, cohort=began),
    ]
    for place, share in enumerate(cohort.shares()[:longest]):
        url = teller.people(cohort=began, after=place) if cohort.returned[place] else ""
        note = formats.number(cohort.returned[place])
        cells.append(Cell(formats.percent(share), url, is_number=True, note=note, heat=heat(share)))
    return cells + [Cell("", is_number=True)] * (longest + 2 - len(cells))

"""A trend: a line per series, a row per interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.told import Cell, Teller, Told, heads, plain
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from proofline.timeline.query.analyses.trend import Series, Trend

DRAWN = 8
"""More lines than this nobody tells apart; the table has them all."""
MOST_ROWS = 400


def told(teller: Teller, answer: Trend) -> Told:
    """Tell how often something happened over time."""
    if not any(value for one in answer.series for value in one.values):
        return Told(heads=heads([_("Time")], []))
    teller.know(one.key for one in answer.series if one.key)
    named = [
        (teller.slice(one.key, others=one.others) if one.key is not None else wording.event_named(one.name), one)
        for one in answer.series
    ]
    labels = [wording.moment(at, interval=answer.question.interval, zone=teller.zone) for at in answer.intervals]
    drawn = named[:DRAWN]
    chart = charts.line(
        headline=headline(named, labels, answer.unit),
        unit=wording.unit(answer.unit),
        name=_("Time"),
        labels=labels,
        series={name: one.values for name, one in drawn},
        urls={name: [cell.url for cell in _cells(teller, answer, one)] for name, one in drawn},
    )
    columns = [_cells(teller, answer, one) for _name, one in named]
    rows = [[plain(label), *cells] for label, *cells in zip(labels, *columns, strict=True)][-MOST_ROWS:]
    total = [plain(_("In all")), *(teller.number(one.total, **_at(one)) for _name, one in named)]
    return Told(
        chart=chart,
        heads=heads([_("Time")], [name for name, _one in named]),
        rows=[total, *rows[::-1]],
        note=teller.running,
    )


def headline(named: list[tuple[str, Series]], labels: list[str], unit: str) -> str:
    """Return the finding: how much in all, and when or which was most."""
    name, best = max(named, key=lambda pair: pair[1].total or 0)
    if len(named) > 1:
        words = {"name": name, "total": wording.counted(best.total, unit)}
        return _("%(name)s leads with %(total)s") % words
    value, when = max(zip((value or 0 for value in best.values), labels, strict=True), key=lambda pair: pair[0])
    words = {"total": wording.counted(best.total, unit), "best": formats.number(value), "when": when}
    return _("%(total)s; the peak is %(best)s (%(when)s)") % words


def _cells(teller: Teller, answer: Trend, one: Series) -> list[Cell]:
    return [
        teller.number(value, **_at(one), interval=at.isoformat())
        for at, value in zip(answer.intervals, one.values, strict=True)
    ]


def _at(one: Series) -> dict[str, Any]:
    sliced = one.key is not None and not one.others
    return {"event": one.event, "key": one.key} if sliced else {"event": one.event}

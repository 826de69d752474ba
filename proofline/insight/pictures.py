"""Metrics as charts: the finding in words, the values with their units, and the way to the records."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.insight import lists
from proofline.insight.metrics import DIMENSIONS, Unit
from proofline.kit import formats
from proofline.kit.charts import Chart, Point, bar, line

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.insight.metrics import Metric, Result, Row
    from proofline.kit.charts.chart import Number

MOST_BARS = 12
HUNDRED = Decimal(100)


def writer(metric: Metric, result: Result) -> Callable[[Number], str]:
    """Return how a value of the metric is written."""
    if metric.unit == Unit.MONEY:
        return lambda value: formats.money(value, result.unit)
    if metric.unit == Unit.PERCENT:
        return lambda value: formats.percent(formats.as_decimal(value) / HUNDRED, digits=2)
    return formats.number


def written(metric: Metric, result: Result) -> str:
    """Return the value with its unit, in words."""
    if result.value is None:
        return formats.NOTHING
    text = writer(metric, result)(result.value)
    if metric.unit == Unit.DAYS:
        return _("%(number)s days") % {"number": text}
    return text


def unit_of(metric: Metric, result: Result) -> str:
    """Return the unit as the axis says it."""
    return result.unit if metric.unit == Unit.MONEY else str(metric.unit.label)


def named(row: Row) -> str:
    """Return how a slice is called."""
    return row.key or _("None given")


def records_of(metric: Metric, **filters: str) -> str:
    """Return the address of the records behind a value."""
    name, own = metric.records
    return lists.address(name, **(own | filters))


def headline(metric: Metric, result: Result, by: str) -> str:
    """Return the finding: the value, and the last month or the slice that leads."""
    whole = written(metric, result)
    known = [row for row in result.rows if row.value is not None and row.key]
    if not known:
        return whole
    told = known[-1] if by == "month" else known[0]
    words = {"value": whole, "name": told.key, "best": writer(metric, result)(told.value or 0)}
    if by == "month":
        return _("%(value)s in all, %(best)s in %(name)s") % words
    return _("%(value)s, led by %(name)s with %(best)s") % words


def picture(metric: Metric, result: Result, by: str) -> Chart:
    """Return a metric by a dimension as a chart: months as a line, all else as bars."""
    write, unit, name = writer(metric, result), unit_of(metric, result), str(DIMENSIONS[by])
    found = headline(metric, result, by)
    if by == "month":
        urls = [records_of(metric, month=row.key) for row in result.rows]
        values = {str(metric.label): [row.value for row in result.rows]}
        labels = [row.key for row in result.rows]
        return line(headline=found, unit=unit, labels=labels, series=values, urls=urls, name=name, write=write)
    points = [Point(named(row), row.value, records_of(metric, **{by: row.key})) for row in result.rows[:MOST_BARS]]
    return bar(headline=found, unit=unit, points=points, name=name, horizontal=True, write=write)


def compared(metric: Metric, now: Result, before: Result) -> str:
    """Return how a value moved against the period before, in words; "" when there is nothing to compare."""
    if now.value is None or before.value is None:
        return ""
    gap = now.value - before.value
    if not gap:
        return _("as in the period before")
    if metric.unit == Unit.PERCENT:
        amount = _("%(number)s points") % {"number": formats.number(abs(gap))}
    else:
        amount = writer(metric, now)(abs(gap))
    words = _("up %(amount)s on the period before") if gap > 0 else _("down %(amount)s on the period before")
    return words % {"amount": amount}

"""Stickiness: how many were active on how many days (weeks, months)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.pictures.retention import UNITS
from proofline.insight.explore.told import Teller, Told, heads, plain, share
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from proofline.timeline.query.analyses.stickiness import Stickiness


def told(teller: Teller, answer: Stickiness) -> Told:
    """Tell on how many days people are active."""
    columns = heads([_("Active on")], [wording.unit(answer.unit).capitalize(), _("Share"), _("At least this often")])
    total = sum(answer.counts)
    if not total:
        return Told(heads=columns)
    last = max(place for place, count in enumerate(answer.counts, start=1) if count)
    labels = [wording.duration(f"{number}{UNITS[answer.question.interval]}") for number in range(1, last + 1)]
    counts = answer.counts[:last]
    points = [
        charts.Point(label, count, teller.people(active=number))
        for number, (label, count) in enumerate(zip(labels, counts, strict=True), start=1)
    ]
    chart = charts.histogram(
        headline=headline(answer, labels), unit=wording.unit(answer.unit), points=points, name=_("Active on")
    )
    rows = [
        [
            plain(label),
            teller.number(count, active=number),
            share(count / total),
            share(sum(counts[number - 1 :]) / total),
        ]
        for number, (label, count) in enumerate(zip(labels, counts, strict=True), start=1)
    ]
    return Told(chart=chart, heads=columns, rows=rows)


def headline(answer: Stickiness, labels: list[str]) -> str:
    """Return the finding: the days of half of the people, and how many came once only."""
    total, seen, middle = sum(answer.counts), 0, 1
    for number, count in enumerate(answer.counts, start=1):
        seen += count
        if seen * 2 >= total:
            middle = number
            break
    words = {
        "unit": wording.unit(answer.unit),
        "middle": labels[middle - 1],
        "once": formats.percent(answer.counts[0] / total, digits=1),
        "first": labels[0],
    }
    return _("Half of the %(unit)s are active on at least %(middle)s; %(once)s on %(first)s only") % words

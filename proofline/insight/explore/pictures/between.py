"""Time between two events: how it is spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.told import Teller, Told, heads, plain, share
from proofline.kit import charts, formats
from proofline.timeline.query.analyses.between import BINS

if TYPE_CHECKING:
    from proofline.timeline.query.analyses.between import Between

QUARTILES = (0.25, 0.5, 0.75, 0.9)


def told(teller: Teller, answer: Between) -> Told:
    """Tell how long it takes."""
    columns = heads([_("Time")], [wording.unit(answer.unit).capitalize(), _("Share"), _("By then")])
    if not answer.count:
        return Told(heads=columns)
    shown = [place for place, count in enumerate(answer.bins) if count]
    places = range(shown[0], shown[-1] + 1)
    points = [charts.Point(named(place), answer.bins[place], teller.people(bin=place)) for place in places]
    chart = charts.histogram(headline=headline(answer), unit=wording.unit(answer.unit), points=points, name=_("Time"))
    rows = [
        [
            plain(named(place)),
            teller.number(answer.bins[place], bin=place),
            share(answer.bins[place] / answer.count),
            share(sum(answer.bins[: place + 1]) / answer.count),
        ]
        for place in places
    ]
    return Told(chart=chart, heads=columns, rows=rows, note=spread(answer))


def named(place: int) -> str:
    """Return how a bar is called: "1 hour – 3 hours"."""
    if place + 1 == len(BINS):
        return _("%(from)s and longer") % {"from": wording.seconds(BINS[place])}
    if not place:
        return _("under %(to)s") % {"to": wording.seconds(BINS[1])}
    return f"{wording.seconds(BINS[place])} – {wording.seconds(BINS[place + 1])}"


def headline(answer: Between) -> str:
    """Return the finding: the median, and how many get there at all."""
    words = {
        "median": wording.seconds(answer.quantiles.get(0.5, 0)),
        "share": formats.percent(answer.count / answer.began, digits=1) if answer.began else formats.NOTHING,
        "began": wording.counted(answer.began, answer.unit),
    }
    return _("Half take up to %(median)s; %(share)s of %(began)s get there") % words


def spread(answer: Between) -> str:
    """Return the quantiles in words."""
    known = [
        _("%(share)s within %(time)s")
        % {"share": formats.percent(level), "time": wording.seconds(answer.quantiles[level])}
        for level in QUARTILES
        if level in answer.quantiles
    ]
    return " · ".join(known)

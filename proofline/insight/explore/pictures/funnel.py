"""A funnel: the steps from left to right, of all or of each slice."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.told import Cell, Teller, Told, heads, plain, share
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from proofline.kit.charts import Chart
    from proofline.timeline.query.analyses.funnel import Funnel, Passed

DRAWN = 6


def told(teller: Teller, answer: Funnel) -> Told:
    """Tell how many came how far, and where the most were lost."""
    numbers = [
        _("Came so far"),
        _("Lost before"),
        _("Of the step before"),
        _("Of all"),
        _("Time since the step before"),
    ]
    if not answer.steps[0].count:
        return Told(heads=heads([_("Step")], numbers))
    if not answer.question.by:
        rows = _rows(teller, answer.steps, {})
        return Told(chart=_steps(teller, answer), heads=heads([_("Step")], numbers), rows=rows)
    teller.know(answer.slices)
    rows = [
        [plain(teller.slice(key)), *row]
        for key, steps in answer.slices.items()
        for row in _rows(teller, steps, {"key": key})
    ]
    return Told(chart=_slices(teller, answer), heads=heads([_("Slice"), _("Step")], numbers), rows=rows)


def headline(answer: Funnel) -> str:
    """Return the finding: the share that goes all the way, and the step before which the most are lost."""
    steps = answer.steps
    through = formats.percent(steps[-1].of_all, digits=1)
    before, after = max(pairwise(steps), key=lambda pair: pair[0].count - pair[1].count)
    words = {"share": through, "unit": wording.unit(answer.unit), "step": wording.event_named(after.name)}
    if before.count == after.count:
        return _("%(share)s of the %(unit)s go all the way") % words
    return _("%(share)s of the %(unit)s go all the way; most are lost before %(step)s") % words


def _steps(teller: Teller, answer: Funnel) -> Chart:
    points = [
        charts.Point(wording.event_named(step.name), step.count, teller.people(step=place))
        for place, step in enumerate(answer.steps)
    ]
    return charts.funnel(headline=headline(answer), unit=wording.unit(answer.unit), points=points, name=_("Step"))


def _slices(teller: Teller, answer: Funnel) -> Chart:
    series = [
        charts.Series(
            teller.slice(key),
            [step.count for step in steps],
            [teller.people(step=place, key=key) for place in range(len(steps))],
        )
        for key, steps in list(answer.slices.items())[:DRAWN]
    ]
    labels = [wording.event_named(step.name) for step in answer.steps]
    return charts.grouped(
        headline=headline(answer), unit=wording.unit(answer.unit), labels=labels, series=series, name=_("Step")
    )


def _rows(teller: Teller, steps: list[Passed], at: dict[str, Any]) -> list[list[Cell]]:
    lost = [0, *(before.count - after.count for before, after in pairwise(steps))]
    return [
        [
            plain(f"{place + 1}. {wording.event_named(step.name)}"),
            teller.number(step.count, step=place, **at),
            teller.number(lost[place], step=place, dropped=True, **at) if place else Cell("", is_number=True),
            share(step.of_before) if place else Cell("", is_number=True),
            share(step.of_all),
            Cell(wording.seconds(step.seconds) if step.seconds is not None else "", is_number=True),
        ]
        for place, step in enumerate(steps)
    ]

"""The dashboard, one metric, and the funnel of the sale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.insight import funnel as sale
from proofline.insight import lists, metrics, pictures
from proofline.insight.periods import LABELS, Period, period
from proofline.kit import charts, formats
from proofline.kit.components import Tab
from proofline.records.models import Workspace

if TYPE_CHECKING:
    from proofline.insight.metrics import Metric, Result
    from proofline.kit.charts import Chart

BOARD = ("deals.won_value", "deals.win_rate", "leads.count", "leads.conversion", "deals.won", "deals.days_to_win")
"""The charts of the dashboard; each is sliced by the chosen dimension."""
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tile:
    """One metric as a number, with its movement and where it leads."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True)
class Picture:
    """One metric as a chart, and the page with all of it."""

    title: str
    chart: Chart
    url: str
    empty: bool


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the metrics of what the user may see, for a period, by a dimension."""
    by, chosen = asked(request)
    found = {name: computed(metric, request, chosen, by=by) for name, metric in metrics.METRICS.items()}
    context = {
        "tiles": [tile(request, metrics.get(name), result, chosen) for name, result in found.items()],
        "pictures": [drawn(request, metrics.get(name), found[name], by) for name in BOARD],
        **choices(request, by, chosen),
    }
    return render(request, "insight/dashboard.html", context)


@require_GET
def metric(request: HttpRequest, name: str) -> HttpResponse:
    """Show one metric: what it means, its value, its slices."""
    try:
        found = metrics.get(name)
    except metrics.UnknownMetricError:
        raise Http404 from None
    by, chosen = asked(request)
    result = computed(found, request, chosen, by=by)
    write = pictures.writer(found, result)
    rows = [
        (
            pictures.named(row),
            formats.NOTHING if row.value is None else write(row.value),
            row.count,
            pictures.records_of(found, **{by: row.key}),
        )
        for row in result.rows
    ]
    context = {
        "metric": found,
        "value": pictures.written(found, result),
        "count": result.count,
        "records": pictures.records_of(found),
        "chart": pictures.picture(found, result, by),
        "rows": rows,
        "dimension": metrics.DIMENSIONS[by],
        **choices(request, by, chosen),
    }
    return render(request, "insight/metric.html", context)


@require_GET
def funnel(request: HttpRequest) -> HttpResponse:
    """Show how many pass each step of the sale, and where it jams."""
    by, chosen = asked(request)
    way = "followed" if request.GET.get("way") == "followed" else "counted"
    compute = sale.followed if way == "followed" else sale.counted
    passed = compute(user=request.user, from_=chosen.from_ or EARLIEST, to=chosen.to or LATEST)
    narrow = sale.narrowest(passed)
    written = shares(passed)
    steps = [
        charts.Point(str(one.step.label), one.count, lists.address(one.step.records, **one.step.filters), note=share)
        for one, share in zip(passed, written, strict=True)
    ]
    context = {
        "chart": charts.funnel(headline=said(narrow), unit=_("records"), points=steps, name=_("Step")),
        "passed": list(zip(passed, steps, written, strict=True)),
        "narrow": narrow[1].step.event if narrow else "",
        "nothing": not any(one.count for one in passed),
        "way": way,
        "tabs": ways(request, way),
        **choices(request, by, chosen),
    }
    return render(request, "insight/funnel.html", context)


def asked(request: HttpRequest) -> tuple[str, Period]:
    """Return the dimension and the period that the address asks for."""
    by = request.GET.get("by", "")
    zone = Workspace.current().time_zone
    chosen = period(request.GET.get("period", "all"), now=timezone.now(), time_zone=zone)
    return by if by in metrics.DIMENSIONS else "month", chosen


def computed(metric: Metric, request: HttpRequest, chosen: Period, *, by: str | None = None) -> Result:
    """Compute a metric for the user and the period."""
    return metric.compute(by=by, user=request.user, from_=chosen.from_, to=chosen.to)


def tile(request: HttpRequest, metric: Metric, now: Result, chosen: Period) -> Tile:
    """Return a metric's number, compared with the period before where there is one."""
    note = ""
    if chosen.before:
        before = metric.compute(user=request.user, from_=chosen.before[0], to=chosen.before[1])
        note = pictures.compared(metric, now, before)
    return Tile(str(metric.label), pictures.written(metric, now), note, address(request, metric))


def drawn(request: HttpRequest, metric: Metric, result: Result, by: str) -> Picture:
    """Return a metric's chart."""
    return Picture(str(metric.label), pictures.picture(metric, result, by), address(request, metric), not result.rows)


def address(request: HttpRequest, metric: Metric) -> str:
    """Return the address of a metric's page, with what is chosen here."""
    kept = {key: request.GET[key] for key in ("by", "period") if key in request.GET}
    found = reverse("insight:metric", args=[metric.name])
    return f"{found}?{urlencode(kept)}" if kept else found


def choices(request: HttpRequest, by: str, chosen: Period) -> dict[str, Any]:
    """Return the two selectors: (address, label, chosen)."""
    return {
        "dimensions": [(linked(request, by=key), str(label), key == by) for key, label in metrics.DIMENSIONS.items()],
        "periods": [(linked(request, period=key), str(label), key == chosen.key) for key, label in LABELS.items()],
        "chosen_dimension": metrics.DIMENSIONS[by],
        "chosen_period": chosen.label,
    }


def linked(request: HttpRequest, **changes: str) -> str:
    """Return this page's address with other choices."""
    return f"?{urlencode({**request.GET.dict(), **changes})}"


def ways(request: HttpRequest, way: str) -> list[Tab]:
    """Return the two ways to read the funnel."""
    return [
        Tab(_("All that happened"), linked(request, way="counted"), active=way == "counted"),
        Tab(_("Leads followed"), linked(request, way="followed"), active=way == "followed"),
    ]


def said(narrow: tuple[sale.Passed, sale.Passed] | None) -> str:
    """Return the finding in words: where the fewest pass."""
    if narrow is None:
        return _("Nothing has happened in this period")
    before, after = narrow
    share = formats.percent(after.count / before.count, digits=1)
    words = {"before": before.step.label, "after": after.step.label, "share": share}
    return _("The narrowest step is %(before)s → %(after)s: %(share)s pass") % words


def shares(passed: list[sale.Passed]) -> list[str]:
    """Return what share of the step before passed each step, written."""
    return [formats.percent(share, digits=1) for share in sale.shares(passed)]

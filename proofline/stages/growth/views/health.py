"""Health: every customer's, and one customer's week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit import charts, formats
from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.records.models import Account
from proofline.stages.growth.lists import HEALTH
from proofline.stages.growth.models import CustomerTier, HealthReading, UpgradeSuggestion, WakeUp
from proofline.stages.growth.models.health import WEIGHTS, last_full_week
from proofline.stages.growth.rounds import go_round

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WEEKS_SHOWN = 12


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """The list; the worst come first."""
    listing = RecordList.of(
        request,
        kind=HEALTH,
        row_url=lambda row: reverse("growth:account_health", args=[row.account_id]),
        empty=Empty(
            title=_("No health yet"),
            text=_(
                "Each week the login rate, the use of features and the tickets of every subscriber give a score, such as “82: healthy”."
            ),
            icon="heartbeat",
        ),
    )
    return listing.render("growth/health.html")


@require_GET
def account_health(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: twelve weeks, and what the score is made of."""
    account = load(Account.objects.select_related("owner"), user=request.user, pk=pk)
    return render(request, "growth/account_health.html", health_context(request, account))


def health_context(request: HttpRequest, account: Account) -> dict[str, Any]:
    """Return what the health page of an account shows."""
    readings = list(HealthReading.objects.filter(account=account).order_by("-week")[:WEEKS_SHOWN])[::-1]
    last = readings[-1] if readings else None
    return {
        "account": account,
        "reading": last,
        "chart": _chart(readings) if readings else None,
        "weights": sum(WEIGHTS.values()),
        "tier": CustomerTier.objects.filter(account=account).order_by("-at", "-pk").first(),
        "wake_ups": WakeUp.objects.filter(account=account).order_by("-week")[:5],
        "suggestions": UpgradeSuggestion.objects.open().filter(account=account).select_related("tier", "subscription"),
        "may_write": request.user.may_write("growth"),
    }


def _chart(readings: list[HealthReading]) -> charts.Chart:
    first, last = readings[0].score, readings[-1].score
    told = _("Health %(last)d, unchanged in %(weeks)d weeks")
    if last != first:
        told = _("Health %(last)d, %(change)+d in %(weeks)d weeks")
    return charts.line(
        headline=told % {"last": last, "change": last - first, "weeks": len(readings)},
        unit=_("points of 100"),
        labels=[formats.day(reading.week) for reading in readings],
        series={
            _("Health"): [reading.score for reading in readings],
            _("Login rate"): [
                float(reading.login_rate) if reading.login_rate is not None else None for reading in readings
            ],
        },
    )


@require_POST
def readings(request: HttpRequest, pk: int) -> HttpResponse:
    """Measure the last full week again, now."""
    account = load(Account, user=request.user, write=True, pk=pk)
    now = timezone.now()
    if go_round(account, week=last_full_week(now), now=now) is None:
        toast(request, _("There is nothing to measure: no subscription runs in the last full week."))
    return redirect("growth:account_health", pk=pk)

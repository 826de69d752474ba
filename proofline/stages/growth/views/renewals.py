"""Renewals: what ends when, and what is decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.stages.growth.forms import CancellationForm, RenewalForm
from proofline.stages.growth.lists import RENEWALS
from proofline.stages.growth.models import HealthReading, NotRunningError, Subscription, UpgradeSuggestion

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, HttpResponse


@require_GET
def renewals(request: HttpRequest) -> HttpResponse:
    """The list by end; what has ended without a decision stands first; what was cancelled is left out unless it is asked for."""
    listing = RecordList.of(
        request,
        kind=RENEWALS,
        empty=Empty(
            title=_("No subscriptions yet"),
            text=_(
                "A subscription begins by itself when a contract is signed; its renewal is prepared 60 days before the end."
            ),
            icon="refresh",
        ),
    )
    return listing.render("growth/renewals.html")


def _load(request: HttpRequest, pk: int, *, write: bool = False) -> Subscription:
    queryset = Subscription.objects.select_related("account__owner", "tier", "product", "contract", "cancellation")
    record: Subscription = load(queryset, user=request.user, write=write, pk=pk)
    return record


@require_GET
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """One subscription: what it was, and what was decided."""
    record = _load(request, pk)
    context = {
        "subscription": record,
        "history": record.renewals.select_related("by").order_by("-at"),
        "reminders": record.reminders.order_by("-at"),
        "reading": HealthReading.objects.filter(account=record.account).order_by("-week").first(),
        "suggestions": UpgradeSuggestion.objects.open().filter(subscription=record).select_related("tier"),
        "may_write": request.user.may_write("growth"),
        "days_left": _days_left(record, today=timezone.localdate()),
    }
    return render(request, "growth/renewal.html", context)


def _days_left(record: Subscription, *, today: date) -> int:
    return (record.ends_on - today).days


@require_http_methods(["GET", "POST"])
def renewal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew."""
    record = _load(request, pk, write=True)
    form = RenewalForm(request.POST or None, initial={"monthly": record.monthly})
    if request.method == "POST" and form.is_valid():
        try:
            record.renew(by=request.user, now=timezone.now(), **form.cleaned_data)
        except NotRunningError:
            form.add_error(None, _("This subscription was cancelled."))
        else:
            toast(request, _("Renewed."))
            return redirect(record)
    context = {"form": form, "subscription": record, "submit": _("Renew"), "cancel": record.get_absolute_url()}
    return render(request, "growth/renewal_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it end."""
    record = _load(request, pk, write=True)
    form = CancellationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        record.cancel(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect(record)
    context = {"form": form, "subscription": record, "submit": _("Let it end"), "cancel": record.get_absolute_url()}
    return render(request, "growth/cancellation_form.html", context, status=422 if form.errors else 200)


@require_POST
def dismissal(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an upgrade suggestion aside."""
    suggestion = load(UpgradeSuggestion, user=request.user, write=True, pk=pk)
    suggestion.dismiss(by=request.user, now=timezone.now())
    return redirect(reverse("growth:account_health", args=[suggestion.account_id]))

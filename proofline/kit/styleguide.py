"""Every part of a page on one page, to look at and to test. Served only with `PROOFLINE_DEBUG=1` and in tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from proofline.kit import charts
from proofline.kit.bounds import BoundedForm
from proofline.kit.components import Mark, Tab, strip, toast

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

STAGES = [("new", "New"), ("need", "Need proven"), ("offer", "Offer made"), ("won", "Won")]
MONTHS = ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


class SampleForm(BoundedForm, forms.Form):
    """A form with each kind of field."""

    name = forms.CharField(max_length=20, help_text="As customers know it.")
    owner = forms.ChoiceField(choices=[("1", "Lin Yue"), ("2", "Sam Seller")])
    note = forms.CharField(widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(required=False, label="Send a copy")
    size = forms.ChoiceField(choices=[("s", "Small"), ("l", "Large")], widget=forms.RadioSelect)


@require_http_methods(["GET", "POST"])
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every part."""
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        toast(request, "Saved.", undo=request.path)
        return redirect(request.path)
    context = {"form": form, "stages": STAGES, **_numbers(request), **_charts()}
    return render(request, "kit/styleguide.html", context, status=422 if form.errors else 200)


def _numbers(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    return {
        "now": now,
        "earlier": now - timedelta(hours=3),
        "long_ago": now - timedelta(days=90),
        "amount": Decimal(1284000),
        "share": Decimal("0.634"),
        "marks": strip(
            promised=Mark("done", "8", "h/week", now - timedelta(days=200), request.path),
            priced=Mark("done", "¥120,000", "", now - timedelta(days=180), request.path),
            signed=Mark("done", "8", "h/week", now - timedelta(days=160), request.path),
            measured=Mark("due", "", "", now - timedelta(days=3)),
        ),
        "kept": strip(
            promised=Mark("done", "8", "h/week"),
            priced=Mark("done", "¥120,000"),
            signed=Mark("done", "8"),
            measured=Mark("done", "6.1", "h/week", now),
            kept=Mark("missed", "−24%", "", now),
        ),
        "tabs": [Tab("Overview", request.path, active=True), Tab("People", request.path, count=4)],
    }


def _charts() -> dict[str, Any]:
    stages = [("Leads", 9240), ("Qualified", 3561), ("Proposals", 1204), ("Won", 423)]
    owners = [("Lin Yue", 1284000), ("Sam Seller", 910000), ("Tom Seller", 640500)]
    return {
        "funnel": charts.funnel(
            headline="Most are lost before a proposal: 34% go on",
            unit="leads",
            name="Step",
            points=[charts.Point(label, value, "?step") for label, value in stages],
        ),
        "line": charts.line(
            headline="Win rate 63%, up 4 points on last quarter",
            unit="%",
            name="Month",
            labels=MONTHS,
            series={"East": [51, 54, 58, 57, 61, 63], "West": [48, 47, 49, 52, 50, 55]},
        ),
        "bar": charts.bar(
            headline="Lin Yue won the most, ¥1.3M",
            unit="CNY",
            name="Owner",
            horizontal=True,
            points=[charts.Point(label, value) for label, value in owners],
        ),
        "months": charts.bar(
            headline="November is the best month so far",
            unit="deals",
            name="Month",
            points=[charts.Point(label, value) for label, value in zip(MONTHS, [31, 42, 38, 45, 52, 61], strict=True)],
        ),
    }

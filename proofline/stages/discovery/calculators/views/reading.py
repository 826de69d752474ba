"""What visitors reckoned: the list, one of them, and its way into a value case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.stages.discovery.calculators.lists import CALCULATIONS
from proofline.stages.discovery.calculators.taking import take
from proofline.stages.discovery.models import Calculation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def calculations(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=CALCULATIONS,
        empty=Empty(
            title=_("No calculations yet"),
            text=_("Whoever leaves their name on a calculator of your website stands here, with their figures."),
            url=reverse("discovery:calculators"),
            label=_("Go to the calculators"),
            icon="math-function",
        ),
    )
    return listing.render("discovery/calculators/calculations.html")


@require_GET
def calculation(request: HttpRequest, pk: int) -> HttpResponse:
    """One visitor's numbers and what comes of them."""
    rows = Calculation.objects.select_related("calculator", "lead__owner", "taking__value_case")
    record = load(rows, user=request.user, pk=pk)
    context = {
        "calculation": record,
        "outcome": record.outcome,
        "is_qualified": bool(getattr(record.lead, "qualification", None)),
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/calculators/calculation.html", context)


@require_POST
def value_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a value case with their numbers."""
    record = load(Calculation.objects.select_related("calculator", "lead"), user=request.user, write=True, pk=pk)
    try:
        case = take(record, by=request.user, now=timezone.now())
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
        return redirect(record.lead)
    toast(request, _("The value case begins with their own figures. Go through them with the customer."))
    return redirect("discovery:value_case", pk=case.pk)

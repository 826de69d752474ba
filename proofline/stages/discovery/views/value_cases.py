"""Value cases: the editor with its live formulas, versions, the promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit import formats
from proofline.kit.components import toast
from proofline.kit.money import Money
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.models import Workspace
from proofline.stages.discovery.agreeing.views import card
from proofline.stages.discovery.drawings import payback, tornado
from proofline.stages.discovery.forms import ValueCaseForm, posted
from proofline.stages.discovery.formulas import roi_text
from proofline.stages.discovery.models import FrozenError, Level, Study, ValueCase
from proofline.stages.discovery.roi import decimal
from proofline.stages.discovery.suggestions import suggestions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString

    from proofline.stages.discovery.risk import Quantiles
    from proofline.stages.discovery.roi import Roi

A_YEAR = 12


@dataclass(frozen=True)
class Outcome:
    """What a value case brings with the improvements of one level."""

    level: Level
    value: Money
    roi: Roi

    @property
    def npv(self) -> Money:
        """The net present value of the case's months, in whole units: it rests on an assumed discount."""
        return Money(decimal(self.roi.npv, places=0), self.value.currency)

    @property
    def payback(self) -> str:
        """The month in which the investment is paid back; a dash where there is neither value nor investment."""
        month = self.roi.payback_month
        if month is None and not self.roi.investment.by(self.roi.months):
            return formats.NOTHING
        return _("never") if month is None else _("month %(month)s") % {"month": month}


def outcomes(case: ValueCase) -> list[Outcome]:
    """Return what the case brings, low, expected and high."""
    return [Outcome(level, case.value(level), case.roi(level)) for level in Level]


def shares(found: list[Outcome]) -> list[tuple[int, list[str]]]:
    """Return the return on investment over each span: its months, and the share of each outcome."""
    spans = [one.roi.shares for one in found]
    return [(months, [roi_text(span[months]) for span in spans]) for months in spans[0]]


@dataclass(frozen=True)
class Sureness:
    """How sure a case is: the drawing of what moves it most, and rows of (what, at least in 9 of 10, half, 1 of 10)."""

    drawing: SafeString
    rows: list[tuple[str, list[str]]]
    paid_back: str
    draws: str


def sureness(case: ValueCase) -> Sureness | None:
    """Return how sure the case is; None where no line has a range in money."""
    swings = case.swings
    if not swings:
        return None
    found = case.spread

    def amounts(some: Quantiles) -> list[str]:
        return [formats.money(round(one), case.currency) for one in (some.p10, some.p50, some.p90)]

    rows = [
        (_("Value a month"), amounts(found.value)),
        (_("Left after %(months)s months") % {"months": case.months}, amounts(found.left)),
    ]
    if found.roi:
        shares = [formats.percent(one) for one in (found.roi.p10, found.roi.p50, found.roi.p90)]
        rows.append((_("ROI over %(months)s months") % {"months": case.months}, shares))
    return Sureness(
        tornado(swings, currency=case.currency), rows, formats.percent(found.paid_back), formats.number(found.draws)
    )


@require_GET
def value_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor."""
    cases = ValueCase.objects.select_related("study__account", "study__owner").prefetch_related(
        "lines__pain", "lines__metric"
    )
    case = load(cases, user=request.user, pk=pk)
    may_write = request.user.may_write("discovery") and not case.is_frozen
    found = outcomes(case)
    context = {
        "case": case,
        "study": case.study,
        "lines": case.ordered_lines,
        "outcomes": found,
        "shares": shares(found),
        "drawing": payback(case.roi(), currency=case.currency),
        "sureness": sureness(case),
        "suggestions": suggestions(case) if may_write else [],
        **card(case, may_write=request.user.may_write("discovery"), now=timezone.now()),
        "may_write": may_write,
        "may_copy": request.user.may_write("discovery"),
    }
    return render(request, "discovery/value_case.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a value case for a study."""
    study = load(Study, user=request.user, write=True, pk=pk)
    first = {"name": study.title, "currency": Workspace.current().currency}
    form = ValueCaseForm(posted(request), instance=ValueCase(study=study, **first))
    if request.method == "POST" and form.is_valid():
        made = ValueCase.objects.draft(by=request.user, now=timezone.now(), study=study, **form.cleaned_data)
        return redirect("discovery:value_case", pk=made.pk)
    context = {"form": form, "study": study, "cancel": study.get_absolute_url(), "submit": _("Begin value case")}
    return render(request, "discovery/value_case_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the frame: name, currency, investment."""
    case = load(ValueCase, user=request.user, write=True, pk=pk)
    form = ValueCaseForm(posted(request), instance=load(ValueCase, user=request.user, pk=pk))
    form = watched(form, case, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            case.change(by=request.user, now=timezone.now(), **form.cleaned_data)
        except FrozenError as error:
            toast(request, str(error), level=messages.ERROR)
        return redirect("discovery:value_case", pk=pk)
    context = {"form": form, "study": case.study, "case": case, "cancel": reverse("discovery:value_case", args=[pk])}
    return render(request, "discovery/value_case_form.html", context, status=422 if form.errors else 200)


@require_POST
def freezing(request: HttpRequest, pk: int) -> HttpResponse:
    """Promise the case to the customer."""
    case = load(ValueCase, user=request.user, write=True, pk=pk)
    if not case.lines.exists():
        toast(request, _("There is nothing to promise yet. Add a line of value first."), level=messages.ERROR)
    else:
        case.freeze(by=request.user, now=timezone.now())
        toast(request, _("Promised. From now on this value case does not change."))
    return redirect("discovery:value_case", pk=pk)


@require_POST
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the case as a draft."""
    case = load(ValueCase, user=request.user, write=True, pk=pk)
    copy = case.new_version(by=request.user, now=timezone.now())
    toast(request, _("This is the new version. The promised one stays as it was."))
    return redirect("discovery:value_case", pk=copy.pk)

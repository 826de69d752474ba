"""The builder: a calculator's list, its page, its lines; published and withdrawn."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit import formats
from proofline.kit.components import Empty, toast
from proofline.records.access import LONGEST_KEY, load, require_write
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.records.models import ValueMetric, Workspace
from proofline.records.views.answers import accepted
from proofline.stages.discovery.calculators.asking import ask, usual_label
from proofline.stages.discovery.calculators.asks import said
from proofline.stages.discovery.calculators.beginning import first_line
from proofline.stages.discovery.calculators.forms import SHORT, CalculatorForm, LineForm
from proofline.stages.discovery.calculators.leaving import given
from proofline.stages.discovery.calculators.lists import CALCULATORS
from proofline.stages.discovery.calculators.reaching import reach_of, with_reach
from proofline.stages.discovery.calculators.views.public import page, spoken
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import Calculation, Calculator, CalculatorLine, NotPublishableError

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.calculators.asks import Ask

NEWEST = 10


@require_GET
def calculators(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=CALCULATORS,
        empty=Empty(
            title=_("No calculators yet"),
            text=_(
                "A calculator on your website lets visitors calculate what you are worth to them; who leaves their name is a lead."
            ),
            url=reverse("discovery:calculator_new"),
            label=_("New calculator"),
            icon="math-function",
        ),
    )
    return listing.render("discovery/calculators/list.html", {"may_write": request.user.may_write("discovery")})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a calculator."""
    require_write(request.user, area="discovery")
    first = Calculator(currency=Workspace.current().currency, owner=request.user)
    form = CalculatorForm(posted(request), instance=first)
    made: list[Calculator] = []

    def begin() -> None:
        made.append(Calculator.objects.begin(by=request.user, now=timezone.now(), **form.values))

    if request.method == "POST" and accepted(form, begin):
        return redirect(made[0])
    context = {"form": form, "cancel": reverse("discovery:calculators"), "submit": _("Begin calculator")}
    return render(request, "discovery/calculators/calculator_form.html", context, status=422 if form.errors else 200)


@require_GET
def calculator(request: HttpRequest, pk: int) -> HttpResponse:
    """The builder."""
    record = load(with_reach(Calculator.objects.select_related("owner", "product")), user=request.user, pk=pk)
    seen = Calculation.objects.visible_to(request.user).filter(calculator=record).select_related("lead")
    publication = record.publication
    context = {
        "calculator": record,
        "publication": publication,
        "reach": reach_of(record),
        "lines": [(line, _told(line)) for line in record.ordered_lines],
        "problems": [] if publication else record.problems,
        "calculations": seen.order_by("-pk")[:NEWEST],
        "languages": [record.say("title", code) for code in record.languages],
        "public_url": settings.PUBLIC_URL + record.public_path,
        "script_url": f"{settings.PUBLIC_URL}/{settings.STATIC_URL.strip('/')}/discovery/embed.js",
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/calculators/calculator.html", context)


def _told(line: CalculatorLine) -> list[tuple[str, str, str]]:
    """Return the numbers of a line: which, as it is written, and what the visitor is asked ("" where it is fixed)."""
    label = "label_zh" if formats.is_chinese() else "label_en"
    currency = line.calculator.currency
    return [
        (str(SHORT[what]), _number(what, one), (getattr(one, label) or usual_label(what, line, currency)) if one.asked else "")
        for what, one in line.asks.items()
    ]  # fmt: skip


def _number(what: str, one: Ask) -> str:
    unit = "%" if what == "improvement" else ""
    text = f"{said(what, one.value)}{unit}"
    if one.least is None or one.most is None:
        return text
    return f"{text} ({said(what, one.least)}{unit} – {said(what, one.most)}{unit})"


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change its words, its investment, whom it asks for, where it stands."""
    record = load(Calculator, user=request.user, write=True, pk=pk)
    form = CalculatorForm(posted(request), instance=copy.copy(record))
    form = watched(form, record, user=request.user)
    if request.method == "POST" and accepted(
        form, lambda: record.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return redirect(record)
    context = {"form": form, "calculator": record, "cancel": record.get_absolute_url()}
    return render(request, "discovery/calculators/calculator_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def line_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line; `?metric=` begins it with a metric of the catalogue."""
    record = load(Calculator, user=request.user, write=True, pk=pk)
    form = LineForm(posted(request), instance=first_line(record, _metric(request)))
    if request.method == "POST" and accepted(
        form, lambda: CalculatorLine.add_to(record, by=request.user, now=timezone.now(), **form.values)
    ):
        return redirect(record)
    return _line_page(request, form, record, submit=_("Add line"))


def _metric(request: HttpRequest) -> ValueMetric | None:
    number = request.GET.get("metric", "")
    return ValueMetric.objects.filter(pk=number).first() if number.isdecimal() and len(number) < LONGEST_KEY else None


@require_http_methods(["GET", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a line."""
    record = load(CalculatorLine.objects.select_related("calculator"), user=request.user, write=True, pk=pk)
    form = LineForm(posted(request), instance=copy.copy(record))
    if request.method == "POST" and accepted(
        form, lambda: record.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return redirect(record.calculator)
    return _line_page(request, form, record.calculator, line=record)


def _line_page(request: HttpRequest, form: LineForm, record: Calculator, **more: Any) -> HttpResponse:
    units = ("h/week", "h/month", f"{record.currency}/month", f"{record.currency}/year")
    context = {"form": form, "calculator": record, "units": units, "cancel": record.get_absolute_url(), **more}
    return render(request, "discovery/calculators/line_form.html", context, status=422 if form.errors else 200)


@require_POST
def line_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line out."""
    record = load(CalculatorLine.objects.select_related("calculator"), user=request.user, write=True, pk=pk)
    home = record.calculator
    record.remove()
    return redirect(home)


@require_POST
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Let visitors reach it."""
    record = load(Calculator, user=request.user, write=True, pk=pk)
    try:
        record.publish(by=request.user, now=timezone.now())
    except NotPublishableError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    else:
        toast(request, _("Visitors reach it now."))
    return redirect(record)


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Close its page."""
    record = load(Calculator, user=request.user, write=True, pk=pk)
    record.withdraw(by=request.user, now=timezone.now())
    toast(request, _("Its page is closed. What was calculated stays."))
    return redirect(record)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one with which nobody reckoned."""
    record = load(Calculator, user=request.user, write=True, pk=pk)
    try:
        record.remove()
    except ValidationError:
        toast(request, _("Visitors calculated with it, so it stays; withdraw it instead."), level=messages.ERROR)
        return redirect(record)
    return redirect("discovery:calculators")


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as visitors see it; nothing is kept."""
    record = load(Calculator, user=request.user, pk=pk)
    typed = given(request)
    language = spoken(record, typed.get("language", ""))
    with translation.override(language):
        return page(request, record, language, ask(record, language=language, given=typed), preview=True)

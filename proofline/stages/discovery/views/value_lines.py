"""Lines of value: added, changed, removed, and their formula while it is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.models import Pain, ValueMetric
from proofline.stages.discovery.forms import ValueLineForm, posted
from proofline.stages.discovery.improving import basis_of
from proofline.stages.discovery.models import FrozenError, LineTemplate, ValueCase, ValueLine
from proofline.stages.discovery.suggestions import first_values

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

NEEDED = ("name", "quantity", "unit", "people", "expected")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line; `?pain=&metric=&need=&template=` come from a suggestion."""
    case = load(ValueCase, user=request.user, write=True, pk=pk)
    form = ValueLineForm(posted(request), instance=ValueLine(value_case=case, **_first_values(request, case)))
    if request.method == "POST" and form.is_valid():
        try:
            case.add_line(by=request.user, now=timezone.now(), **form.cleaned_data)
        except FrozenError as error:
            toast(request, str(error), level=messages.ERROR)
        return redirect("discovery:value_case", pk=pk)
    return _form_page(request, form, case)


def _first_values(request: HttpRequest, case: ValueCase) -> dict[str, Any]:
    if request.method == "POST":
        return {}
    return first_values(
        case=case,
        need=_chosen(case.study.needs.all(), request.GET.get("need")),
        pain=_chosen(Pain.objects.all(), request.GET.get("pain")),
        metric=_chosen(ValueMetric.objects.all(), request.GET.get("metric")),
        template=_chosen(LineTemplate.objects.select_related("pain", "metric"), request.GET.get("template")),
    )


def _chosen(queryset: Any, key: str | None) -> Any:
    return queryset.filter(pk=key).first() if key and key.isdigit() else None


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a line."""
    line = load(ValueLine, user=request.user, write=True, pk=pk)
    form = ValueLineForm(posted(request), instance=load(ValueLine, user=request.user, pk=pk))
    form = watched(form, line, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            line.change(by=request.user, now=timezone.now(), **form.cleaned_data)
        except FrozenError as error:
            toast(request, str(error), level=messages.ERROR)
        return redirect("discovery:value_case", pk=line.value_case_id)
    return _form_page(request, form, line.value_case, line=line)


def _form_page(
    request: HttpRequest, form: ValueLineForm, case: ValueCase, *, line: ValueLine | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "case": case,
        "line": line,
        "units": ("h/week", "h/month", f"{case.currency}/month", f"{case.currency}/week"),
        "submit": _("Save") if line else _("Add line"),
        "cancel": reverse("discovery:value_case", args=[case.pk]),
        "formula": line.formula if line and not form.errors else None,
        "basis": basis_of(form.instance.metric, case.study.account),
    }
    return render(request, "discovery/value_line_form.html", context, status=422 if form.errors else 200)


@require_POST
def formula(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is typed so far as a formula, or what is wrong with its units."""
    case = load(ValueCase, user=request.user, pk=pk)
    form = ValueLineForm(request.POST, instance=ValueLine(value_case=case))
    form.is_valid()
    ready = all(form.cleaned_data.get(name) is not None for name in NEEDED) and not {
        "unit",
        "rate_amount",
        "quantity",
    } & set(form.errors)
    context = {
        "formula": form.instance.formula if ready else None,
        "trouble": next((form.errors[name][0] for name in ("unit", "expected", "quantity") if name in form.errors), "")
        if request.POST.get("expected")
        else "",
        "basis": basis_of(form.cleaned_data.get("metric"), case.study.account),
    }
    return render(request, "discovery/parts/formula.html", context)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line out of its case."""
    line = load(ValueLine, user=request.user, write=True, pk=pk)
    case = line.value_case_id
    try:
        line.remove()
    except FrozenError as error:
        toast(request, str(error), level=messages.ERROR)
    return redirect("discovery:value_case", pk=case)

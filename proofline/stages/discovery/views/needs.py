"""Needs: noted, followed down to the loss behind them, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.forms.meanwhile import watched
from proofline.records.models import Workspace
from proofline.stages.discovery.forms import NeedForm, posted
from proofline.stages.discovery.models import Need, Study

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a need of a study; `?because_of=` names the need whose why it is."""
    study = load(Study, user=request.user, write=True, pk=pk)
    form = NeedForm(posted(request), instance=Need(study=study), initial=_first_values(request, study))
    if request.method == "POST" and form.is_valid():
        Need.objects.record(by=request.user, now=timezone.now(), study=study, **form.cleaned_data)
        return redirect("discovery:study", pk=pk)
    context = {"form": form, "study": study, "cancel": study.get_absolute_url(), "submit": _("Note need")}
    return render(request, "discovery/need_form.html", context, status=422 if form.errors else 200)


def _first_values(request: HttpRequest, study: Study) -> dict[str, Any]:
    values: dict[str, Any] = {"loss_currency": Workspace.current().currency, "stated_by": study.contact_id}
    above = request.GET.get("because_of", "")
    if above.isdigit() and study.needs.filter(pk=above).exists():
        values |= {"kind": Need.Kind.DEEP, "because_of": above}
    return values


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a need."""
    need = load(Need, user=request.user, write=True, pk=pk)
    form = NeedForm(posted(request), instance=load(Need, user=request.user, pk=pk))
    form = watched(form, need, user=request.user)
    if request.method == "POST" and form.is_valid():
        need.change(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect("discovery:study", pk=need.study_id)
    context = {"form": form, "study": need.study, "need": need, "cancel": need.study.get_absolute_url()}
    return render(request, "discovery/need_form.html", context, status=422 if form.errors else 200)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a need back."""
    need = load(Need, user=request.user, write=True, pk=pk)
    study = need.study_id
    need.remove()
    toast(request, _("The need was taken back."))
    return redirect("discovery:study", pk=study)

"""The steps of a playbook: added, worded, put in order, taken away."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.enablement.forms import StepForm
from proofline.enablement.models import Playbook, Step
from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.records.views.answers import accepted, posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

AREA = Playbook.write_area


@require_http_methods(["GET", "POST"])
def step_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a step to a playbook."""
    require_write(request.user, area=AREA)
    playbook = load(Playbook.objects.present(), user=request.user, pk=pk)
    form = StepForm(posted(request), playbook=playbook)
    if form.is_bound and accepted(form, lambda: playbook.add_step(**form.values())):
        return redirect(playbook)
    return _form(request, form, playbook, _("Add a step"))


@require_http_methods(["GET", "POST"])
def step_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a step; whoever ticked it still has."""
    found = _load(request, pk)
    form = StepForm(posted(request), instance=copy.copy(found), playbook=found.playbook)
    if form.is_bound and accepted(form, lambda: found.edit(**form.values())):
        return redirect(found.playbook)
    return _form(request, form, found.playbook, _("Change the step"))


@require_POST
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a step up or down (`step`)."""
    found = _load(request, pk)
    found.move(up=request.POST.get("step") == "up")
    return redirect(found.playbook)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a step away."""
    found = _load(request, pk)
    found.take_away(now=timezone.now())
    toast(request, _("The step is removed."), undo=reverse("enablement:step_restoration", args=[pk]))
    return redirect(found.playbook)


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a step back."""
    found = _load(request, pk, removed=True)
    found.bring_back()
    return redirect(found.playbook)


def _load(request: HttpRequest, pk: int, *, removed: bool = False) -> Step:
    require_write(request.user, area=AREA)
    rows = Step.objects.filter(playbook__removed_at=None) if removed else Step.objects.present()
    return get_object_or_404(rows.select_related("playbook"), pk=pk)


def _form(request: HttpRequest, form: StepForm, playbook: Playbook, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "playbook": playbook, "cancel": playbook.get_absolute_url()}
    return render(request, "enablement/form.html", context, status=422 if form.errors else 200)

"""The playbooks, by stage: written, changed, taken away."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.enablement.forms import NewPlaybookForm, PlaybookForm
from proofline.enablement.models import Playbook, Stage
from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.records.views.answers import accepted, posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

AREA = Playbook.write_area


@require_GET
def playbooks(request: HttpRequest) -> HttpResponse:
    """Show all playbooks in the order of the sale."""
    found = list(Playbook.objects.present().prefetch_related("steps").order_by("position", "pk"))
    stages = [(label, own) for stage, label in Stage.choices if (own := [one for one in found if one.stage == stage])]
    context = {"stages": stages, "may_write": request.user.may_write(AREA)}
    return render(request, "enablement/playbooks.html", context)


@require_http_methods(["GET", "POST"])
def playbook_new(request: HttpRequest) -> HttpResponse:
    """Write a playbook."""
    require_write(request.user, area=AREA)
    form = NewPlaybookForm(posted(request), initial={"stage": request.GET.get("stage")})

    def write() -> None:
        form.instance = Playbook.objects.write(by=request.user, now=timezone.now(), steps=form.lines(), **form.values())

    if form.is_bound and accepted(form, write):
        return redirect(form.instance)
    context = {"form": form, "title": _("Write a playbook"), "cancel": reverse("enablement:playbooks")}
    return render(request, "enablement/form.html", context, status=422 if form.errors else 200)


@require_GET
def playbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a playbook with its steps."""
    found = load(Playbook.objects.present(), user=request.user, pk=pk)
    labels = {key: (kind, label) for kind in found.stands_with for key, label in kind.named_states()}
    context = {
        "playbook": found,
        "steps": [(step, labels.get(step.state)) for step in found.steps_in_order],
        "kind": next((kind.label for kind in found.stands_with if kind.name == found.kind), ""),
        "may_write": request.user.may_write(AREA),
    }
    return render(request, "enablement/playbook.html", context)


@require_http_methods(["GET", "POST"])
def playbook_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a playbook's title, stage and place."""
    require_write(request.user, area=AREA)
    found = load(Playbook.objects.present(), user=request.user, pk=pk)
    form = PlaybookForm(posted(request), instance=copy.copy(found))
    if form.is_bound and accepted(form, lambda: found.change(by=request.user, now=timezone.now(), **form.values())):
        return redirect(found)
    context = {"form": form, "title": str(found), "cancel": found.get_absolute_url()}
    return render(request, "enablement/form.html", context, status=422 if form.errors else 200)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a playbook away, with its steps."""
    found = load(Playbook, user=request.user, write=True, pk=pk)
    found.take_away(now=timezone.now())
    toast(request, _("The playbook is removed."), undo=reverse("enablement:playbook_restoration", args=[pk]))
    return redirect("enablement:playbooks")


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a playbook back."""
    found = load(Playbook, user=request.user, write=True, pk=pk)
    found.bring_back()
    return redirect(found)

"""The playbooks, by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.enablement.forms import PlaybookForm
from proofline.enablement.models import Playbook
from proofline.records.access import load, require_write

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def playbooks(request: HttpRequest) -> HttpResponse:
    """All playbooks in the order of the sale."""
    found = list(Playbook.objects.order_by("position", "pk"))
    stages = [
        (label, [playbook for playbook in found if playbook.stage == stage])
        for stage, label in Playbook.Stage.choices
        if any(playbook.stage == stage for playbook in found)
    ]
    context = {"stages": stages, "may_write": request.user.may_write("enablement")}
    return render(request, "enablement/playbooks.html", context)


@require_http_methods(["GET", "POST"])
def playbook(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write or change a playbook."""
    require_write(request.user, area="enablement")
    existing = load(Playbook, user=request.user, pk=pk) if pk else None
    form = PlaybookForm(request.POST or None, instance=existing)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("enablement:playbooks")
    context = {"form": form, "playbook": existing}
    return render(request, "enablement/playbook.html", context, status=422 if form.errors else 200)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a playbook."""
    load(Playbook, user=request.user, write=True, pk=pk).delete()
    return redirect("enablement:playbooks")

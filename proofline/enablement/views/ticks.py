"""A record's playbook: what is done of it, and the step that applies now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.enablement.guiding import step_of
from proofline.enablement.models import tick, untick
from proofline.enablement.panels import context_of
from proofline.kit.components import toast
from proofline.records.access import load

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.enablement.kinds import Kind


@require_GET
def of_record(request: HttpRequest, pk: int, *, kind: Kind) -> HttpResponse:
    """Show a record's playbooks. With `?part=1` the answer is the panel on its page."""
    return _answer(request, kind, load(kind.model, user=request.user, pk=pk))


@require_POST
def done(request: HttpRequest, pk: int, step: int, *, kind: Kind) -> HttpResponse:
    """Tick a step."""
    record = load(kind.model, user=request.user, write=True, pk=pk)
    found = step_of(kind, step)
    tick(found, record, by=request.user, now=timezone.now())
    toast(request, _("Step done."), undo=reverse(f"enablement:{kind.name}_undone", args=[pk, step]))
    return _answer(request, kind, record)


@require_POST
def undone(request: HttpRequest, pk: int, step: int, *, kind: Kind) -> HttpResponse:
    """Take a tick back."""
    record = load(kind.model, user=request.user, write=True, pk=pk)
    untick(step_of(kind, step), record, by=request.user, now=timezone.now())
    return _answer(request, kind, record)


def _answer(request: HttpRequest, kind: Kind, record: Any) -> HttpResponse:
    part = request.GET.get("part") == "1"
    if request.method == "POST" and not part:
        return redirect(record)
    return render(request, f"enablement/{'panel' if part else 'record'}.html", context_of(request, kind, record))

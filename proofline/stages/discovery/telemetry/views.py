"""What a customer's use says, on the page of their study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.models import Study
from proofline.stages.discovery.telemetry import suggesting
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stands out in the account's use: the part of the study's page with `?part=1`, else a page of its own."""
    study = load(Study.objects.select_related("account"), user=request.user, pk=pk)
    found = suggesting.read(study, now=timezone.now())
    page = "discovery/telemetry/part.html" if "part" in request.GET else "discovery/telemetry/page.html"
    may_write = request.user.may_write("discovery")
    return render(request, page, {"study": study, "found": found, "may_write": may_write})


@require_POST
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the need that a finding suggests."""
    study = load(Study, user=request.user, write=True, pk=pk)
    try:
        noted = suggesting.note(study, request.POST.get("finding", ""), by=request.user, now=timezone.now())
    except StoreError:
        toast(
            request,
            _("What they do in the product can’t be read at the moment. Try again later."),
            level=messages.ERROR,
        )
        return redirect("discovery:study", pk=pk)
    if noted is None:
        toast(request, _("This does not stand out any more."), level=messages.ERROR)
    else:
        toast(request, _("Noted as a need, with what was seen."))
    return redirect("discovery:study", pk=pk)

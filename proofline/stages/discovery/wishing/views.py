"""Our side of the add-ons: which the customer may switch, and taking what they chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import OfferedAddOn, Proposal
from proofline.stages.discovery.wishing.choosing import ForbiddenChoiceError
from proofline.stages.discovery.wishing.forms import AddOnsForm
from proofline.stages.discovery.wishing.wishing import take_wishes

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PROPOSALS = Proposal.objects.select_related("study__account", "study__owner", "configuration")


@require_http_methods(["GET", "POST"])
def add_ons(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which add-ons the customer may switch on."""
    proposal = load(PROPOSALS, user=request.user, write=True, pk=pk)
    form = AddOnsForm(posted(request), proposal=proposal)
    if request.method == "POST" and form.is_valid():
        OfferedAddOn.offer(proposal, form.cleaned_data["modules"])
        return redirect(f"{proposal.get_absolute_url()}#add-ons")
    context = {"form": form, "proposal": proposal, "cancel": proposal.get_absolute_url(), "submit": _("Save")}
    return render(request, "discovery/wishing/form.html", context, status=422 if form.errors else 200)


@require_POST
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what the customer chose into the configuration."""
    proposal = load(PROPOSALS, user=request.user, write=True, pk=pk)
    try:
        made = take_wishes(proposal, by=request.user, now=timezone.now())
    except (ValidationError, ForbiddenChoiceError) as error:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        toast(request, why, level=messages.ERROR)
    else:
        toast(request, _("Version %(version)s was kept.") % {"version": made.configuration.version})
    return redirect(f"{proposal.get_absolute_url()}#add-ons")

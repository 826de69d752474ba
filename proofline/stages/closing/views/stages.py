"""The stages of the board: what they are called, how likely a win is, and what has to be true before a deal leaves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit.components import toast
from proofline.records.access import require_write
from proofline.stages.closing.forms import StageForm
from proofline.stages.closing.models import DealStage
from proofline.stages.closing.views.answers import add_errors, show_form, user_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

AREA = "settings"


@require_GET
def stages(request: HttpRequest) -> HttpResponse:
    """Show the stages in order."""
    context = {"stages": DealStage.objects.ladder(), "may_write": user_of(request).may_write(AREA)}
    return render(request, "closing/stages.html", context)


@require_http_methods(["GET", "POST"])
def stage_new(request: HttpRequest) -> HttpResponse:
    """Add a stage after the last one."""
    require_write(user_of(request), area=AREA)
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            DealStage.objects.add(**form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, _("Stage added."))
            return redirect("closing:stages")
    return show_form(request, form, title=_("New stage"), submit=_("Add stage"), cancel=reverse("closing:stages"))


@require_http_methods(["GET", "POST"])
def stage_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a stage."""
    require_write(user_of(request), area=AREA)
    found = get_object_or_404(DealStage, pk=pk)
    form = StageForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            found.edit(**form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            toast(request, _("Saved."))
            return redirect("closing:stages")
    return show_form(request, form, title=_("Edit stage"), cancel=reverse("closing:stages"))

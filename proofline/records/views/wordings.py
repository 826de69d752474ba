"""The glossary of the company's voice, in Settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import require_write
from proofline.records.forms.settings import WordingForm
from proofline.records.models import Wording
from proofline.records.views.answers import accepted, form_page, posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SETTINGS = "settings"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a term."""
    require_write(request.user, area=SETTINGS)
    form = WordingForm(posted(request), user=request.user)
    if request.method == "POST" and accepted(form, lambda: Wording.objects.add(**form.values)):
        return _back()
    return _form(request, form, title=_("New term"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a term."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(Wording, pk=pk)
    form = WordingForm(posted(request), user=request.user, instance=found)
    if request.method == "POST" and accepted(form, lambda: found.change(**form.values)):
        return _back()
    return _form(request, form, title=_("Change term"))


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a term out."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(Wording, pk=pk)
    toast(request, _("Removed: %(item)s") % {"item": found})
    found.remove()
    return _back()


def _back() -> HttpResponse:
    return redirect(reverse("records:workspace") + "#voice")


def _form(request: HttpRequest, form: WordingForm, *, title: str) -> HttpResponse:
    back = (_("Workspace"), reverse("records:workspace"))
    return form_page(request, form, title=title, cancel=back[1], back=back)

"""Templates of value lines in the catalogue: what to ask for each pain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.records.catalogue_pages import tabs
from proofline.records.forms.meanwhile import watched
from proofline.records.models import Pain, Workspace
from proofline.records.views.answers import accepted, form_page
from proofline.stages.discovery.forms import LineTemplateForm, posted
from proofline.stages.discovery.models import LineTemplate

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def line_templates(request: HttpRequest) -> HttpResponse:
    """List the templates under their pains."""
    templates = LineTemplate.objects.select_related("pain", "metric").order_by("pain__name", "pk")
    context = {
        "tabs": tabs("templates"),
        "templates": templates,
        "has_pains": Pain.objects.exists(),
        "may_write": request.user.may_write("library"),
    }
    return render(request, "discovery/line_templates.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a template; `?pain=` names its pain."""
    require_write(request.user, area="library")
    asked = request.GET.get("pain", "")
    pain = Pain.objects.filter(pk=asked).first() if asked.isdecimal() else None
    first = LineTemplate(pain=pain, metric=pain.metrics.first() if pain else None) if pain else LineTemplate()
    first.currency = Workspace.current().currency
    form = LineTemplateForm(posted(request), instance=first)

    def add() -> None:
        LineTemplate.objects.add(by=request.user, now=timezone.now(), **form.cleaned_data)

    if request.method == "POST" and accepted(form, add):
        return redirect("discovery:line_templates")
    return _form(request, form, title=_("New template of a value line"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a template."""
    record = load(LineTemplate, user=request.user, pk=pk, write=True)
    form = LineTemplateForm(posted(request), instance=load(LineTemplate, user=request.user, pk=pk))
    form = watched(form, record, user=request.user)

    def change() -> None:
        record.change(by=request.user, now=timezone.now(), **form.cleaned_data)

    if request.method == "POST" and accepted(form, change):
        return redirect("discovery:line_templates")
    return _form(request, form, title=_("Change template"))


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a template; the lines that began with it stay."""
    load(LineTemplate, user=request.user, pk=pk, write=True).remove()
    toast(request, _("The template was removed. Lines that began with it stay."))
    return redirect("discovery:line_templates")


def _form(request: HttpRequest, form: LineTemplateForm, *, title: str) -> HttpResponse:
    address = reverse("discovery:line_templates")
    return form_page(request, form, title=title, cancel=address, back=(_("Catalogue"), address))

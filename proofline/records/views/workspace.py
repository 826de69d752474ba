"""Settings of the company: brand, currency, hours, exchange rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.colour import contrast_told, second_told
from proofline.kit.components import toast
from proofline.records.access import require_write
from proofline.records.forms import ExchangeRateForm, WorkspaceForm
from proofline.records.models import ExchangeRate, Wording, Workspace
from proofline.records.views.answers import accepted, form_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SETTINGS = "settings"


@require_http_methods(["GET", "POST"])
def workspace(request: HttpRequest) -> HttpResponse:
    """Show and change the company's brand, currency and hours; list its exchange rates."""
    require_write(request.user, area=SETTINGS)
    current = Workspace.current()
    form = WorkspaceForm(request.POST or None, request.FILES or None, user=request.user, instance=current)
    if request.method == "POST" and accepted(
        form, lambda: current.change(by=request.user, now=timezone.now(), **form.values)
    ):
        toast(request, _("Settings saved."))
        return redirect("records:workspace")
    context = {
        "form": form,
        "current": Workspace.current(),
        "wordings": Wording.objects.order_by("english", "chinese", "pk"),
        "contrast": [contrast_told(current.accent), *([second_told(current.second)] if current.second else [])],
        "rates": ExchangeRate.objects.order_by("currency", "-since"),
    }
    return render(request, "records/workspace.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def rate_new(request: HttpRequest) -> HttpResponse:
    """Note what a currency is worth from a day on."""
    require_write(request.user, area=SETTINGS)
    form = ExchangeRateForm(request.POST or None, user=request.user, initial={"since": timezone.localdate()})
    if request.method == "POST" and accepted(form, lambda: ExchangeRate.note(**form.values)):
        toast(request, _("Exchange rate saved."))
        return redirect("records:workspace")
    back = (_("Workspace"), reverse("records:workspace"))
    intro = _("One unit of the currency is worth so much in %(currency)s.") % {"currency": Workspace.current().currency}
    return form_page(request, form, title=_("New exchange rate"), cancel=back[1], back=back, intro=intro)


@require_POST
def rate_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an exchange rate away."""
    require_write(request.user, area=SETTINGS)
    ExchangeRate.objects.filter(pk=pk).delete()
    return redirect("records:workspace")

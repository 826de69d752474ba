"""Public forms: their list and editor for us, the form itself for visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from proofline.records.access import load, require_write
from proofline.stages.reach.forms import LeadFormForm, PublicLeadForm
from proofline.stages.reach.models import UTM, LeadForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ANONYMOUS_COOKIE = "proofline_anonymous"


@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """All public forms."""
    found = LeadForm.objects.select_related("owner", "product").order_by("title")
    return render(request, "reach/forms.html", {"forms": found, "may_write": request.user.may_write("reach")})


@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a public form."""
    require_write(request.user, area="reach")
    existing = load(LeadForm, user=request.user, pk=pk) if pk else None
    editing = LeadFormForm(request.POST or None, instance=existing)
    if request.method == "POST" and editing.is_valid():
        editing.save()
        return redirect("reach:forms")
    public_url = settings.PUBLIC_URL + reverse("reach:form_public", args=[existing.slug]) if existing else ""
    context = {"form": editing, "lead_form": existing, "public_url": public_url}
    return render(request, "reach/form.html", context, status=422 if editing.errors else 200)


@csrf_exempt  # visitors have no session to misuse; the form may stand on the company's own website
@login_not_required
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type] # its types forget the address's parts
@xframe_options_exempt
@require_http_methods(["GET", "POST"])
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """The form as visitors see it; it may stand in a frame on the company's website."""
    lead_form = LeadForm.objects.filter(slug=slug, closed_at=None).first()
    if lead_form is None:
        raise Http404
    with translation.override(lead_form.language):
        answer = PublicLeadForm(request.POST or None)
        if request.method == "POST" and answer.is_valid():
            if not answer.cleaned_data.pop("website"):
                _receive(request, lead_form, answer)
            return redirect(reverse("reach:form_thanks", args=[slug]))
        context = {"lead_form": lead_form, "form": answer, "campaign": campaign(request), "visitor": visitor(request)}
        return render(request, "reach/public_form.html", context, status=422 if answer.errors else 200)


def campaign(request: HttpRequest) -> dict[str, str]:
    """Return what the address, or the form that it was handed on with, says of the campaign."""
    given = request.POST if request.method == "POST" else request.GET
    return {name: given[name][:200] for name in (*UTM, "source") if given.get(name)}


def visitor(request: HttpRequest) -> str:
    """Return the visitor's anonymous id: handed on by the page that shows the form, else from the browser snippet's cookie."""
    given = request.POST if request.method == "POST" else request.GET
    return (given.get("anonymous_id") or request.COOKIES.get(ANONYMOUS_COOKIE, ""))[:200]


def _receive(request: HttpRequest, lead_form: LeadForm, answer: PublicLeadForm) -> None:
    anonymous = visitor(request) or None
    lead_form.receive(now=timezone.now(), anonymous=anonymous, **campaign(request), **answer.cleaned_data)


@login_not_required
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type] # its types forget the address's parts
@xframe_options_exempt
@require_GET
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """What a visitor sees after the form."""
    lead_form = LeadForm.objects.filter(slug=slug).first()
    if lead_form is None:
        raise Http404
    with translation.override(lead_form.language):
        return render(request, "reach/public_thanks.html", {"lead_form": lead_form})

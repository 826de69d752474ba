"""Battle cards: claims are written, proven, confirmed and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.records.forms import ClaimForm
from proofline.records.forms.meanwhile import watched
from proofline.records.models import Claim, Competitor
from proofline.records.views.answers import accepted, form_page, posted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a claim on a competitor's card; `?kind=` says of which kind."""
    competitor = load(Competitor, user=request.user, pk=pk, write=True)
    first = {"checked_on": timezone.localdate(), "kind": request.GET.get("kind", Claim.Kind.WIN)}
    form = ClaimForm(posted(request), user=request.user, instance=Claim(competitor=competitor, **first), initial=first)
    if request.method == "POST" and accepted(
        form,
        lambda: Claim.objects.add(by=request.user, now=timezone.now(), competitor=competitor, **form.values),
    ):
        return redirect(competitor)
    home = competitor.get_absolute_url()
    return form_page(request, form, title=_("New claim"), submit=_("Add"), cancel=home, back=(str(competitor), home))


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a claim."""
    found = load(Claim.objects.select_related("competitor"), user=request.user, pk=pk, write=True)
    form = ClaimForm(posted(request), user=request.user, instance=found)
    form = watched(form, found, user=request.user)
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return redirect(found.competitor)
    home = found.competitor.get_absolute_url()
    return form_page(request, form, title=_("Change claim"), cancel=home, back=(str(found.competitor), home))


@require_POST
def claim_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a claim was checked and is still true."""
    found = load(Claim.objects.select_related("competitor"), user=request.user, pk=pk, write=True)
    found.change(by=request.user, now=timezone.now(), checked_on=timezone.localdate())
    return redirect(found.competitor)


@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the whole card was checked and is still true."""
    found = load(Competitor, user=request.user, pk=pk, write=True)
    found.confirm(by=request.user, now=timezone.now(), today=timezone.localdate())
    toast(request, _("Checked today: everything on the card."))
    return redirect(found)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a claim off its card."""
    found = load(Claim.objects.select_related("competitor"), user=request.user, pk=pk, write=True)
    found.remove()
    toast(request, _("Removed: %(item)s") % {"item": found})
    return redirect(found.competitor)

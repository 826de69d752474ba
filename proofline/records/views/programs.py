"""Settings of programs: sources that send events, tokens that use the API."""

from __future__ import annotations

import copy
from collections import Counter
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import require_write
from proofline.records.forms import SourceChangeForm, SourceForm, TokenForm
from proofline.records.models import ApiToken
from proofline.records.setting_up import guides
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.sending import sent_by
from proofline.records.views.workspace import SETTINGS
from proofline.timeline.models import Quarantined, Source

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """List what sends events."""
    require_write(request.user, area=SETTINGS)
    refused = Counter[int | None]()
    for group in Quarantined.objects.held().groups():
        refused[group.source] += group.events
    rows = [(source, refused[source.pk]) for source in Source.objects.order_by("revoked_at", "name")]
    return render(request, "records/sources.html", {"sources": rows, "quarantined": refused.total()})


@require_http_methods(["GET", "POST"])
def source_new(request: HttpRequest) -> HttpResponse:
    """Add a source."""
    require_write(request.user, area=SETTINGS)
    form = SourceForm(request.POST or None)
    made: list[Source] = []

    def add() -> None:
        made.append(Source.add(now=timezone.now(), **form.cleaned_data))

    if request.method == "POST" and accepted(form, add):
        return redirect("records:source", made[0].pk)
    back = (_("Sources"), reverse("records:sources"))
    return form_page(request, form, title=_("New source"), submit=_("Add source"), cancel=back[1], back=back)


@require_GET
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a source's write key and the code to copy for each client."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(Source, pk=pk)
    address = request.build_absolute_uri("/").rstrip("/")
    context = {"source": found, "guides": guides(found, address=address), **sent_by(found, now=timezone.now())}
    return render(request, "records/source.html", context)


@require_http_methods(["GET", "POST"])
def source_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a source's name, allowed websites and rate."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(Source, pk=pk)
    form = SourceChangeForm(request.POST or None, instance=copy.copy(found))
    if request.method == "POST" and accepted(form, lambda: found.change(**form.cleaned_data)):
        toast(request, _("Source saved."))
        return redirect("records:source", found.pk)
    back = (str(found), reverse("records:source", args=[found.pk]))
    intro = _("Events keep the name of the source under which they came.")
    return form_page(request, form, title=_("Change the source"), cancel=back[1], back=back, intro=intro)


@require_POST
def source_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more events with this key."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(Source, pk=pk)
    found.revoke(now=timezone.now())
    toast(request, _("Events with the key of %(source)s are refused from now on.") % {"source": found.name})
    return redirect("records:sources")


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's own tokens."""
    return render(request, "records/tokens.html", {"tokens": request.user.tokens.order_by("revoked_at", "-pk")})


@require_http_methods(["GET", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer shows its text, once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token, text = ApiToken.issue(user=request.user, name=form.cleaned_data["name"], now=timezone.now())
        return render(request, "records/token.html", {"token": token, "text": text})
    back = (_("Access tokens"), reverse("records:tokens"))
    return form_page(
        request,
        form,
        title=_("New access token"),
        submit=_("Make token"),
        cancel=back[1],
        back=back,
        intro=_("A token works in your name: it sees and changes what you may."),
    )


@require_POST
def token_revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    get_object_or_404(ApiToken, pk=pk, user=request.user).revoke(now=timezone.now())
    return redirect("records:tokens")

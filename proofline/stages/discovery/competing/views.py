"""What a customer uses or considers instead of us: noted in a study, changed, taken back; and the list over all customers."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.records.models import Workspace
from proofline.records.views.answers import accepted
from proofline.stages.discovery.competing.forms import AlternativeForm
from proofline.stages.discovery.competing.lists import ALTERNATIVES
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import Alternative, Study

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def alternatives(request: HttpRequest) -> HttpResponse:
    """List what all customers use and consider."""
    listing = RecordList.of(
        request,
        kind=ALTERNATIVES,
        empty=Empty(
            title=_("Nothing noted yet"),
            text=_("A discovery says what the customer uses today, such as “Excel, since 2019, for nothing”."),
            url=reverse("discovery:studies"),
            label=_("Go to discovery"),
            icon="swords",
        ),
    )
    return listing.render("discovery/competing/alternatives.html")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what a study's customer uses or considers."""
    study = load(Study, user=request.user, write=True, pk=pk)
    first = {"currency": Workspace.current().currency, "stated_by": study.contact_id}
    form = AlternativeForm(posted(request), instance=Alternative(study=study), initial=first)
    if request.method == "POST" and accepted(
        form,
        lambda: Alternative.objects.note(by=request.user, now=timezone.now(), study=study, **form.cleaned_data),
    ):
        return redirect(f"{study.get_absolute_url()}#alternatives")
    return _page(request, form, study=study, submit=_("Note it"))


@require_http_methods(["GET", "POST"])
def alternative(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of it."""
    rows = Alternative.objects.select_related("study__account", "competitor")
    found = load(rows, user=request.user, write=True, pk=pk)
    form = AlternativeForm(posted(request), instance=copy.copy(found))
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.cleaned_data)
    ):
        return redirect(found)
    return _page(request, form, study=found.study, alternative=found)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    found = load(Alternative.objects.select_related("study"), user=request.user, write=True, pk=pk)
    study = found.study
    found.drop(by=request.user, now=timezone.now())
    toast(request, _("It was taken back."))
    return redirect(f"{study.get_absolute_url()}#alternatives")


def _page(
    request: HttpRequest,
    form: AlternativeForm,
    *,
    study: Study,
    alternative: Alternative | None = None,
    submit: str = "",
) -> HttpResponse:
    context = {"form": form, "study": study, "alternative": alternative, "cancel": study.get_absolute_url()}
    context |= {"submit": submit} if submit else {}
    template = "discovery/competing/alternative_form.html"
    return render(request, template, context, status=422 if form.errors else 200)

"""Studies: the list, and the workshop where a customer's needs become a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit import formats
from proofline.kit.components import Empty
from proofline.records.access import load, require_write
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.stages.discovery.comparing.table import comparison
from proofline.stages.discovery.forms import StudyForm, posted
from proofline.stages.discovery.lists import PROMISES, STUDIES
from proofline.stages.discovery.marks import promised
from proofline.stages.discovery.models import Level, Study, alternatives_of, chains
from proofline.stages.discovery.questionnaires.of_study import open_links, replies_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST = 10
"""Questionnaires sent and answered, and interviews, of each."""


@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=STUDIES,
        empty=Empty(
            title=_("No discovery yet"),
            text=_("Here a customer's needs become a number, such as “96 hours a week saved, worth ¥33,280 a month”."),
            url=reverse("discovery:study_new"),
            label=_("Begin discovery"),
            icon="calculator",
        ),
    )
    return listing.render("discovery/studies.html", {"may_write": request.user.may_write("discovery")})


@require_GET
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """The workshop: needs, value, proposals."""
    record = load(
        Study.objects.select_related("account", "owner", "contact").prefetch_related(*PROMISES),
        user=request.user,
        pk=pk,
    )
    case, alternatives = record.promising_case, alternatives_of(record)
    now = timezone.now()
    context = {
        "study": record,
        "alternatives": alternatives,
        "table": comparison(record, alternatives=alternatives),
        "replies": replies_of(record)[:MOST],
        "links": [
            (link, link.state(now=now), f"{settings.PUBLIC_URL}{link.public_path}")
            for link in open_links(record)[:MOST]
        ],
        "interviews": record.interviews.select_related("owner", "conclusion", "calling_off")
        .prefetch_related("spans")
        .order_by("-planned_at")[:MOST],
        "chains": chains(record),
        "case": case,
        "lines": case.ordered_lines if case else [],
        "values": [(level.label, formats.money(case.value(level))) for level in Level] if case else [],
        "cases": record.value_cases.select_related("freezing").order_by("-pk"),
        "configuration": record.configurations.prefetch_related("parts").order_by("-version").first(),
        "proposals": record.proposals.order_by("-pk"),
        "mark": promised(study=record),
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/study.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin discovery for an account."""
    require_write(request.user, area="discovery")
    form = StudyForm(posted(request), user=request.user, initial={"account": request.GET.get("account")})
    if request.method == "POST" and form.is_valid():
        made = Study.objects.open_study(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect("discovery:study", pk=made.pk)
    context = {"form": form, "cancel": reverse("discovery:studies"), "submit": _("Begin discovery")}
    return render(request, "discovery/study_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a study's fields."""
    record = load(Study, user=request.user, write=True, pk=pk)
    form = StudyForm(posted(request), user=request.user, instance=load(Study, user=request.user, pk=pk))
    form = watched(form, record, user=request.user)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"title": form.cleaned_data["title"] or record.account.name}
        record.change(by=request.user, now=timezone.now(), **values)
        return redirect("discovery:study", pk=pk)
    context = {"form": form, "study": record, "cancel": record.get_absolute_url()}
    return render(request, "discovery/study_form.html", context, status=422 if form.errors else 200)

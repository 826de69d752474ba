"""Studies: the list, and the workshop where a customer's needs become a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit import formats
from proofline.kit.components import Column, Empty, Filter, ListPage
from proofline.records.access import load, require_write
from proofline.stages.discovery.forms import StudyForm, posted
from proofline.stages.discovery.marks import promised
from proofline.stages.discovery.models import Level, Study, chains

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PROMISES = ("value_cases__freezing", "value_cases__lines")
COLUMNS = [
    Column(gettext_lazy("Discovery"), "title", sort="title"),
    Column(gettext_lazy("Account"), "account", url="account.get_absolute_url"),
    Column(gettext_lazy("Needs"), "needs_count", kind="number"),
    Column(gettext_lazy("Promised a month"), "promising_case", template="discovery/cells/promise.html"),
    Column(gettext_lazy("Owner"), "owner", kind="user"),
    Column(gettext_lazy("Begun on"), "created_at", kind="when", sort="created_at"),
]


@require_GET
def studies(request: HttpRequest) -> HttpResponse:
    """The list."""
    visible = Study.objects.visible_to(request.user)
    listing = ListPage(
        request,
        queryset=visible.select_related("account", "owner")
        .prefetch_related(*PROMISES)
        .annotate(needs_count=Count("needs")),
        columns=COLUMNS,
        order=("-created_at",),
        filters=[
            Filter("owner", _("Owner"), [("me", _("me"))], lambda rows, _who: rows.filter(owner=request.user)),
            Filter("state", _("Promise"), [("frozen", _("made")), ("open", _("not yet"))], _by_state),
        ],
        search=("title", "account__name"),
        empty=Empty(
            title=_("No discovery yet"),
            text=_("Here a customer's needs become a number, such as “96 hours a week saved, worth ¥33,280 a month”."),
            url=reverse("discovery:study_new"),
            label=_("Begin discovery"),
            icon="calculator",
        ),
    )
    return listing.render("discovery/studies.html", {"may_write": request.user.may_write("discovery")})


def _by_state(rows: Any, state: str) -> Any:
    frozen = Study.objects.filter(value_cases__freezing__isnull=False).values("pk")
    return rows.filter(pk__in=frozen) if state == "frozen" else rows.exclude(pk__in=frozen)


@require_GET
def study(request: HttpRequest, pk: int) -> HttpResponse:
    """The workshop: needs, value, proposals."""
    record = load(
        Study.objects.select_related("account", "owner", "contact").prefetch_related(*PROMISES),
        user=request.user,
        pk=pk,
    )
    case = record.promising_case
    context = {
        "study": record,
        "chains": chains(record),
        "case": case,
        "lines": case.ordered_lines if case else [],
        "values": [(level.label, formats.money(case.value(level))) for level in Level] if case else [],
        "cases": record.value_cases.select_related("freezing").order_by("-pk"),
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
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"title": form.cleaned_data["title"] or record.account.name}
        record.change(by=request.user, now=timezone.now(), **values)
        return redirect("discovery:study", pk=pk)
    context = {"form": form, "study": record, "cancel": record.get_absolute_url()}
    return render(request, "discovery/study_form.html", context, status=422 if form.errors else 200)

"""Segments: the list of them, one with its members, begun, changed, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Column, Empty, Filter, ListPage, toast
from proofline.kit.lists import Context, FilterError, kind_named
from proofline.kit.lists.reading import group_of
from proofline.kit.paging import COUNT_CAP
from proofline.records.access import load, require_write
from proofline.records.forms.segments import NewSegmentForm, SegmentForm
from proofline.records.lists import RecordList, building, edits, segments
from proofline.records.models import Segment
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.lists.asked import Asked
from proofline.records.views.lists.filtering import form_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from proofline.records.kinds import Kind as MainKind


MOST_OF_RECORD = 100


def segment_of(request: HttpRequest, pk: int, *, change: bool = False) -> Segment:
    """Load a segment that the user may see.

    Raises:
        Http404: there is none, or it is not for them.
        PermissionDenied: `change` is asked for, and it is somebody else's.
    """
    found = Segment.objects.visible_to(request.user).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    if change:
        require_write(request.user, area=Segment.write_area)
        found.require_owner(request.user)
    return found


def known() -> list[tuple[str, Any]]:
    """Return the kinds of which there are segments, with their labels."""
    return [(one.name, one.label) for one in segments.kinds()]


def _how(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(conditions__isnull=value == "picked")


@require_GET
def segment_list(request: HttpRequest) -> HttpResponse:
    """List the segments that the user may see; how many are in each is counted when it comes into view."""
    labels = dict(known())
    may_write = request.user.may_write(Segment.write_area)
    filters = [
        Filter("kind", _("Kind of record"), known(), lambda rows, value: rows.filter(kind=value)),
        Filter(
            "how", _("Live or picked"), [("live", pgettext("segment", "live")), ("picked", _("picked by hand"))], _how
        ),
        Filter("owner", _("Owner"), [("me", _("me"))], lambda rows, _value: rows.filter(owner=request.user)),
    ]
    return ListPage(
        request,
        queryset=Segment.objects.visible_to(request.user).select_related("owner"),
        columns=[
            Column(_("Segment"), "name", sort="name"),
            Column(_("Kind of record"), lambda row: labels.get(row.kind, row.kind), sort="kind"),
            Column(_("Live or picked"), template="records/cells/segment_how.html"),
            Column(_("Members"), kind="number", template="records/cells/segment_count.html"),
            Column(_("Owner"), "owner", "user"),
            Column(_("For"), "get_audience_display"),
            Column(_("Last change"), "changed_at", "when", sort="changed_at"),
        ],
        order=("name", "pk"),
        filters=filters,
        search=("name", "about"),
        empty=Empty(
            _("No segments yet"),
            _(
                "A segment is a part of your records that you come back to, such as “Retail, over 200 people, read the prices this week”."
            ),
            reverse("records:segment_new"),
            _("New segment"),
            icon="chart-pie",
        ),
    ).render("records/segments.html", {"may_write": may_write})


@require_GET
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """List a segment's members, as far as the user may see them."""
    found = segment_of(request, pk)
    kind = kind_named(found.kind)
    said = ""
    if found.is_live:
        try:
            group = segments.conditions(found, Context(request.user, timezone.now(), request.GET))
            said = group.words() if group else _("All %(records)s") % {"records": kind.label}
        except FilterError:  # the list says so
            said = ""
    empty = Empty(
        _("Nobody here yet"),
        _("No record that you may see meets the conditions.")
        if found.is_live
        else _("Mark records in their list, and choose “Add to segment”."),
        reverse("records:segment_conditions", args=[pk]) if found.is_live else reverse(kind.address),
        _("Change the conditions") if found.is_live else str(kind.label),
        icon="chart-pie",
    )
    may_change = found.may_change(request.user)
    context = {
        "segment": found,
        "kind_label": kind.label,
        "said": said,
        "may_change": may_change,
        "may_write": may_change or not found.is_live,
    }
    return RecordList.of(request, kind=kind, segment=found, empty=empty).render("records/segment.html", context)


@require_GET
def of_record(request: HttpRequest, pk: int, *, kind: MainKind) -> HttpResponse:
    """Show, as a part of a record's page, into which segments it was put."""
    record: Any = load(kind.model, user=request.user, pk=pk)
    found = Segment.objects.visible_to(request.user).filter(members__kind=kind.name, members__record=pk)
    context = {
        "record": record,
        "kind": kind,
        "segments": found.order_by("name")[:MOST_OF_RECORD],
        "may_write": request.user.may_write(Segment.write_area),
    }
    return render(request, "records/parts/segments_of_record.html", context)


@require_GET
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many members the user may see, "10,000+" at most."""
    found = segment_of(request, pk)
    rows = kind_named(found.kind).visible(request.user)
    try:
        number = segments.members(found, rows, Context(request.user, timezone.now())).order_by()[:COUNT_CAP].count()
    except FilterError as error:
        return render(request, "records/parts/segment_count.html", {"problem": error})
    return render(request, "records/parts/segment_count.html", {"number": number, "is_capped": number >= COUNT_CAP})


@require_http_methods(["GET", "POST"])
def segment_new(request: HttpRequest) -> HttpResponse:
    """Begin a segment; a live one goes on to its conditions."""
    require_write(request.user, area=Segment.write_area)
    form = NewSegmentForm(request.POST or None, kinds=known(), initial={"kind": request.GET.get("kind", "contacts")})
    made: list[Segment] = []

    def add() -> None:
        conditions: dict[str, Any] | None = {"all": []} if form.cleaned_data["how"] == "live" else None
        made.append(
            Segment.objects.add(
                by=request.user,
                now=timezone.now(),
                kind=form.cleaned_data["kind"],
                conditions=conditions,
                **form.values,
            )
        )

    if request.method == "POST" and accepted(form, add):
        return redirect("records:segment_conditions", made[0].pk) if made[0].is_live else redirect(made[0])
    back = (_("Segments"), reverse("records:segments"))
    return form_page(request, form, title=_("New segment"), submit=_("Add segment"), cancel=back[1], back=back)


@require_http_methods(["GET", "POST"])
def segment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a segment is called, what it is for, and for whom."""
    found = segment_of(request, pk, change=True)
    initial = {"name": found.name, "about": found.about, "audience": found.audience}
    form = SegmentForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return redirect(found)
    back = (found.name, found.get_absolute_url())
    return form_page(request, form, title=_("Change segment"), cancel=back[1], back=back)


@require_http_methods(["GET", "POST"])
def conditions_of_segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Build the conditions of a live segment; each step shows the form anew."""
    found = segment_of(request, pk, change=True)
    if not found.is_live:
        raise Http404
    asked = Asked(kind_named(found.kind), Context(request.user, timezone.now()), QueryDict())

    def form(tree: dict[str, Any], problem: FilterError | None = None) -> HttpResponse:
        return form_of(
            request,
            asked,
            tree,
            cancel=found.get_absolute_url(),
            title=_("Who is in “%(name)s”") % {"name": found},
            submit=_("Keep the conditions"),
            problem=problem,
        )

    if request.method == "GET":
        tree = building.tree_of(found.conditions or {})
        if not tree["all" if "all" in tree else next(iter(tree))]:
            edits.add(tree, "", "field", asked.kind)
        return form(tree)
    tree = edits.read_form(request.POST, kind=asked.kind, context=asked.context)
    if not request.POST.get("do", "").startswith("apply"):
        return form(tree)
    tree = edits.without_unfinished(tree)
    try:
        within = segments.Within(asked.context.user, asked.context.now, {}, (found,))
        group = group_of(tree, kind=asked.kind, context=within)
    except FilterError as error:
        return form(tree, error)
    found.change(by=request.user, now=timezone.now(), conditions=group.plain())
    toast(request, _("The conditions are kept."))
    return redirect(found)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a segment away; its records stay."""
    segment_of(request, pk, change=True).remove(by=request.user, now=timezone.now())
    toast(request, _("The segment is removed."), undo=reverse("records:segment_restoration", args=[pk]))
    return redirect("records:segments")


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a segment back."""
    require_write(request.user, area=Segment.write_area)
    found = Segment.objects.filter(pk=pk).first()
    if found is None or not found.may_change(request.user):
        raise Http404
    try:
        found.restore(by=request.user)
    except ValidationError as error:
        toast(request, " ".join(error.messages))
        return redirect("records:segments")
    return redirect(found)

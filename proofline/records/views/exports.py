"""Settings → Exports: events as Parquet files, for administrators and those who may export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.clock import local_day
from proofline.kit.components import Column, Empty, ListPage, toast
from proofline.records.access import require_write
from proofline.records.exports import AREA, file_of
from proofline.records.forms import ExportForm
from proofline.records.models import User, Workspace
from proofline.records.views.answers import accepted, form_page
from proofline.timeline import exports as files
from proofline.timeline.models import Export
from proofline.timeline.query import QuestionError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

FIELDS = {"from": "first", "to": "last"}
"""The fields of the form, by those of a question."""


@never_cache
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """List the exports."""
    require_write(request.user, area=AREA)
    names = User.objects.in_bulk(set(Export.objects.values_list("by", flat=True)))
    return ListPage(
        request,
        queryset=Export.objects.all(),
        columns=[
            Column(_("Time"), "filename", template="records/cells/export_time.html"),
            Column(_("State"), "state", template="records/cells/export_state.html"),
            Column(_("Events"), "events", "number"),
            Column(_("Size"), "size", template="records/cells/size.html"),
            Column(_("By"), lambda row: names.get(row.by), "user"),
            Column(_("Asked for"), "asked_at", "when"),
        ],
        row_url=lambda row: reverse("records:export", args=[row.pk]),
        empty=Empty(
            _("Nothing exported yet"),
            _(
                "An export is a Parquet file with all events of a time, which tools such as DuckDB, pandas or Spark read."
            ),
            reverse("records:export_new"),
            _("Export events"),
            icon="file-export",
        ),
    ).render("records/exports.html", _kept())


@require_http_methods(["GET", "POST"])
def export_new(request: HttpRequest) -> HttpResponse:
    """Choose a time; its events are written into a file in the background."""
    require_write(request.user, area=AREA)
    zone, now = Workspace.current().time_zone, timezone.now()
    today = local_day(now, time_zone=zone)
    form = ExportForm(request.POST or None, today=today, initial={"first": today.replace(day=1), "last": today})
    made: list[Export] = []

    def ask() -> None:
        try:
            made.append(files.ask(**form.asked, zone=zone, by=request.user.pk, now=now))
        except QuestionError as error:
            raise ValidationError({FIELDS.get(error.field, "first"): str(error)}) from error

    if request.method == "POST" and accepted(form, ask):
        return redirect("records:export", made[0].pk)
    back = (_("Exports"), reverse("records:exports"))
    intro = _("Days begin and end in the company’s time zone, %(zone)s.") % {"zone": zone.replace("_", " ")}
    return form_page(
        request, form, title=_("Export events"), submit=_("Export"), cancel=back[1], back=back, intro=intro
    )


@never_cache
@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where an export stands, and its file."""
    require_write(request.user, area=AREA)
    one = get_object_or_404(Export, pk=pk)
    context = {
        "one": one,
        "state": one.state,
        "progress": one.job_status,
        "by": User.objects.filter(pk=one.by or 0).first(),
    }
    return render(request, "records/export.html", context | _kept())


@require_GET
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the file."""
    require_write(request.user, area=AREA)
    return file_of(get_object_or_404(Export, pk=pk))


@require_POST
def export_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the file before its time, or stop making it."""
    require_write(request.user, area=AREA)
    files.remove(get_object_or_404(Export, pk=pk), now=timezone.now())
    toast(request, _("The export is removed."))
    return redirect("records:exports")


def _kept() -> dict[str, Any]:
    return {"days": settings.EXPORT_DAYS.days if settings.EXPORT_DAYS else None}

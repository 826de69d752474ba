"""Value reports: the list, one report, its PDF, sharing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit import charts, formats
from proofline.kit.components import Empty, toast
from proofline.records.access import load
from proofline.records.lists import RecordList
from proofline.stages.delivery.lists import REPORTS
from proofline.stages.delivery.models import ValueReport
from proofline.stages.delivery.papers import report_pdf

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.delivery.models import Measurement


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The list."""
    listing = RecordList.of(
        request,
        kind=REPORTS,
        empty=Empty(
            title=_("No value reports yet"),
            text=_(
                "A month after go-live each promise is measured from product events, such as “8 h/week saved: measured 9.2”."
            ),
            icon="report-analytics",
        ),
    )
    return listing.render("delivery/reports.html")


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report."""
    record = load(ValueReport.objects.select_related("project__account"), user=request.user, pk=pk)
    return render(
        request, "delivery/report.html", report_context(record) | {"may_write": request.user.may_write("delivery")}
    )


def report_context(record: ValueReport) -> dict[str, object]:
    """Return what a report shows, to us and to the customer."""
    rows = list(record.measurements.select_related("promise__metric").order_by("promise__position", "pk"))
    kept = sum(row.kept for row in rows)
    headline = _("%(kept)d of %(all)d promises kept") % {"kept": kept, "all": len(rows)}
    return {
        "report": record,
        "rows": rows,
        "kept": kept,
        "headline": headline,
        "chart": _chart(rows) if rows else None,
    }


def _chart(rows: list[Measurement]) -> charts.Chart:
    """Show what was measured beside what was promised, each promise being 100 %, so that different units compare."""
    promised = charts.Series(_("Promised"), [1.0 for _row in rows], tone="second")
    measured = charts.Series(_("Measured"), [float(row.share) for row in rows])
    return charts.grouped(
        headline=_("Measured against promised"),
        unit=_("share of what was promised"),
        labels=[row.promise.name for row in rows],
        series=[promised, measured],
        name=_("Promise"),
        write=formats.percent,
    )


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as PDF."""
    record = load(ValueReport.objects.select_related("project__account"), user=request.user, pk=pk)
    return pdf_answer(record)


def pdf_answer(record: ValueReport) -> HttpResponse:
    """Return the PDF as an answer that the browser shows."""
    answer = HttpResponse(report_pdf(record), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="value-report-{record.pk}.pdf"'
    return answer


@require_POST
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Share the report with the customer."""
    record = load(ValueReport, user=request.user, write=True, pk=pk)
    record.publish(by=request.user, now=timezone.now())
    toast(request, _("The customer sees the report in the portal."))
    return redirect(record)

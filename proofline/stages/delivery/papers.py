"""The value report on paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.documents import render_pdf
from proofline.records.models import Workspace

if TYPE_CHECKING:
    from proofline.stages.delivery.models import Measurement, ValueReport

TEMPLATE = Path(__file__).parent / "documents" / "value_report.typ"


def report_pdf(report: ValueReport, *, language: str | None = None) -> bytes:
    """Set the report as PDF, in the account's language where it is known."""
    language = language or report.project.account.language or translation.get_language()
    with translation.override(language):
        return render_pdf(TEMPLATE, _data(report), at=report.created_at, language=language)


def _data(report: ValueReport) -> dict[str, Any]:
    rows = list(report.measurements.select_related("promise__metric").order_by("promise__position", "pk"))
    kept = sum(row.kept for row in rows)
    period = f"{formats.day(timezone.localdate(report.from_at))} – {formats.day(timezone.localdate(report.to_at))}"
    return {
        "title": _("Value report"),
        "subtitle": f"{report.project.account} · {report.project}",
        "brand": Workspace.current().brand,
        "facts": [[_("Period"), period], [_("Report"), str(report.number)]],
        "figures": [[f"{kept} / {len(rows)}", _("promises kept")]],
        "headers": [_("Promise"), _("Promised"), _("Measured"), _("Kept or missed")],
        "rows": [_row(row) for row in rows],
        "shares": [[row.promise.name, float(row.share)] for row in rows],
        "method_title": _("How it was measured"),
        "methods": [_method(row) for row in rows],
    }


def _row(row: Measurement) -> list[str]:
    return [
        row.promise.name,
        f"{formats.number(row.promised)} {row.promise.unit}",
        f"{formats.number(row.measured)} {row.promise.unit}",
        _("kept") if row.kept else _("missed"),
    ]


def _method(row: Measurement) -> str:
    metric = row.promise.metric
    how = metric.formula if metric else ""
    counted = _("%(count)s events counted") % {"count": formats.number(row.events)}
    return f"{row.promise.name}: {how} ({counted})"

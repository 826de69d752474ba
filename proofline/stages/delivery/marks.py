"""The marks of the proof strip that this room sets: what was measured, and whether it was kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.components import Mark
from proofline.stages.delivery.models import Project, ValueReport

if TYPE_CHECKING:
    from proofline.records.models import Account
    from proofline.stages.closing.models import Contract

PROOF_DUE_AFTER = timedelta(days=31)


def measured_and_kept(
    *, now: datetime, account: Account | None = None, contract: Contract | None = None, project: Project | None = None
) -> tuple[Mark, Mark]:
    """Return the marks of the last value report of a project, of a contract's project, or of an account's projects.

    Before the first report they are empty; from a month after go-live on, the proof is overdue.
    """
    projects = Project.objects.filter(**_which(account=account, contract=contract, project=project))
    report = (
        ValueReport.objects.filter(project__in=projects)
        .prefetch_related("measurements__promise")
        .order_by("-to_at", "-pk")
    ).first()
    if report is None:
        return _overdue(projects, now=now), Mark()
    rows = sorted(report.measurements.all(), key=lambda row: row.promise.position)
    if not rows:
        return Mark(), Mark()
    url = report.get_absolute_url()
    first = rows[0]
    measured = Mark(
        state="done", number=formats.number(first.measured), unit=first.promise.unit, date=report.to_at, url=url
    )
    kept = sum(row.kept for row in rows)
    number = _("%(kept)d of %(all)d") % {"kept": kept, "all": len(rows)}
    return measured, Mark(state="done" if kept == len(rows) else "missed", number=number, date=report.to_at, url=url)


def _which(**what: object) -> dict[str, object]:
    name, value = next(((name, value) for name, value in what.items() if value is not None), ("pk", 0))
    return {"pk": value.pk} if name == "project" and isinstance(value, Project) else {name: value}


def _overdue(projects: object, *, now: datetime) -> Mark:
    live = [project for project in projects if project.went_live_at]  # type: ignore[attr-defined]
    late = next((project for project in live if project.went_live_at + PROOF_DUE_AFTER < now), None)
    if late is None:
        return Mark()
    return Mark(state="due", date=late.went_live_at + PROOF_DUE_AFTER, url=late.get_absolute_url())

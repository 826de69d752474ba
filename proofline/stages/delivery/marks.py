"""The marks of the proof strip that this room sets: what was measured, and whether it was kept."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.components import Mark
from proofline.kit.prepared import Prepared
from proofline.stages.delivery.models import Project, ValueReport

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.records.models import Account
    from proofline.stages.closing.models import Contract

PROOF_DUE_AFTER = timedelta(days=31)


def measured_and_kept(
    *, now: datetime, account: Account | None = None, contract: Contract | None = None, project: Project | None = None
) -> tuple[Mark, Mark]:
    """Return the marks of the last value report of a project, of a contract's project, or of an account's projects.

    Before the first report they are empty; from a month after go-live on, the proof is overdue.
    """
    about = {"account": account, "contract": contract, "pk": project}
    path, pk = next(((path, one.pk) for path, one in about.items() if one is not None), ("pk", 0))
    report = _last_report(path).first(pk)
    if report is None:
        return _overdue(_projects(path)(pk), now=now), Mark()
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


@cache
def _last_report(path: str) -> Prepared[ValueReport]:
    """Return the question for the last report of the projects that a path of theirs leads to."""
    return Prepared(
        lambda pk: (
            ValueReport.objects.filter(**{f"project__{path}": pk})
            .prefetch_related("measurements__promise")
            .order_by("-to_at", "-pk")[:1]
        )
    )


@cache
def _projects(path: str) -> Prepared[Project]:
    return Prepared(lambda pk: Project.objects.filter(**{path: pk}))


def _overdue(projects: Iterable[Project], *, now: datetime) -> Mark:
    for project in projects:
        live = project.went_live_at
        due = live and live + PROOF_DUE_AFTER
        if due and due < now:
            return Mark(state="due", date=due, url=project.get_absolute_url())
    return Mark()

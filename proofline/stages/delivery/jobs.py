"""Work of the room that runs by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from proofline.kit.clock import add_months, local_day
from proofline.kit.jobs import job
from proofline.records.models import Task, Workspace
from proofline.stages.delivery.models import GateKind, NothingPromisedError, Project, Ticket, ValueReport

WARN_BEFORE = timedelta(hours=4)


@job
def make_due_reports() -> None:
    """Make the first value report of each project that went live a month ago."""
    now, zone = timezone.now(), Workspace.current().time_zone
    first = ValueReport.objects.filter(project=OuterRef("pk"))
    live = Project.objects.filter(gates__kind=GateKind.GO_LIVE, gates__acceptance__isnull=False)
    for project in live.filter(~Exists(first)).select_related("account__owner", "owner", "contract"):
        went_live = project.went_live_at
        if went_live and add_months(local_day(went_live, time_zone=zone), 1) <= local_day(now, time_zone=zone):
            _report_on(project)


def _report_on(project: Project) -> None:
    now = timezone.now()
    try:
        report = ValueReport.objects.make(project, by=None, now=now, key=f"first:{project.pk}")
    except NothingPromisedError:
        return
    Task.objects.ask(
        key=f"value_report:{report.pk}",
        kind=Task.Kind.REVIEW,
        title=str(project),
        owner=project.owner or project.account.owner,
        account=project.account,
        due_at=now + timedelta(days=2),
        url=report.get_absolute_url(),
        created_at=now,
    )


@job
def watch_ticket_clocks() -> None:
    """Warn of clocks that are about to run out, and record those that did."""
    now = timezone.now()
    for ticket in Ticket.objects.open().select_related("account__owner", "owner__manager"):
        ticket.escalate(now=now, warn_before=WARN_BEFORE)

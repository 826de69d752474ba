"""Value reports: promised against what product events show."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from pypdf import PdfReader

from proofline.kit.components import Mark
from proofline.records.models import Task
from proofline.stages.closing.models import Promise
from proofline.stages.delivery import jobs, marks
from proofline.stages.delivery.models import NothingPromisedError, Project, ValueReport
from proofline.stages.delivery.models.reports import in_unit_of
from proofline.stages.delivery.tests.test_gates import sign_all
from proofline.timeline import inbox, projector, query
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Contact, User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db(transaction=True)


def use(helen: Contact, *, reports: int, days_ago: int = 7) -> None:
    """Let a person of the customer make so many reports, some days ago."""
    now = timezone.now()
    source = Source.add(name="Product", now=now)
    at = (now - timedelta(days=days_ago)).isoformat()
    who = {"userId": "helen", "timestamp": at}
    events = [{"type": "identify", **who, "traits": {"email": helen.email}}]
    events += [{"type": "track", "event": "Report Generated", "messageId": f"m{n}", **who} for n in range(reports)]
    inbox.append(source, events, received_at=now)
    projector.project_pending()


@pytest.mark.parametrize(("reports", "kept"), [(64, True), (63, False)])
def test_a_promise_is_kept_when_events_reach_it(
    project: Project, helen: Contact, dan: User, reports: int, *, kept: bool
) -> None:
    """Sixty-four reports in four weeks, half an hour each: 8 h/week, as promised."""
    use(helen, reports=reports)
    report = ValueReport.objects.make(project, by=dan, now=timezone.now())
    row = report.measurements.get()
    assert (row.promised, row.events, row.kept) == (Decimal(8), reports, kept)
    assert row.measured == (Decimal(reports) / 8).quantize(Decimal("0.01"), ROUND_HALF_UP)
    projector.project_pending()
    assert query.count(event="value.measured", by="kept") == [("true" if kept else "false", 1)]
    share = str((row.measured / 20).quantize(Decimal("0.0001")))
    assert query.count(event="value.measured", by="reached") == [(share, 1)]
    measured, mark = marks.measured_and_kept(now=timezone.now(), project=project)
    assert measured.state == "done"
    assert mark.state == ("done" if kept else "missed")


def test_nobody_used_it(project: Project, dan: User) -> None:
    report = ValueReport.objects.make(project, by=dan, now=timezone.now())
    assert report.measurements.get().measured == 0
    assert not report.all_kept


def test_a_contract_without_measurable_promise_has_no_report(project: Project, dan: User, as_: As) -> None:
    Promise.objects.update(unit="CNY/month")
    with pytest.raises(NothingPromisedError):
        ValueReport.objects.make(project, by=dan, now=timezone.now())
    assert as_(dan).post(f"/projects/{project.pk}/reports/", follow=True).status_code == 200


def test_months_and_weeks_convert(project: Project) -> None:
    promise = Promise.objects.select_related("metric").get()
    promise.unit = "h/month"
    assert in_unit_of(promise, Decimal(12)) == Decimal(52)


def test_the_first_report_comes_by_itself_a_month_after_go_live(project: Project, dan: User) -> None:
    sign_all(project, now=timezone.now() - timedelta(days=20), by=dan)
    jobs.make_due_reports.func()
    assert not ValueReport.objects.exists()
    Project.objects.get().gates_in_order[-1].acceptance.__class__.objects.update(at=timezone.now() - timedelta(days=32))
    assert marks.measured_and_kept(now=timezone.now(), project=project)[0].state == "due"
    for _twice in range(2):
        jobs.make_due_reports.func()
    assert ValueReport.objects.count() == 1
    assert Task.objects.get().owner == dan


def test_before_go_live_nothing_is_overdue(project: Project) -> None:
    assert marks.measured_and_kept(now=timezone.now(), project=project) == (Mark(), Mark())


def test_the_customer_sees_a_report_once_it_is_shared(
    client: Client, as_: As, portal: str, project: Project, dan: User
) -> None:
    report = ValueReport.objects.make(project, by=dan, now=timezone.now())
    address = f"{portal}reports/{report.pk}/"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}pdf/").status_code == 404
    as_(dan).post(f"/value-reports/{report.pk}/publication/")
    assert b"Reporting" in client.get(address).content
    assert client.get(f"{address}pdf/").content.startswith(b"%PDF")


def test_the_paper_says_promised_and_measured_in_both_languages(as_: As, project: Project, dan: User) -> None:
    report = ValueReport.objects.make(project, by=dan, now=timezone.now())
    for language in ("en", "zh-hans"):
        type(project.account).objects.update(language=language)
        paper = as_(dan).get(f"/value-reports/{report.pk}/pdf/")
        assert paper["Content-Type"] == "application/pdf"
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
        assert "8 h/week" in text


def test_outsiders_and_readers(as_: As, project: Project, dan: User, olga: User, rita: User) -> None:
    report = ValueReport.objects.make(project, by=dan, now=timezone.now())
    for address in (f"/value-reports/{report.pk}/", f"/value-reports/{report.pk}/pdf/"):
        assert as_(olga).get(address).status_code == 404
        assert as_(rita).get(address).status_code == 200
    assert as_(olga).post(f"/value-reports/{report.pk}/publication/").status_code == 404
    assert as_(rita).post(f"/value-reports/{report.pk}/publication/").status_code == 403
    assert as_(rita).get("/value-reports/").status_code == 200

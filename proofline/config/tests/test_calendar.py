"""The calendar and its private addresses: one's own days and the team's, as far as one may see them now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proofline.records.models import CalendarFeed, Task
from proofline.stages.closing.models import Deal
from proofline.stages.delivery.models import Gate
from proofline.stages.growth.models import Subscription
from proofline.stages.reach.models import Lead

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.records.models import Account, User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(sam: User, healthy: Account, now: datetime) -> Task:
    return Task.objects.add(
        by=sam, now=now, title="Call Helen", owner=sam, account=healthy, due_at=now + timedelta(hours=5), reminder=15
    )


@pytest.fixture
def soon(sam: User) -> Task:
    """Something within the reach of feeds, with a title that needs escaping and folding."""
    title = f"Plan, price; “{'合同' * 40}”"
    now = timezone.now()
    due = (now + timedelta(days=3)).replace(microsecond=0)
    return Task.objects.add(by=sam, now=now, title=title, owner=sam, due_at=due, reminder=60)


def read(address: str) -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(Client().get(address).content)


def address(user: User, whose: str = "own") -> str:
    return f"/ics/{CalendarFeed.issue(user=user, whose=whose, now=timezone.now())}.ics"


def said(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_one_sees_ones_own_days_and_the_teams(call: Task, sam: User, mei: User, olga: User, as_: As) -> None:
    for path in ("/calendar/2026/11/", "/calendar/week/2026-11-04/", "/calendar/day/2026-11-02/"):
        assert "Call Helen" in said(as_(sam), path), path
        assert "15:00" in said(as_(sam), path)
        assert "Call Helen" not in said(as_(mei), path)
        assert "Call Helen" in said(as_(mei), f"{path}?whose=team")
        assert "Call Helen" not in said(as_(olga), f"{path}?whose=team")
    assert "Call Helen" not in said(as_(sam), "/calendar/2026/12/")


def test_a_month_is_whole_weeks_and_says_where_it_is(call: Task, sam: User, as_: As) -> None:
    page = said(as_(sam), "/calendar/2026/11/")
    assert page.count('class="calendar-day') == 42  # from Monday 26 October to Sunday 6 December
    assert "November 2026" in page
    assert 'href="/calendar/2026/12/"' in page
    sam.change(language="zh-hans")
    assert "2026年11月" in said(as_(sam), "/calendar/2026/11/")
    for wrong in ("/calendar/2026/13/", "/calendar/week/2026-02-30/", "/calendar/year/2026-02-01/"):
        assert as_(sam).get(wrong).status_code == 404


def test_queries_do_not_grow_with_what_a_month_holds(call: Task, sam: User, now: datetime, as_: As) -> None:
    browser = as_(sam)
    said(browser, "/calendar/2026/11/")
    with CaptureQueriesContext(connection) as few:
        said(browser, "/calendar/2026/11/")
    for number in range(20):
        Task.objects.add(by=sam, now=now, title=f"Call {number}", owner=sam, due_on=date(2026, 11, 10))
    with CaptureQueriesContext(connection) as many:
        assert "Call 19" in said(browser, "/calendar/2026/11/")
    assert len(many) == len(few)


def test_a_task_moves_to_another_day_at_its_time(call: Task, sam: User, olga: User, rita: User, as_: As) -> None:
    moved = {"item": call.pk, "column": "2026-11-05"}
    assert as_(olga).post("/calendar/moves/", moved).status_code == 404
    assert as_(rita).post("/calendar/moves/", moved).status_code == 403
    assert as_(sam).post("/calendar/moves/", moved | {"column": "x"}).status_code == 422
    assert as_(sam).post("/calendar/moves/", moved).status_code == 204
    assert Task.objects.get().due_at == datetime(2026, 11, 5, 7, tzinfo=UTC)


def test_gates_and_ends_of_contracts_have_their_days(story: dict[str, Any], sam: User, as_: As) -> None:
    gate = Gate.objects.filter(project=story["projects"]).order_by("due_on")[0]
    gate.project.change(by=None, now=timezone.now(), owner=sam)
    assert gate.project.get_absolute_url() in said(as_(sam), f"/calendar/day/{gate.due_on}/")
    held = Subscription.objects.get(pk=story["subscriptions"])
    held.cancellation.delete()
    assert "Contract ends" in said(as_(sam), f"/calendar/{held.ends_on.year}/{held.ends_on.month}/")


def test_a_feed_is_what_the_standard_says(soon: Task, sam: User) -> None:
    where = address(sam)
    answer = Client().get(where)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)
    assert rb"SUMMARY:Plan\, price\;" in answer.content
    event = read(where).walk("VEVENT")[0]
    assert str(event["SUMMARY"]) == soon.title
    assert event["UID"] == f"task-{soon.pk}@localhost:8000"
    assert event.decoded("DTSTART") == soon.due_at
    assert event.decoded("DTSTART").tzinfo is not None
    assert event["SEQUENCE"] == 0
    alarm = event.walk("VALARM")[0]
    assert (str(alarm["ACTION"]), alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(hours=-1))
    soon.change(by=sam, now=timezone.now(), due_on=timezone.localdate() + timedelta(days=2))
    changed = read(where).walk("VEVENT")[0]
    assert (changed["UID"], changed["SEQUENCE"]) == (event["UID"], 1)
    assert changed.decoded("DTSTART") == soon.due_on
    assert changed.decoded("DTEND") == soon.due_on + timedelta(days=1)
    assert changed.walk("VALARM")[0].decoded("TRIGGER") == soon.remind_at


def test_a_feed_that_has_not_changed_is_not_sent_again(soon: Task, sam: User) -> None:
    where = address(sam)
    etag = Client().get(where)["ETag"]
    assert Client().get(where, headers={"If-None-Match": etag}).status_code == 304
    soon.finish(by=sam, now=timezone.now())
    assert Client().get(where, headers={"If-None-Match": etag}).status_code == 200


def test_a_feed_holds_what_its_person_may_see_now(soon: Task, sam: User, mei: User, ada: User, olga: User) -> None:
    own, team = address(sam), address(mei, "team")
    assert [len(read(where).walk("VEVENT")) for where in (own, team, address(olga, "team"))] == [1, 1, 0]
    soon.change(by=sam, now=timezone.now(), owner=olga)
    assert [len(read(where).walk("VEVENT")) for where in (own, team)] == [0, 0]
    sam.deactivate(by=ada)
    assert Client().get(own).status_code == 404


def test_an_address_is_shown_once_kept_as_a_digest_replaced_and_ended(sam: User, as_: As) -> None:
    browser = as_(sam)
    shown = browser.post("/calendar/feeds/", {"whose": "own"}).content.decode()
    where = shown.split('data-copy="http://localhost:8000')[1].split('"')[0]
    assert Client().get(where).status_code == 200
    assert where not in said(browser, "/calendar/feeds/")
    assert where[5:-4] not in str(list(CalendarFeed.objects.values()))
    browser.post("/calendar/feeds/", {"whose": "own"})
    assert Client().get(where).status_code == 404
    browser.post("/calendar/feeds/", {"whose": "own", "end": "1"})
    assert CalendarFeed.living(sam) == {}
    assert browser.post("/calendar/feeds/", {"whose": "x"}).status_code == 404
    assert Client().get("/ics/x.ics").status_code == 404


def test_leads_and_deals_have_tasks_and_tell_their_owners(sam: User, mei: User, now: datetime, as_: As) -> None:
    lead = Lead.objects.capture(by=mei, now=now, origin="staff", name="Nora New", owner=sam)
    deal = Deal.objects.open_deal(by=mei, now=now, name="Nora · 5 seats", owner=sam)
    for kind, record in (("lead", lead), ("deal", deal)):
        about = f"/tasks/new/?about={kind}:{record.pk}"
        assert as_(sam).post(about, {"title": f"Call the {kind}", "owner": sam.pk}).status_code == 302
        assert f"Call the {kind}" in said(as_(sam), record.get_absolute_url())
    page = said(as_(sam), "/notifications/")
    assert page.count("made you the owner of") == 2

"""Tasks in time: reminders, what is overdue, what comes again, what is put off, who is told; in pages and through the API."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from proofline.records.due import due_words
from proofline.records.models import Notification, Task
from tests.fixtures.sale import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Account, Contact, User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def call(sam: User, healthy: Account, now: datetime) -> Task:
    """Something Sam has to do at three in the afternoon of the same day in Shanghai, reminded of fifteen minutes before."""
    return Task.objects.add(
        by=sam, now=now, title="Call Helen", owner=sam, account=healthy, due_at=now + 5 * HOUR, reminder=15
    )


def told() -> list[str]:
    return [str(row) for row in Notification.objects.order_by("pk")]


def test_one_is_reminded_once_before_and_told_once_when_it_is_late(call: Task, now: datetime) -> None:
    due = now + 5 * HOUR
    for at, count in ((due - 16 * HOUR / 60, 0), (due - HOUR / 4, 1), (due, 0), (due + HOUR, 1), (due + 2 * HOUR, 0)):
        assert Task.objects.remind(now=at) == count, at
    assert told() == ["Reminder: Call Helen", "Overdue: Call Helen"]


def test_what_is_done_removed_or_long_past_is_not_reminded_of(call: Task, sam: User, now: datetime) -> None:
    call.finish(by=sam, now=now)
    assert Task.objects.remind(now=now + DAY) == 0
    call.reopen(now=now)
    call.remove(now=now)
    assert Task.objects.remind(now=now + DAY) == 0
    call.restore()
    assert Task.objects.remind(now=now + 30 * DAY) == 0
    assert Task.objects.remind(now=now + DAY) == 2


def test_who_moves_a_task_is_reminded_at_its_new_time(call: Task, sam: User, now: datetime) -> None:
    Task.objects.remind(now=now + 5 * HOUR)
    call.change(by=sam, now=now + 5 * HOUR, **call.moved_to(date(2026, 11, 5)))
    assert call.due_at == datetime(2026, 11, 5, 7, 0, tzinfo=UTC)
    assert Task.objects.remind(now=call.due_at - HOUR / 4) == 1
    call.change(by=sam, now=now, due_on=date(2026, 11, 6))
    assert call.remind_at == datetime(2026, 11, 6, 0, 45, tzinfo=UTC)  # a quarter to nine


@pytest.mark.parametrize(
    ("repeats", "day", "again"),
    [
        ("daily", date(2026, 9, 30), date(2026, 10, 8)),  # over the National Day holidays
        ("weekly", date(2026, 11, 4), date(2026, 11, 11)),
        ("monthly", date(2026, 8, 31), date(2026, 9, 30)),
        ("monthly", date(2026, 9, 3), date(2026, 10, 8)),  # the third is a holiday
    ],
)
def test_what_repeats_comes_again_on_a_working_day(repeats: str, day: date, again: date, sam: User, as_: As) -> None:
    at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    task = Task.objects.add(by=sam, now=at, title="Report", owner=sam, due_on=day, repeats=repeats)
    for _time in range(2):
        task.finish(by=sam, now=at)
    assert [row.due_on for row in Task.objects.open()] == [again]
    task.reopen(now=at)
    assert list(Task.objects.all()) == [task]


def test_who_is_given_a_task_is_told_and_who_gave_it_still_sees_it(sam: User, olga: User, now: datetime) -> None:
    task = Task.objects.add(by=sam, now=now, title="Call", owner=olga)
    task.change(by=olga, now=now, owner=sam)
    assert told() == ["Sam Seller gave you a task: Call", "Olga Outsider gave you a task: Call"]
    assert set(Task.objects.visible_to(sam)) == {task}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"due_at": timedelta(hours=5)}, "today, 15:00"),
        ({"due_at": timedelta(hours=-1)}, "overdue, today, 09:00"),
        ({"due_at": timedelta(days=-3)}, "overdue 3 days"),
        ({"due_on": date(2026, 11, 3)}, "tomorrow"),
        ({"due_on": date(2026, 11, 6)}, "Friday"),
        ({"due_on": date(2026, 12, 6)}, "6 Dec 2026"),
    ],
)
def test_a_day_is_said_as_people_say_it(fields: dict[str, Any], words: str, sam: User, now: datetime) -> None:
    given = {name: now + value if name == "due_at" else value for name, value in fields.items()}
    assert due_words(Task.objects.add(by=sam, now=now, title="Call", owner=sam, **given), now=now) == words


def test_a_task_is_written_edited_put_off_and_removed_in_the_browser(sam: User, tom: User, as_: As) -> None:
    browser = as_(sam)
    written = {"title": "Call", "due_at": "2027-03-01T15:00", "remind": "60", "repeats": "weekly", "owner": sam.pk}
    assert browser.post("/tasks/new/", written).status_code == 302
    task = Task.objects.get()
    page = f"/tasks/{task.pk}/"
    assert (task.reminder, task.repeats, task.due_on) == (60, "weekly", None)
    assert 'value="2027-03-01T15:00"' in browser.get(page).content.decode()
    assert browser.post(page, written | {"remind": "own", "remind_at": ""}).status_code == 422
    assert browser.post(page, {"title": "Call", "remind": "15", "owner": sam.pk}).status_code == 422
    assert browser.post(page, written | {"all_day": "on", "owner": tom.pk}).status_code == 302
    task.refresh_from_db()
    assert (task.due_on, task.owner, task.revision) == (date(2027, 3, 1), tom, 1)
    put_off = browser.post(f"{page}day/", {"day": "2027-03-08"}, follow=True).content.decode()
    assert f"{page}day/?back=2027-03-01" in put_off
    browser.post(f"{page}day/?back=2027-03-01")
    assert Task.objects.get().due_on == date(2027, 3, 1)
    assert f"{page}return/" in browser.post(f"{page}removal/", follow=True).content.decode()
    assert browser.get(page).status_code == 404
    browser.post(f"{page}return/")
    assert browser.get(page).status_code == 200


def test_a_task_of_a_contact_stands_on_its_page(sam: User, olga: User, helen: Contact, as_: As) -> None:
    assert as_(olga).get(f"/tasks/new/?about=contact:{helen.pk}").status_code == 404
    as_(sam).post(f"/tasks/new/?about=contact:{helen.pk}", {"title": "Send the plan", "owner": sam.pk})
    assert "Send the plan" in as_(sam).get(helen.get_absolute_url()).content.decode()


def test_a_program_names_the_record_that_a_task_belongs_to(
    sam: User, healthy: Account, helen: Contact, as_: As, now: datetime
) -> None:
    for kind, record in (("account", healthy), ("contact", helen)):
        made = Program(sam, now).post("/tasks", {"title": f"Ask {kind}", "about": [kind, record.pk]})
        assert (made[f"{kind}_id"], made["about"]) == (record.pk, None)
        assert f"Ask {kind}" in as_(sam).get(record.get_absolute_url()).content.decode()


def test_a_program_does_all_of_it(call: Task, sam: User, tom: User, olga: User, rita: User, now: datetime) -> None:
    api, path = Program(sam, now), f"/tasks/{call.pk}"
    assert api.get(path)["reminder"] == 15
    changed = api.patch(path, {"due_on": "2026-12-01", "repeats": "monthly", "owner_id": tom.pk})
    assert (changed["due_on"], changed["repeats"]) == ("2026-12-01", "monthly")
    assert told() == ["Sam Seller gave you a task: Call Helen"]
    assert [row["id"] for row in api.get("/tasks?whose=mine")["items"]] == []
    assert [row["id"] for row in api.get("/tasks?whose=team&due_before=2026-12-02T00:00:00Z")["items"]] == [call.pk]
    assert api.get("/tasks?due_from=2026-12-02T00:00:00Z")["items"] == []
    assert api.post(f"{path}/completion", status=200)["done"] is True
    assert api.call("delete", f"{path}/completion").json()["done"] is False
    assert api.call("patch", path, {"title": ""}).status_code == 422
    assert api.call("patch", path, {"due_at": None, "due_on": None}).status_code == 422
    assert Program(olga, now).call("delete", path).status_code == 404
    assert Program(rita, now).call("delete", path).status_code == 403
    assert api.call("delete", path).status_code == 204
    assert api.call("get", path).status_code == 404


def test_a_row_of_the_list_offers_what_one_may_do(call: Task, sam: User, rita: User, as_: As) -> None:
    assert f"/tasks/{call.pk}/completion/" in as_(sam).get("/tasks/").content.decode()
    assert f"/tasks/{call.pk}/completion/" not in as_(rita).get("/tasks/").content.decode()
    assert as_(rita).get(f"/tasks/{call.pk}/")["Location"] == call.account.get_absolute_url()
    call.finish(by=sam, now=call.created_at)
    assert f"/tasks/{call.pk}/" not in as_(sam).get("/tasks/").content.decode()  # the list comes with what is open
    page = as_(sam).get("/tasks/?filter=[]").content.decode()
    assert f"/tasks/{call.pk}/reopening/" in page
    assert "overdue" not in page

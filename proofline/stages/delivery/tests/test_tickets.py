"""Tickets: two clocks in working time; what is internal stays with us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from proofline.records.models import Task
from proofline.stages.delivery.models import Ticket
from proofline.timeline.models import Batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Account, User
    from proofline.stages.delivery.models import Project

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(project: Project, sue: User, now: datetime) -> Ticket:
    made: Ticket = Ticket.objects.ask(
        account=project.account,
        by=None,
        now=now,
        subject="Export fails",
        body="Since Monday",
        owner=sue,
        project=project,
    )
    return made


def test_clocks_count_working_time(ticket: Ticket) -> None:
    """Opened Monday 10:00 in Shanghai; a working day has nine hours: 24 h end on Wednesday at 16:00, 48 h on Monday at 13:00."""
    assert ticket.answer_due_at == datetime(2026, 11, 4, 8, 0, tzinfo=UTC)
    assert ticket.solve_due_at == datetime(2026, 11, 9, 5, 0, tzinfo=UTC)


def test_clocks_rest_on_chinese_holidays(healthy: Account) -> None:
    """Opened on the last working day before National Day 2026, at 17:00: one hour is left, then seven days off."""
    opened = datetime(2026, 9, 30, 9, 0, tzinfo=UTC)
    ticket = Ticket.objects.ask(account=healthy, by=None, now=opened, subject="S", body="B")
    assert ticket.answer_due_at == datetime(2026, 10, 10, 6, 0, tzinfo=UTC)


def test_a_late_first_answer_stays_a_miss(ticket: Ticket, sue: User) -> None:
    late = ticket.answer_due_at + timedelta(minutes=1)
    assert list(Ticket.objects.breached(now=late)) == [ticket]
    ticket.reply(body="Sorry", by=sue, now=late)
    assert list(Ticket.objects.breached(now=late)) == [ticket]
    ticket.solve(text="Fixed", by=sue, now=late)
    assert not Ticket.objects.breached(now=late).exists()


def test_an_internal_note_does_not_stop_the_clock(ticket: Ticket, sue: User, now: datetime) -> None:
    ticket.reply(body="Known fault", by=sue, now=now, internal=True)
    assert Ticket.objects.get().answered_at is None
    ticket.reply(body="We are on it", by=sue, now=now)
    assert Ticket.objects.get().answered_at == now


def test_the_customer_opens_reads_and_answers(
    client: Client, portal: str, project: Project, sue: User, now: datetime
) -> None:
    assert client.post(f"{portal}tickets/", {"name": "", "subject": "x", "body": ""}).status_code == 422
    typed = {"name": "Helen He", "subject": "Login", "body": "Nobody gets in"}
    assert client.post(f"{portal}tickets/", typed).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.channel, ticket.asked_by, ticket.account) == ("portal", "Helen He", project.account)
    ticket.reply(body="Secret thought", by=sue, now=now, internal=True)
    ticket.reply(body="Try again", by=sue, now=now)
    ticket.solve(text="Key renewed", by=sue, now=now)
    page = client.get(f"{portal}tickets/{ticket.pk}/").content
    assert b"Try again" in page
    assert b"Key renewed" in page
    assert b"Secret thought" not in page
    client.post(f"{portal}tickets/{ticket.pk}/", {"name": "Helen He", "body": "Still not"})
    assert not Ticket.objects.get().solved


def test_staff_answer_and_solve_in_the_browser(as_: As, ticket: Ticket, sue: User) -> None:
    browser = as_(sue)
    assert browser.post(f"/tickets/{ticket.pk}/replies/", {"body": ""}).status_code == 422
    assert browser.post(f"/tickets/{ticket.pk}/replies/", {"body": "We look"}).status_code == 302
    assert browser.post(f"/tickets/{ticket.pk}/solution/", {"text": "Restarted"}).status_code == 302
    assert Ticket.objects.get().solved
    browser.post(f"/tickets/{ticket.pk}/reopening/")
    assert not Ticket.objects.get().solved


def test_owners_are_warned_before_and_their_manager_after(ticket: Ticket, sue: User, mei: User) -> None:
    type(sue).objects.filter(pk=sue.pk).update(manager=mei)
    ticket = Ticket.objects.select_related("owner__manager").get()
    due = ticket.answer_due_at
    ticket.escalate(now=due - timedelta(hours=5), warn_before=timedelta(hours=4))
    assert not Task.objects.exists()
    recorded = Batch.objects.count()
    for _twice in range(2):
        ticket.escalate(now=due - timedelta(hours=3), warn_before=timedelta(hours=4))
        ticket.escalate(now=due + timedelta(minutes=1), warn_before=timedelta(hours=4))
    assert [task.owner for task in Task.objects.order_by("pk")] == [sue, mei]
    assert Batch.objects.count() == recorded + 1  # nobody would know it again when its id is forgotten


def test_outsiders_and_readers(as_: As, ticket: Ticket, olga: User, rita: User) -> None:
    assert as_(olga).get(f"/tickets/{ticket.pk}/").status_code == 404
    assert as_(rita).get(f"/tickets/{ticket.pk}/").status_code == 200
    for noun in ("replies", "solution", "reopening"):
        assert as_(olga).post(f"/tickets/{ticket.pk}/{noun}/", {"body": "x"}).status_code == 404
        assert as_(rita).post(f"/tickets/{ticket.pk}/{noun}/", {"body": "x"}).status_code == 403
    assert as_(rita).get("/tickets/new/").status_code == 403
    assert b"Export fails" not in as_(olga).get("/tickets/?state=open").content
    assert b"Export fails" in as_(rita).get("/tickets/?state=open").content


def test_a_ticket_for_another_accounts_contact_is_refused(as_: As, healthy: Account, lin: object, sue: User) -> None:
    typed = {"account": healthy.pk, "contact": lin.pk, "subject": "S", "body": "B", "priority": "normal"}  # type: ignore[attr-defined]
    answer = as_(sue).post("/tickets/new/", typed)
    assert answer.status_code == 422
    assert b"another account" in answer.content


def test_its_page_shows_its_tasks_and_adds_one(ticket: Ticket, as_: As, sue: User) -> None:
    page = as_(sue).get(ticket.get_absolute_url()).content.decode()
    assert f"about=ticket:{ticket.pk}" in page
    made = as_(sue).post(
        f"{reverse('records:task_new')}?about=ticket:{ticket.pk}", {"title": "Call back", "owner": sue.pk}
    )
    assert made.status_code == 302
    task = Task.objects.get(title="Call back")
    assert (task.about_kind, task.about_id) == ("ticket", ticket.pk)
    assert "Call back" in as_(sue).get(ticket.get_absolute_url()).content.decode()

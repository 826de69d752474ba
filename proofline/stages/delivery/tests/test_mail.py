"""What the customer is told by mail: gates to sign, answers, solutions, reports, and the portal's link."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.utils import timezone

from proofline.kit.jobs import running
from proofline.outreach.models import Message
from proofline.stages.delivery.models import Ticket, ValueReport, present

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Account, Contact, User
    from proofline.stages.delivery.models import Project

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(project: Project, helen: Contact, sue: User) -> Ticket:
    made: Ticket = Ticket.objects.ask(
        account=project.account,
        by=None,
        now=timezone.now(),
        subject="Export fails",
        body="Help",
        contact=helen,
        owner=sue,
    )
    return made


def letters() -> list[tuple[str, str]]:
    """Send what waits; return whom it reached and what it is about."""
    running.run_pending()
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


def test_a_gate_to_sign_is_mailed_with_the_way_there(project: Project, helen: Contact, portal: str, dan: User) -> None:
    present(project.gates_in_order[0], note="Done", by=dan, now=timezone.now())
    assert letters() == [("helen@heron.test", "Ready for your signature: Requirements confirmed")]
    assert portal in mail.outbox[0].body


def test_history_mails_nobody(project: Project, helen: Contact, dan: User) -> None:
    present(project.gates_in_order[0], note="Done", by=dan, now=timezone.now() - timedelta(days=2))
    assert letters() == []


def test_each_answer_and_the_solution_reach_who_asked(as_: As, ticket: Ticket, sue: User) -> None:
    for body in ("We look into it", "Found it"):
        as_(sue).post(f"/tickets/{ticket.pk}/replies/", {"body": body})
    as_(sue).post(f"/tickets/{ticket.pk}/replies/", {"body": "Secret", "internal": "on"})
    as_(sue).post(f"/tickets/{ticket.pk}/solution/", {"text": "Fixed in 2.1"})
    assert [subject for _to, subject in letters()] == ["Re: Export fails", "Re: Export fails", "Solved: Export fails"]
    assert "Found it" in mail.outbox[1].body
    assert all("Secret" not in letter.body for letter in mail.outbox)


def test_a_portal_ticket_knows_its_writer_by_e_mail(client: Client, portal: str, helen: Contact, lin: Contact) -> None:
    typed = {"name": "Helen", "subject": "How?", "body": "How do we add somebody?"}
    for email in ("HELEN@heron.test", "lin@lotus.test", ""):
        assert client.post(f"{portal}tickets/", typed | {"email": email}).status_code == 302
    assert [ticket.contact for ticket in Ticket.objects.order_by("pk")] == [helen, None, None]
    assert client.post(f"{portal}tickets/", typed | {"email": "nonsense"}).status_code == 422


def test_an_answer_of_the_customer_opens_it_again(client: Client, portal: str, ticket: Ticket, sue: User) -> None:
    ticket.solve(text="Done", by=sue, now=timezone.now())
    client.post(f"{portal}tickets/{ticket.pk}/", {"name": "Helen", "body": "Not quite"})
    assert Ticket.objects.open().get() == ticket


@pytest.mark.django_db(transaction=True)
def test_a_shared_report_is_mailed(as_: As, project: Project, helen: Contact, dan: User) -> None:
    report = ValueReport.objects.make(project, by=dan, now=timezone.now())
    for _twice in range(2):
        as_(dan).post(f"/value-reports/{report.pk}/publication/")
    assert letters() == [("helen@heron.test", "What Heron · Clarity has brought you")]


def test_the_portal_link_is_mailed_to_a_contact_of_the_account(
    as_: As, project: Project, portal: str, helen: Contact, lin: Contact, sara: User
) -> None:
    address = f"/accounts/{project.account_id}/portal-invitations/"
    assert as_(sara).get(address).status_code == 200
    assert as_(sara).post(address, {"to": lin.pk}).status_code == 422
    assert as_(sara).post(address, {"to": helen.pk}).status_code == 302
    assert letters()[0][0] == "helen@heron.test"
    assert portal in mail.outbox[0].body


def test_only_who_may_write_shares_the_link(
    as_: As, healthy: Account, project: Project, helen: Contact, olga: User, rita: User
) -> None:
    address = f"/accounts/{healthy.pk}/portal-invitations/"
    assert as_(olga).post(address, {"to": helen.pk}).status_code == 404
    assert as_(rita).post(address, {"to": helen.pk}).status_code == 403
    assert not Message.objects.exists()

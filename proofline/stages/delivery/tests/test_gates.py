"""The four gates: in order, each presented by us and signed by the customer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from proofline.stages.delivery.models import Acceptance, Gate, GateNotReadyError, Project, accept, present
from proofline.timeline import projector, query
from tests.fixtures import waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User
    from proofline.stages.closing.models import Contract

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
SIGNED = {"signature-name": "Helen He", "signature-title": "COO", "signature-agreed": "on"}


def sign_all(project: Project, *, now: datetime, by: User) -> None:
    for gate in project.gates_in_order:
        present(gate, note="Done", by=by, now=now)
        accept(gate, name="Helen He", title="COO", ip="127.0.0.1", user_agent="test", now=now)


def test_a_contract_opens_one_project_with_four_gates(
    contract: Contract, project: Project, dan: User, now: datetime
) -> None:
    assert Project.objects.open_for(contract, by=dan, now=now) == project
    kinds = [gate.kind for gate in project.gates_in_order]
    assert kinds == ["requirements", "prototype", "user_test", "go_live"]
    assert project.gates_in_order[0].due_on.isoformat() == "2026-11-09"


def test_the_customer_signs_through_the_portal(
    client: Client, as_: As, portal: str, project: Project, dan: User
) -> None:
    gate = project.gates_in_order[0]
    as_(dan).post(f"/gates/{gate.pk}/presentation/", {"note": "Twelve requirements, agreed on Monday"})
    assert b"Twelve requirements" in client.get(portal).content
    assert client.post(f"{portal}gates/{gate.pk}/acceptance/", SIGNED, REMOTE_ADDR="203.0.113.9").status_code == 302
    signed = Acceptance.objects.get(gate=gate)
    assert (signed.name, signed.title, signed.ip) == ("Helen He", "COO", "203.0.113.9")
    assert Project.objects.get().current_gate == project.gates_in_order[1]


def test_an_unsigned_name_or_box_is_asked_for(
    client: Client, portal: str, project: Project, dan: User, now: datetime
) -> None:
    gate = project.gates_in_order[0]
    present(gate, note="Done", by=dan, now=now)
    answer = client.post(f"{portal}gates/{gate.pk}/acceptance/", {"signature-name": "Helen He"})
    assert answer.status_code == 422
    assert b"Helen He" in answer.content
    assert not Acceptance.objects.exists()


def test_gates_come_in_order(project: Project, dan: User, now: datetime) -> None:
    second = project.gates_in_order[1]
    with pytest.raises(GateNotReadyError):
        present(second, note="Early", by=dan, now=now)
    with pytest.raises(GateNotReadyError):
        accept(second, name="H", title="", ip=None, user_agent="", now=now)


def test_the_first_signature_stands(project: Project, dan: User, now: datetime) -> None:
    gate = project.gates_in_order[0]
    present(gate, note="Done", by=dan, now=now)
    first = accept(gate, name="Helen He", title="", ip=None, user_agent="", now=now)
    assert accept(gate, name="Somebody Else", title="", ip=None, user_agent="", now=now) == first
    assert Acceptance.objects.get().name == "Helen He"


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_leave_one(project: Project, dan: User, now: datetime) -> None:
    gate = project.gates_in_order[0]
    present(gate, note="Done", by=dan, now=now)
    failed: list[Exception] = []

    def sign(name: str) -> None:
        try:
            accept(Gate.objects.get(pk=gate.pk), name=name, title="", ip=None, user_agent="", now=now)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)
        finally:
            connection.close()

    waiting.at_once(partial(sign, "A"), partial(sign, "B"))
    assert not failed
    assert Acceptance.objects.filter(gate=gate).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_gate_is_the_go_live(project: Project, dan: User, now: datetime) -> None:
    sign_all(project, now=now, by=dan)
    assert Project.objects.get().went_live_at == now
    projector.project_pending()
    assert query.count(event="gate.accepted") == [("", 4)]
    assert query.count(event="project.went_live") == [("", 1)]


def test_a_portal_shows_only_its_own_account(
    client: Client, portal: str, leaving: object, project: Project, now: datetime
) -> None:
    from proofline.stages.delivery.models import Portal

    other = Portal.of(leaving, now=now)  # type: ignore[arg-type]
    gate = project.gates_in_order[0]
    assert client.post(f"/portal/{other.token}/gates/{gate.pk}/acceptance/", SIGNED).status_code == 404
    assert project.name.encode() not in client.get(f"/portal/{other.token}/").content
    assert client.get("/portal/nothing/").status_code == 404


def test_a_new_link_ends_the_old(client: Client, as_: As, portal: str, project: Project, dan: User) -> None:
    as_(dan).post(f"/accounts/{project.account_id}/portal-link/")
    assert client.get(portal).status_code == 404


def test_outsiders_and_readers(as_: As, project: Project, olga: User, rita: User) -> None:
    gate = project.gates_in_order[0]
    for address in (f"/projects/{project.pk}/", f"/gates/{gate.pk}/presentation/", f"/projects/{project.pk}/edit/"):
        assert as_(olga).get(address).status_code == 404
    assert as_(rita).get(f"/projects/{project.pk}/").status_code == 200
    assert as_(rita).post(f"/gates/{gate.pk}/presentation/", {"note": "x"}).status_code == 403
    assert as_(rita).post(f"/projects/{project.pk}/reports/").status_code == 403
    assert as_(rita).post(f"/accounts/{project.account_id}/portal-link/").status_code == 403
    assert as_(olga).post(f"/accounts/{project.account_id}/portal-link/").status_code == 404
    assert project.name.encode() not in as_(olga).get("/projects/").content


def test_the_link_with_which_a_customer_signs_is_not_shown_to_readers(
    as_: As, project: Project, portal: str, rita: User, sam: User
) -> None:
    for page in (f"/projects/{project.pk}/", f"/accounts/{project.account_id}/"):
        assert portal.encode() not in as_(rita).get(page).content
        assert portal.encode() in as_(sam).get(page).content


def test_the_page_shows_what_was_promised(as_: As, project: Project, dan: User) -> None:
    page = as_(dan).get(f"/projects/{project.pk}/").content.decode()
    assert "Reporting" in page
    assert "8 h/week" in page

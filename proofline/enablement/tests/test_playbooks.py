"""Playbooks: written by who enables, read by all, shown where they apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from proofline.enablement.models import Playbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
TYPED = {
    "stage": "closing",
    "title": "Before you win",
    "body": "Know who decides\n\nAgree on the numbers\n",
    "position": "1",
}


@pytest.fixture
def playbook(db: None) -> Playbook:
    del db
    made: Playbook = Playbook.objects.create(stage="closing", title="Before you win", body="Know who decides")
    return made


def test_a_playbook_is_written_and_read(as_: As, mei: User, rita: User) -> None:
    assert b"No playbooks yet" in as_(rita).get("/playbooks/").content
    assert as_(mei).post("/playbooks/new/", TYPED).status_code == 302
    assert Playbook.objects.get().steps == ["Know who decides", "Agree on the numbers"]
    page = as_(rita).get("/playbooks/").content.decode()
    assert "Agree on the numbers" in page
    assert "/playbooks/new/" not in page


def test_what_is_missing_is_said_and_what_was_typed_stays(as_: As, mei: User) -> None:
    answer = as_(mei).post("/playbooks/new/", TYPED | {"title": ""})
    assert answer.status_code == 422
    assert b"Agree on the numbers" in answer.content
    assert not Playbook.objects.exists()


def test_a_playbook_is_changed_and_removed(as_: As, mei: User, playbook: Playbook) -> None:
    assert as_(mei).post(f"/playbooks/{playbook.pk}/", TYPED | {"title": "Before we win"}).status_code == 302
    assert Playbook.objects.get().title == "Before we win"
    assert as_(mei).post(f"/playbooks/{playbook.pk}/removal/").status_code == 302
    assert not Playbook.objects.exists()


def test_a_reader_changes_nothing(as_: As, playbook: Playbook, rita: User) -> None:
    for address in ("/playbooks/new/", f"/playbooks/{playbook.pk}/", f"/playbooks/{playbook.pk}/removal/"):
        assert as_(rita).post(address, TYPED).status_code == 403
    assert Playbook.objects.get() == playbook


def test_nobody_reads_without_signing_in(client: Client, playbook: Playbook) -> None:
    assert client.get("/playbooks/").status_code == 302
    assert client.post(f"/playbooks/{playbook.pk}/removal/").status_code == 302
    assert Playbook.objects.exists()


def test_the_panel_stands_where_the_stage_is(as_: As, playbook: Playbook, rita: User) -> None:
    from django.test import RequestFactory

    from proofline.enablement.panels import playbook_of

    request = RequestFactory().get("/")
    request.user = rita
    assert "Know who decides" in playbook_of("closing")(request, None)
    assert playbook_of("growth")(request, None) == ""

"""Playbooks: written by who enables, read by all, their steps added, worded, put in order and taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from proofline.enablement import reactions
from proofline.enablement.models import Playbook, Step
from proofline.timeline.traces import Traces
from tests.cast import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
TYPED = {
    "stage": "closing",
    "kind": "deal",
    "title": "Before you win",
    "title_zh": "赢单前检查",
    "steps": "Know who decides\n\nAgree on the numbers\n",
    "position": "1",
}


@pytest.fixture
def playbook(mei: User) -> Playbook:
    return Playbook.objects.write(
        by=mei, now=NOW, stage="closing", title="Before you win", steps=("Know who decides", "Agree on numbers", "Sign")
    )


def texts(playbook: Playbook) -> list[str]:
    return [step.text for step in playbook.steps_in_order]


def test_a_playbook_is_written_and_read(as_: As, mei: User, rita: User) -> None:
    assert b"No playbooks yet" in as_(rita).get("/playbooks/").content
    made = as_(mei).post("/playbooks/new/", TYPED)
    playbook = Playbook.objects.get()
    assert (made.status_code, made["Location"]) == (302, f"/playbooks/{playbook.pk}/")
    assert texts(playbook) == ["Know who decides", "Agree on the numbers"]
    for address in ("/playbooks/", f"/playbooks/{playbook.pk}/"):
        page = as_(rita).get(address).content.decode()
        assert "Agree on the numbers" in page
        for verb in ("/new/", "/edit/", "/removal/", "/position/"):
            assert verb not in page
    with translation.override("zh-hans"):
        assert str(playbook) == "赢单前检查"


def test_what_is_missing_is_said_and_what_was_typed_stays(as_: As, mei: User) -> None:
    answer = as_(mei).post("/playbooks/new/", TYPED | {"title": ""})
    assert answer.status_code == 422
    assert b"Agree on the numbers" in answer.content
    answer = as_(mei).post("/playbooks/new/", TYPED | {"stage": "reach"})
    assert answer.status_code == 422
    assert b"These records belong to another stage." in answer.content
    assert not Playbook.objects.exists()


def test_what_is_sent_empty_says_what_is_missing(as_: As, mei: User, playbook: Playbook) -> None:
    here, step = f"/playbooks/{playbook.pk}/", playbook.steps_in_order[0]
    for address in ("/playbooks/new/", f"{here}edit/", f"{here}steps/new/", f"/playbooks/steps/{step.pk}/"):
        answer = as_(mei).post(address, {})
        assert answer.status_code == 422, address
        assert b"This field is required." in answer.content
    assert texts(playbook) == ["Know who decides", "Agree on numbers", "Sign"]


def test_a_playbook_is_changed_removed_and_brought_back(as_: As, mei: User, playbook: Playbook) -> None:
    here = f"/playbooks/{playbook.pk}/"
    assert as_(mei).post(f"{here}edit/", TYPED | {"title": "Before we win"}).status_code == 302
    assert Playbook.objects.get().title == "Before we win"
    assert as_(mei).post(f"{here}removal/").status_code == 302
    assert as_(mei).get(here).status_code == 404
    assert b"Before we win" not in as_(mei).get("/playbooks/").content.replace(b"removed", b"")
    assert as_(mei).post(f"{here}restoration/")["Location"] == here
    assert b"Know who decides" in as_(mei).get(here).content


def test_steps_are_added_worded_ordered_and_removed_one_by_one(as_: As, mei: User, playbook: Playbook) -> None:
    browser, here = as_(mei), f"/playbooks/{playbook.pk}/"
    added = {"text": "Meet the buyer", "text_zh": "见采购", "state": "deal.won"}
    assert b"won" in browser.get(f"{here}steps/new/").content
    assert browser.post(f"{here}steps/new/", added)["Location"] == here
    assert browser.post(f"{here}steps/new/", added | {"state": "ticket.solved"}).status_code == 422
    assert browser.post(f"{here}steps/new/", added | {"text": " "}).status_code == 422
    step = Step.objects.latest("pk")
    for _twice in range(2):
        browser.post(f"/playbooks/steps/{step.pk}/position/", {"step": "up"})
    assert texts(playbook) == ["Know who decides", "Meet the buyer", "Agree on numbers", "Sign"]
    browser.post(f"/playbooks/steps/{step.pk}/position/", {"step": "down"})
    assert texts(playbook) == ["Know who decides", "Agree on numbers", "Meet the buyer", "Sign"]
    last = Step.objects.get(text="Sign")
    browser.post(f"/playbooks/steps/{last.pk}/position/", {"step": "down"})
    assert texts(playbook)[-1] == "Sign"
    assert browser.post(f"/playbooks/steps/{step.pk}/", {"text": "Meet buyers"})["Location"] == here
    browser.post(f"/playbooks/steps/{last.pk}/removal/")
    assert texts(playbook) == ["Know who decides", "Agree on numbers", "Meet buyers"]
    assert browser.get(f"/playbooks/steps/{last.pk}/").status_code == 404
    browser.post(f"/playbooks/steps/{last.pk}/restoration/")
    assert texts(playbook) == ["Know who decides", "Agree on numbers", "Meet buyers", "Sign"]


def test_a_state_goes_when_its_records_are_of_another_stage(as_: As, mei: User, playbook: Playbook) -> None:
    playbook.add_step(text="Hand over", state="deal.won")
    as_(mei).post(f"/playbooks/{playbook.pk}/edit/", TYPED | {"stage": "delivery", "kind": "project"})
    assert set(playbook.steps.values_list("state", flat=True)) == {""}


def test_a_reader_changes_nothing(as_: As, playbook: Playbook, rita: User) -> None:
    here, step = f"/playbooks/{playbook.pk}/", f"/playbooks/steps/{playbook.steps_in_order[0].pk}/"
    places = ("/playbooks/new/", f"{here}edit/", f"{here}removal/", f"{here}restoration/", f"{here}steps/new/")
    for address in (*places, step, f"{step}position/", f"{step}removal/", f"{step}restoration/"):
        assert as_(rita).post(address, TYPED | {"text": "x"}).status_code == 403, address
    assert texts(playbook) == ["Know who decides", "Agree on numbers", "Sign"]


def test_nobody_reads_without_signing_in(client: Client, playbook: Playbook) -> None:
    assert client.get("/playbooks/").status_code == 302
    assert client.post(f"/playbooks/{playbook.pk}/removal/").status_code == 302
    assert Playbook.objects.present().exists()


def test_who_is_erased_is_taken_out_of_what_playbooks_say(playbook: Playbook) -> None:
    step = playbook.add_step(text="Ask lin@lotus.test", text_zh="问 lin@lotus.test")
    assert reactions.forget_person(Traces(frozenset(), frozenset({("email", "lin@lotus.test")}))) == 1
    step.refresh_from_db()
    assert (step.text, step.text_zh) == ("Ask erased", "问 erased")


@pytest.mark.django_db(transaction=True)
def test_steps_become_the_lines_of_playbooks_as_they_were_and_lines_become_steps() -> None:
    written = Playbook.objects.create(stage="closing", title="Old")
    for text in ("Know who\ndecides", "Sign"):
        written.add_step(text=text)
    before, newest = ("enablement", "0002_lists"), MigrationExecutor(connection).loader.graph.leaf_nodes("enablement")
    try:
        state = MigrationExecutor(connection).migrate([before])
        old = state.apps.get_model("enablement", "Playbook").objects
        assert old.get().body == "Know who decides\nSign"
        old.update(body="Know who decides\n\n  Meet the buyer \nSign\n")
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert texts(Playbook.objects.get()) == ["Know who decides", "Meet the buyer", "Sign"]

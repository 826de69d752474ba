"""What was sent stays what the customer sees; versions are kept, shown again and compared."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proofline.stages.discovery.sending import send
from proofline.stages.discovery.writing.editing import add_block, change_block, move_block
from proofline.stages.discovery.writing.versions import differences, versions_of
from tests.fixtures.sale import Program

READER = "Mozilla/5.0 (iPhone) Safari/604.1"


@pytest.fixture
def sent(proposal, helen, sam):
    send(proposal, by=sam, now=timezone.now() - timedelta(hours=2), to=helen)
    return proposal


def changes_of(proposal):
    new, old = (sending.snapshot for _number, sending in versions_of(proposal)[:2])
    return {change.key: change for change in differences(old, new)}


def test_the_customer_sees_what_was_sent_until_it_is_sent_again(sent, sam, now):
    change_block(sent, "summary", by=sam, now=now, text="A new beginning")
    change_block(sent, "terms", by=sam, now=now, hidden=True)
    page = Client().get(sent.public_path).content.decode()
    assert "A new beginning" not in page
    assert "Thirty days to cancel." in page
    send(sent, by=sam, now=timezone.now())
    page = Client().get(sent.public_path).content.decode()
    assert "A new beginning" in page
    assert "Thirty days to cancel." not in page


def test_versions_differ_by_sections_words_and_figures(sent, sam, now):
    own = add_block(sent, by=sam, now=now, kind="text", heading="为什么", text="价格是 ¥33,280 一年")
    change_block(sent, "needs", by=sam, now=now, hidden=True)
    change_block(sent, "summary", by=sam, now=now, text="You lose three working days a week")
    move_block(sent, "terms", by=sam, now=now, after="summary")
    send(sent, by=sam, now=timezone.now() - timedelta(hours=1))
    found = changes_of(sent)
    assert {key: change.kind for key, change in found.items()} == {
        "summary": "changed",
        "needs": "removed",
        "terms": "moved",
        own.key: "added",
    }
    runs = [(run.kind, run.text) for line in found["summary"].lines for run in line]
    assert ("removed", "two") in runs
    assert ("added", "three") in runs
    change_block(sent, own.key, by=sam, now=now, text="价格是 ¥30,000 一年")
    send(sent, by=sam, now=timezone.now())
    assert changes_of(sent)[own.key].figures == [("¥33,280", "¥30,000")]


def test_a_version_is_shown_again_and_compared_on_its_page(sent, as_, sam, olga, now):
    change_block(sent, "summary", by=sam, now=now, text="<script>alert(1)</script>")
    send(sent, by=sam, now=timezone.now())
    versions = reverse("discovery:proposal_versions", args=[sent.pk])
    page = as_(sam).get(versions).content.decode()
    assert "&lt;script&gt;" in page
    assert "<ins>" in page
    first = reverse("discovery:proposal_version", args=[sent.pk, 1])
    assert "You lose two working days" in as_(sam).get(first).content.decode()
    assert as_(sam).get(reverse("discovery:proposal_version", args=[sent.pk, 3])).status_code == 404
    assert as_(olga).get(first).status_code == 404
    for asked in ("old=x", "new=x", "old=9&new=8", "new=%F0%9F%98%80"):
        assert as_(sam).get(f"{versions}?{asked}").status_code == 200


def test_who_comes_back_is_told_what_changed_since(sent, sam, now):
    phone = Client(headers={"user-agent": READER})
    assert "Changed since" not in phone.get(sent.public_path).content.decode()
    change_block(sent, "terms", by=sam, now=now, text="Sixty days to cancel.")
    send(sent, by=sam, now=timezone.now())
    assert "Changed since you last read:</p> Terms" in phone.get(sent.public_path).content.decode().replace(
        "read: ", "read:</p> "
    )


def test_versions_and_differences_through_the_api(sent, sam, now):
    change_block(sent, "terms", by=sam, now=now, text="Sixty days to cancel.")
    send(sent, by=sam, now=timezone.now())
    api, root = Program(sam, now), f"/proposals/{sent.pk}"
    versions = api.call("get", f"{root}/versions").json()
    assert [version["number"] for version in versions] == [2, 1]
    assert "Thirty days to cancel." in versions[1]["sections"]["terms"]
    (change,) = api.call("get", f"{root}/differences?old=1&new=2").json()
    assert api.call("get", f"{root}/differences").json() == [change]
    assert (change["key"], change["kind"]) == ("terms", "changed")
    assert api.call("get", f"{root}/differences?old=1&new=7").status_code == 404


def test_more_blocks_take_no_more_queries(sent, sam, now, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as few:
        Client().get(sent.public_path)
    for number in range(30):
        add_block(sent, by=sam, now=now, kind="text", text=f"Block {number}")
    send(sent, by=sam, now=timezone.now())
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        Client().get(sent.public_path)

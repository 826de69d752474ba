"""Battle cards: claims with their proof, the day on which each was checked, and who is asked when that was too long ago."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from proofline.records.models import Claim, Competitor, Evidence, Workspace
from proofline.records.today import waiting
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def rival(cleo, now):
    return Competitor.objects.add(by=cleo, now=now, name="BigSuite", owner=cleo, checked_on=timezone.localdate())


@pytest.fixture
def claim(rival, cleo, now):
    proof = Evidence.objects.create(kind="review", title="Independent review", permission=True)
    return Claim.objects.add(
        by=cleo,
        now=now,
        competitor=rival,
        kind="win",
        text="Live in a week, they take a quarter",
        evidence=proof,
        checked_on=timezone.localdate(),
    )


def aged(record, days):
    """Let a record have been checked so long ago."""
    record.change(by=None, now=timezone.now(), checked_on=timezone.localdate() - timedelta(days=days))
    return record


def test_a_claim_that_is_sent_empty_says_what_is_missing(rival, claim, as_, cleo):
    for address in (reverse("records:claim_new", args=[rival.pk]), reverse("records:claim", args=[claim.pk])):
        answer = as_(cleo).post(address, {})
        assert answer.status_code == 422
        assert "text" in answer.context["form"].errors
        assert "This field is required." in answer.content.decode()
    assert rival.claims.count() == 1


def test_a_claim_is_written_with_its_proof_and_stands_in_its_part_of_the_card(rival, as_, cleo, suite):
    page = as_(cleo).get(reverse("records:claim_new", args=[rival.pk]), {"kind": "can"})
    assert page.context["form"]["kind"].value() == "can"
    assert page.context["form"]["checked_on"].value() == timezone.localdate()
    module = suite.modules.first()
    typed = {
        "kind": "can",
        "text": "Reports take a consultant",
        "module": module.pk,
        "answer": "partly",
        "source_url": "https://reviews.test/bigsuite",
        "checked_on": timezone.localdate().isoformat(),
    }
    answer = as_(cleo).post(reverse("records:claim_new", args=[rival.pk]), typed)
    assert answer.url == rival.get_absolute_url()
    shown = as_(cleo).get(rival.get_absolute_url())
    groups = {kind.value: [claim.text for claim in claims] for kind, claims in shown.context["card"]}
    assert groups == {"win": [], "lose": [], "ask": [], "can": ["Reports take a consultant"]}
    page = shown.content.decode()
    assert "https://reviews.test/bigsuite" in page
    assert "<strong>Partly</strong>" in page
    assert "no proof yet" not in page


@pytest.mark.parametrize(("answer", "figure"), [("number", ""), ("yes", "3 h"), ("", "3 h")])
def test_a_number_is_said_where_a_number_is_the_answer_and_nowhere_else(rival, cleo, now, answer, figure):
    with pytest.raises(ValidationError, match=r"number|Number"):
        Claim.objects.add(
            by=cleo, now=now, competitor=rival, text="x", answer=answer, figure=figure, checked_on=now.date()
        )


def test_a_card_is_stale_when_it_or_any_claim_was_not_checked_for_as_long_as_the_workspace_says(
    rival, claim, as_, cleo
):
    assert "Stale" not in as_(cleo).get(rival.get_absolute_url()).content.decode()
    aged(claim, 91)
    assert "Still true" in as_(cleo).get(rival.get_absolute_url()).content.decode()
    for path in (reverse("records:competitors"), rival.get_absolute_url()):
        assert "Stale" in as_(cleo).get(path).content.decode(), path
    assert list(Competitor.objects.stale(today=timezone.localdate())) == [rival]
    Workspace.current().change(by=None, now=timezone.now(), card_days=100)
    assert not Competitor.objects.stale(today=timezone.localdate())
    assert "Stale" not in as_(cleo).get(rival.get_absolute_url()).content.decode()


def test_a_card_that_was_never_checked_is_stale(as_, cleo):
    never = Competitor.objects.create(name="Paper")
    assert list(Competitor.objects.stale(today=timezone.localdate())) == [never]
    listed = as_(cleo).get(reverse("records:competitors"), {"card": "stale"})
    assert [row.name for row in listed.context["listing"].page.rows] == ["Paper"]


def test_today_asks_who_looks_after_a_stale_card_and_one_press_says_that_it_is_still_true(
    rival, claim, as_, cleo, mark, facts
):
    assert not waiting(cleo, timezone.now())
    aged(claim, 91)
    assert not waiting(mark, timezone.now())
    (item,) = waiting(cleo, timezone.now())
    assert (item.title, item.url) == ("BigSuite", rival.get_absolute_url())
    assert as_(cleo).post(item.action_url).url == rival.get_absolute_url()
    claim.refresh_from_db()
    assert claim.checked_on == timezone.localdate()
    assert not waiting(cleo, timezone.now())
    (fact,) = facts("competitor.checked")
    assert fact["properties"]["competitor"] == "BigSuite"


def test_the_days_are_set_in_the_workspace(as_, ada):
    page = as_(ada).get(reverse("records:workspace"))
    form = page.context["form"]
    typed = {name: form[name].value() for name in form.fields if name != "logo"} | {"card_days": "30"}
    assert as_(ada).post(reverse("records:workspace"), typed).status_code == 302
    assert Workspace.current().card_days == 30
    assert as_(ada).post(reverse("records:workspace"), typed | {"card_days": "0"}).status_code == 422


def test_one_claim_is_confirmed_changed_and_taken_off(rival, claim, as_, cleo, sam):
    aged(claim, 91)
    addresses = [reverse(f"records:claim{what}", args=[claim.pk]) for what in ("_confirmation", "", "_removal")]
    for address in (*addresses, reverse("records:competitor_confirmation", args=[rival.pk])):
        assert as_(sam).post(address).status_code == 403, address
    assert as_(cleo).post(addresses[0]).status_code == 302
    claim.refresh_from_db()
    assert claim.checked_on == timezone.localdate()
    typed = {"kind": "ask", "text": "Who maintains it?", "checked_on": "2026-11-01"}
    assert as_(cleo).post(addresses[1], typed).status_code == 302
    claim.refresh_from_db()
    assert (claim.kind, claim.text) == ("ask", "Who maintains it?")
    assert as_(cleo).post(addresses[2]).status_code == 302
    assert not Claim.objects.exists()


def test_programs_read_and_write_cards(rival, cleo, sam, now):
    api = Program(cleo, now)
    added = api.post(
        f"/competitors/{rival.pk}/claims", {"kind": "can", "text": "Exports", "answer": "number", "figure": "2 h"}
    )
    assert added["checked_on"] == timezone.localdate().isoformat()
    assert api.patch(f"/claims/{added['id']}", {"figure": "3 h"})["figure"] == "3 h"
    assert api.call("patch", f"/claims/{added['id']}", {"answer": "yes"}).status_code == 422
    aged(Claim.objects.get(), 91)
    assert api.get(f"/competitors/{rival.pk}")["stale"] is True
    assert api.post(f"/competitors/{rival.pk}/confirmation", status=200)["stale"] is False
    assert [claim["text"] for claim in api.get(f"/competitors/{rival.pk}/claims")["items"]] == ["Exports"]
    assert Program(sam, now).call("delete", f"/claims/{added['id']}").status_code == 403
    api.expect(204, "delete", f"/claims/{added['id']}")
    assert not Claim.objects.exists()


def test_what_a_card_says_is_found_and_leads_to_it(claim, rival, as_, sam):
    page = as_(sam).get("/search/", {"q": "they take a quarter"}).content.decode()
    assert rival.get_absolute_url() in page

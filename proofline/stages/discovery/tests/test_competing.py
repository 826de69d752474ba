"""What customers use instead of us: noted in a study, seen on the deal and at the competitor."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from proofline.kit.money import Money
from proofline.records.models import Competitor
from proofline.stages.discovery.models import Alternative, Need
from tests.fixtures.sale import Program


@pytest.fixture
def rival(db):
    return Competitor.objects.create(name="BigSuite", difference="Live in a week")


@pytest.fixture
def used(study, need, rival, sam, now):
    return Alternative.objects.note(
        by=sam,
        now=now,
        study=study,
        competitor=rival,
        since=date(2021, 3, 1),
        pays=Decimal(120_000),
        currency="CNY",
        gaps="No history of changes",
        needs=[need],
    )


@pytest.fixture
def others_need(leaving, sam, now):
    from proofline.stages.discovery.models import Study

    other = Study.objects.open_study(by=sam, now=now, account=leaving)
    return Need.objects.record(by=sam, now=now, study=other, text="Somebody else's")


def test_what_they_use_is_noted_as_people_type_it(study, need, rival, as_, sam, facts):
    typed = {
        "standing": "in_use",
        "kind": "product",
        "competitor": rival.pk,
        "since": "2021-03-01",
        "pays": "120000",
        "currency": "CNY",
        "per": "year",
        "gaps": "No history of changes",
        "needs": [need.pk],
    }
    answer = as_(sam).post(reverse("discovery:alternative_new", args=[study.pk]), typed)
    assert answer.url == f"{study.get_absolute_url()}#alternatives"
    noted = Alternative.objects.get()
    assert (str(noted), noted.pays_a_month) == ("BigSuite", Money(10_000, "CNY"))
    page = as_(sam).get(study.get_absolute_url()).content.decode()
    for text in ("BigSuite", "since 1 Mar 2021", "CN¥120,000", "No history of changes", "Live in a week"):
        assert text in page, text
    card = page[page.index('id="alternatives"') :].partition("</section>")[0]
    assert "Reports take too long" in card
    (fact,) = facts("alternative.noted")
    assert fact["properties"]["competitors"] == str(rival.pk)
    assert fact["properties"]["study_id"] == study.pk


def test_a_spreadsheet_and_doing_nothing_need_no_name(study, as_, sam):
    for kind, shown in (("spreadsheet", "Spreadsheet"), ("nothing", "Doing nothing")):
        typed = {"standing": "in_use", "kind": kind, "per": "year"}
        assert as_(sam).post(reverse("discovery:alternative_new", args=[study.pk]), typed).status_code == 302
        assert shown in as_(sam).get(study.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"kind": "product"}, "Choose the competitor, or write the product"),
        ({"kind": "paper", "pays": "5"}, "Say in which currency."),
        ({"kind": "paper", "pays": "-5", "currency": "CNY"}, "A price is written without a minus."),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(study, as_, sam, typed, message):
    address = reverse("discovery:alternative_new", args=[study.pk])
    answer = as_(sam).post(address, {"standing": "in_use", "per": "year", "gaps": "what I typed"} | typed)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "what I typed" in answer.content.decode()
    assert not Alternative.objects.exists()


def test_a_competitor_stands_once_in_a_study(used, study, rival, as_, sam):
    typed = {"standing": "considered", "kind": "product", "competitor": rival.pk, "per": "year"}
    answer = as_(sam).post(reverse("discovery:alternative_new", args=[study.pk]), typed)
    assert answer.status_code == 422
    assert Alternative.objects.count() == 1


def test_needs_of_another_customer_are_refused(used, others_need, sam, now):
    with pytest.raises(ValidationError, match="another customer"):
        used.change(by=sam, now=now, needs=[others_need])
    api = Program(sam, now)
    assert api.call("patch", f"/alternatives/{used.pk}", {"needs": [others_need.pk]}).status_code == 422


def test_it_keeps_its_name_when_the_competitor_leaves_the_library(used, rival):
    rival.remove()
    used.refresh_from_db()
    assert (used.competitor, str(used)) == (None, "BigSuite")


def test_it_is_changed_and_taken_back_and_facts_say_what_is_faced_from_then_on(used, rival, as_, sam, facts):
    second = Competitor.objects.create(name="Tern")
    typed = {"standing": "considered", "kind": "product", "competitor": second.pk, "name": "BigSuite", "per": "month"}
    assert as_(sam).post(reverse("discovery:alternative", args=[used.pk]), typed).status_code == 302
    assert facts("alternative.changed")[0]["properties"]["competitors"] == str(second.pk)
    assert as_(sam).post(reverse("discovery:alternative_removal", args=[used.pk])).status_code == 302
    (fact,) = facts("alternative.dropped")
    assert (fact["properties"]["competitors"], fact["properties"]["alternative"]) == ("", "Tern")
    assert rival.pk


def test_the_competitor_shows_at_which_customers_it_is_and_only_to_who_may_see_them(used, rival, as_, sam, olga, rita):
    for path in (rival.get_absolute_url(), reverse("discovery:alternatives")):
        assert "Heron Robotics" in as_(sam).get(path).content.decode()
        assert "Heron Robotics" in as_(rita).get(path).content.decode()
        assert "Heron Robotics" not in as_(olga).get(path).content.decode()
    listed = as_(sam).get(reverse("discovery:alternatives"), {"competitor": rival.pk})
    assert [row.pk for row in listed.context["listing"].page.rows] == [used.pk]


def test_nobody_changes_what_they_may_not(used, study, as_, rita, olga):
    addresses = [
        reverse("discovery:alternative_new", args=[study.pk]),
        reverse("discovery:alternative", args=[used.pk]),
        reverse("discovery:alternative_removal", args=[used.pk]),
    ]
    for address in addresses:
        assert as_(olga).post(address).status_code == 404
        assert as_(rita).post(address).status_code == 403


def test_programs_note_read_and_take_back(study, need, rival, sam, olga, now):
    api = Program(sam, now)
    body = {"competitor_id": rival.pk, "needs": [need.pk], "pays": "900", "currency": "CNY", "per": "month"}
    added = api.post(f"/studies/{study.pk}/alternatives", body)
    assert (added["name"], added["needs"], added["pays"]) == ("BigSuite", [need.pk], "900")
    assert api.patch(f"/alternatives/{added['id']}", {"standing": "considered"})["standing"] == "considered"
    assert [one["id"] for one in api.get(f"/alternatives?study_id={study.pk}")["items"]] == [added["id"]]
    assert api.get(f"/alternatives?competitor_id={rival.pk + 1}")["items"] == []
    assert Program(olga, now).call("get", f"/alternatives/{added['id']}").status_code == 404
    api.expect(204, "delete", f"/alternatives/{added['id']}")
    assert api.get("/alternatives")["items"] == []

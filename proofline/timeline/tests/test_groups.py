"""What is said of a group alone: it gets its traits, and nobody appears who never was."""

import json

import pytest

from proofline.timeline import arriving, facts, identity, inbox, query, rebuilding, store
from proofline.timeline.arriving import Wanted
from proofline.timeline.feed import feed
from proofline.timeline.models import Group, Person, PersonKey, Quarantined, Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
MADE_UP = "9f8b1c2d-3e4f-4a5b-8c6d-7e8f9a0b1c2d"


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def capture(client, source):
    """Return `capture(*events)`: they are taken in and projected."""

    def send(*events):
        body = json.dumps({"api_key": source.write_key, "batch": events})
        assert client.post("/batch/", body, content_type="application/json").status_code == 200
        project_pending()

    return send


def about(key="lotus", *, distinct_id="$company_lotus", **more):
    said = {"$group_type": "company", "$group_key": key, "$group_set": more, "$is_server": True}
    return {"event": "$groupidentify", "distinct_id": distinct_id, "properties": said}


def stored():
    return store.query("SELECT event, person, account FROM events ORDER BY event")


@pytest.mark.parametrize("distinct_id", ["$company_lotus", MADE_UP, None])
def test_the_group_is_described_and_nobody_appears(capture, distinct_id):
    identity.tie_group(key="lotus", account=7)
    capture(about(distinct_id=distinct_id, name="Lotus", seats=9))
    assert Group.objects.get().traits == {"groupType": "company", "name": "Lotus", "seats": 9}
    assert stored() == [("Grouped", 0, 7)]
    assert not Person.objects.exists()
    assert not PersonKey.objects.exists()
    assert not Quarantined.objects.exists()


def test_what_is_said_later_counts_whoever_says_it(capture):
    user = about(distinct_id="u1", name="Lotus", plan="free")
    capture(user, about(plan="pro"), about(distinct_id="u1", seats=9))
    assert Group.objects.get().traits == {"groupType": "company", "name": "Lotus", "plan": "pro", "seats": 9}
    assert Person.objects.get().group == Group.objects.get()


def test_a_group_that_is_not_tied_yet_belongs_to_no_account(capture):
    capture(about(name="Lotus"), about("wind", distinct_id="$company_wind"))
    assert stored() == [("Grouped", 0, 0), ("Grouped", 0, 0)]
    assert Group.objects.count() == 2
    assert query.count(event="Grouped") == [("", 2)]


def test_it_stays_so_when_the_store_is_made_anew(capture):
    capture(about(name="Lotus"), {"event": "Report Opened", "distinct_id": "u1"})
    before = stored()
    rebuilding.rebuild()
    assert stored() == before
    assert Person.objects.count() == 1


def test_the_live_view_takes_it_for_what_it_is(capture):
    capture(about(name="Lotus"))
    (row,) = arriving.newest(Wanted()).rows
    assert (row.name, row.who, row.wrong) == ("Grouped", "", "")


def test_the_account_s_feed_says_it_of_nobody(capture, healthy):
    identity.tie_group(key="lotus", account=healthy.pk)
    capture(about(name="Lotus"))
    (item,) = feed(account=healthy.pk, kinds=["group"]).items
    assert (item.who, item.sentence) == ("", "something new is known of Lotus")


def test_segment_s_group_needs_somebody(source, now):
    inbox.append(source, [{"type": "group", "groupId": "lotus", "traits": {"name": "Lotus"}}], now)
    project_pending()
    assert [one.error for one in Quarantined.objects.held()] == ["userId or anonymousId is required"]
    assert not Group.objects.exists()


def test_a_fact_beside_it_keeps_its_place(capture, now, ada):
    facts.catalogue.declare("lamp.lit", sentence="lit a lamp", properties={})
    facts.record("lamp.lit", at=now, by=ada.pk, account=7, key="1")
    capture(about(name="Lotus"), {"event": "Report Opened", "distinct_id": "u1"})
    assert [(event, account) for event, _person, account in stored()] == [
        ("Grouped", 0),
        ("Report Opened", 0),
        ("lamp.lit", 7),
    ]

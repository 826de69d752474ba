"""Events as they arrive, from the inbox, before anything else happens to them."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.urls import reverse

from proofline.timeline import arriving, facts, identity, inbox, segment
from proofline.timeline.arriving import Wanted
from proofline.timeline.models import Batch, Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
TRACK = {"type": "track", "userId": "u1", "event": "Feature Used"}
ROW = '<li class="live-row'


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def shown(as_, ada):
    """Return `shown(**asked)`: what the page answers."""
    browser = as_(ada)
    return lambda **asked: browser.get(reverse("records:live"), asked)


def names(found):
    return [row.name for row in found.rows]


def test_the_newest_stand_first_before_the_projector_took_them(source, now):
    inbox.append(source, [TRACK | {"event": "first"}, TRACK | {"event": "second"}], now)
    inbox.append(source, [TRACK | {"event": "third"}], now)
    assert Batch.objects.pending().count() == 2
    found = arriving.newest(Wanted())
    assert names(found) == ["third", "second", "first"]
    assert {row.source for row in found.rows} == {"Product"}
    assert names(arriving.newest(Wanted(), after=found.cursor)) == []
    inbox.append(source, [TRACK | {"event": "fourth"}], now)
    assert names(arriving.newest(Wanted(), after=found.cursor)) == ["fourth"]


def test_they_are_narrowed_to_a_source_an_event_and_a_person(source, now):
    other = Source.add(name="Website", now=now)
    inbox.append(source, [TRACK, TRACK | {"event": "Signed Up", "userId": "Lin"}], now)
    inbox.append(other, [{"anonymousId": "a-7", "name": "Prices"}], now, kind="page")
    assert names(arriving.newest(Wanted(source=other.pk))) == ["Page Viewed"]
    assert names(arriving.newest(Wanted(event="signed"))) == ["Signed Up"]
    assert names(arriving.newest(Wanted(person="lin"))) == ["Signed Up"]
    assert names(arriving.newest(Wanted(person="a-7", event="page"))) == ["Page Viewed"]


def test_whoever_is_known_leads_to_contact_and_account(source, now, lin, healthy):
    inbox.append(source, [{"type": "identify", "userId": "u1", "traits": {"email": lin.email}}, TRACK], now)
    project_pending()
    person = identity.resolve(anonymous=None, user="u1", email=None)
    identity.tie(person=person, contact=lin.pk, account=lin.account_id)
    (used, identified) = arriving.newest(Wanted(source=source.pk)).rows
    assert (used.contact, used.account, used.contact_name) == (lin.pk, lin.account_id, lin.name)
    assert identified.contact == lin.pk


def test_whoever_is_no_contact_yet_leads_to_the_person(shown, source, now):
    inbox.append(source, [TRACK], now)
    assert "/people/" not in shown().content.decode(), "nobody knows them yet"
    project_pending()
    person = identity.resolve(anonymous=None, user="u1", email=None)
    assert f'href="/people/{person}/"' in shown().content.decode()


def test_facts_of_the_sale_are_among_them(ada, now, healthy):
    facts.catalogue.declare("lamp.lit", sentence="lit a lamp", properties={})
    facts.record("lamp.lit", at=now, by=ada.pk, account=healthy.pk, key="1")
    (row,) = list(arriving.newest(Wanted(event="lamp.lit")).rows)
    assert (row.kind, row.who, row.account_name) == ("fact", ada.name, healthy.name)


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"type": "track", "userId": "u1"}, "event is required"),
        ({"type": "track", "event": "Lost"}, "userId or anonymousId is required"),
        ({"type": "track", "userId": {}, "event": "Lost"}, "Not a message"),
    ],
)
def test_what_will_be_refused_is_marked_at_once(source, now, message, why):
    inbox.append(source, [message], now)
    (row,) = arriving.newest(Wanted()).rows
    assert why in row.wrong
    assert row.name == message.get("event", "")


def test_a_batch_that_cannot_be_read_hides_no_other(source, now):
    Batch.objects.create(kind="tracking", source=source, received_at=now, count=1, body=b"no packing that we know")
    inbox.append(source, [TRACK], now)
    assert names(arriving.newest(Wanted())) == ["Feature Used", ""]


def test_however_many_arrive_only_some_are_looked_through(source, now, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_EVENTS", 20)
    inbox.append(source, [TRACK | {"event": "rare"}], now)
    start = arriving.newest(Wanted()).cursor
    for _ in range(5):
        inbox.append(source, [TRACK] * 10, now)
    found = arriving.newest(Wanted(event="rare"), after=start)
    assert (names(found), found.missed) == ([], True)
    assert found.cursor.last == Batch.objects.latest("pk").pk
    assert len(arriving.newest(Wanted(), most=7).rows) == 7


def test_what_came_is_shown_as_json(source, now):
    inbox.append(source, [TRACK, TRACK | {"properties": {"big": 12345678901234567890}}], now)
    found, text = arriving.one(Batch.objects.get().pk, 1)
    assert found.name == "Feature Used"
    assert '"big": 12345678901234567890' in text
    assert arriving.one(Batch.objects.get().pk, 2) is None
    assert arriving.one(0, 0) is None


def test_what_was_erased_is_shown_no_more(source, now):
    inbox.append(source, [segment.ERASED, TRACK], now)
    (row,) = arriving.newest(Wanted()).rows
    assert (row.position, row.name) == (1, "Feature Used")
    assert arriving.one(row.batch, 0) is None
    assert arriving.one(row.batch, 1)[0] == row


def test_the_page_looks_again_every_second_and_gets_what_is_new_alone(
    shown, source, now, django_assert_max_num_queries
):
    inbox.append(source, [TRACK], now)
    page = shown().content.decode()
    assert page.count(ROW) == 1
    poll = re.search(r'hx-get="([^"]+)" hx-trigger="every 1s"', page)[1]
    after = re.search(r"after=(\d+)", poll)[1]
    with django_assert_max_num_queries(6):
        assert shown(part=1, after=after).status_code == 204
    inbox.append(source, [TRACK | {"event": "<b>New</b>"}], now)
    part = shown(part=1, after=after).content.decode()
    assert part.count(ROW) == 1
    assert "&lt;b&gt;New&lt;/b&gt;" in part
    assert "<html" not in part
    assert 'hx-swap-oob="afterbegin"' in part
    assert f"after={int(after) + 1}" in part


def test_it_stops_where_it_is_paused_and_goes_on_from_there(shown, source, now):
    inbox.append(source, [TRACK], now)
    after = Batch.objects.get().pk
    paused = shown(part=1, after=after, paused=1).content.decode()
    assert "every 1s" not in paused
    inbox.append(source, [TRACK | {"event": "Meanwhile"}], now)
    go_on = re.search(r'hx-get="([^"]+)"', paused)[1]
    assert f"after={after}" in go_on
    again = shown(part=1, after=after, again=1).content.decode()
    assert "Meanwhile" in again
    assert "every 1s" in again


def test_an_inbox_that_cannot_be_read_is_told_and_looked_at_again(shown, source, now, monkeypatch):
    def broken(*_args, **_more):
        raise OperationalError("no")

    inbox.append(source, [TRACK], now)
    monkeypatch.setattr(arriving, "newest", broken)
    part = shown(part=1, after=1)
    assert part.status_code == 200
    assert "The inbox can't be read" in part.content.decode()
    assert "every 1s" in part.content.decode()


def test_one_event_opens_with_its_json(as_, ada, source, now):
    inbox.append(source, [TRACK], now - timedelta(minutes=1))
    url = reverse("records:arrival", args=[Batch.objects.get().pk])
    page = as_(ada).get(url, {"at": 0}).content.decode()
    assert "&quot;userId&quot;: &quot;u1&quot;" in page
    assert as_(ada).get(url, {"at": 5}).status_code == 404

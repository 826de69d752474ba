"""The feed: newest first, folded, in the reader's language, for those who may see it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation

from proofline.timeline import access, catalogue, facts, feed, identity, inbox
from proofline.timeline.models import Merge, Source
from proofline.timeline.projector import project_pending
from proofline.timeline.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _declared(_alone):
    catalogue.declare("boat.sold", sentence="sold {name}")


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


def record(*, at, **given):
    with transaction.atomic():
        facts.record("boat.sold", at=at, properties={"name": given.pop("name", "Swan")}, **given)


def used(source, now, *, times=1, user="lin", hours=0, **more):
    at = (now - timedelta(hours=hours)).isoformat()
    message = {
        "type": "track",
        "userId": user,
        "event": "Feature Used",
        "properties": {"feature": "Reports"},
        "timestamp": at,
    }
    inbox.append(source, [message | more for _ in range(times)], now)


def said(shown):
    return [(item.who, item.sentence) for item in shown]


def test_ones_own_action_is_there_at_once_and_not_twice_later(now):
    record(at=now, account=7)
    assert said(feed.feed(account=7)) == [("", "sold Swan")]
    project_pending()
    assert said(feed.feed(account=7)) == [("", "sold Swan")]


def test_use_is_folded_by_person_part_and_day(source, now):
    identity.tie(email="lin@lotus.test", contact=3, account=7)
    inbox.append(
        source, [{"type": "identify", "userId": "lin", "traits": {"email": "lin@lotus.test"}}], now - timedelta(days=9)
    )
    used(source, now, times=14)
    used(source, now, hours=30)
    inbox.append(
        source, [{"type": "page", "userId": "lin", "properties": {"path": "/pricing"}}], now - timedelta(hours=31)
    )
    project_pending()
    assert [item.sentence for item in feed.feed(account=7)] == [
        "used Reports 14 times",
        "used Reports",
        "viewed /pricing",
        "gave the e-mail lin@lotus.test",
    ]
    assert {item.who for item in feed.feed(contact=3)} == {"lin@lotus.test"}


def test_a_screen_is_told_by_its_name(source, now):
    identity.tie(email="lin@lotus.test", contact=3, account=7)
    given = [
        {"type": "identify", "userId": "lin", "traits": {"email": "lin@lotus.test"}},
        {"type": "screen", "userId": "lin", "name": "Home"},
    ]
    inbox.append(source, given, now)
    project_pending()
    assert "viewed Home" in [item.sentence for item in feed.feed(contact=3)]


def test_an_account_folds_the_use_of_all_its_people(source, now):
    for user in ("lin", "wang", "zhao"):
        identity.tie(person=identity.resolve(user=user), account=7)
        used(source, now, times=2, user=user)
    used(source, now, user="lin", hours=24)
    project_pending()
    assert said(feed.feed(account=7)) == [("3 people", "used Reports 6 times"), ("lin", "used Reports")]


def test_a_person_goes_by_the_email_that_came_from_another_device(source, now):
    identity.resolve(anonymous="phone", email="lin@lotus.test")
    identity.resolve(user="lin")
    identity.tie(person=identity.resolve(user="lin", email="lin@lotus.test"), account=7)
    used(source, now)
    project_pending()
    assert said(feed.feed(account=7)) == [("lin@lotus.test", "used Reports")]


def test_sentences_are_in_the_readers_language(source, now):
    identity.tie(email="lin@lotus.test", account=7)
    used(source, now, times=2, user="", anonymousId="a1")
    identity.identify(anonymous="a1", email="lin@lotus.test")
    project_pending()
    with translation.override("zh-hans"):
        assert [item.sentence for item in feed.feed(account=7)] == ["使用了 Reports 2 次"]


def test_pages_join_without_gap_or_repeat(source, now):
    identity.tie(email="lin@lotus.test", account=7)
    identity.resolve(user="lin", email="lin@lotus.test")
    for number in range(23):
        record(at=now - timedelta(hours=number // 4), account=7, name=f"boat {number}")
        used(source, now, hours=24 * number)
    project_pending()
    record(at=now - timedelta(hours=2), account=7, name="not projected yet")
    whole = [item.id for item in feed.feed(account=7, limit=500)]
    assert len(whole) == len(set(whole)) == 47
    paged, before = [], None
    while True:
        page = feed.feed(account=7, before=before, limit=5)
        paged += [item.id for item in page]
        before = page.more
        if not before:
            break
    assert paged == whole


def test_a_person_has_their_own_feed_with_all_who_became_them(source, now):
    identity.tie(email="lin@lotus.test", contact=3, account=7)
    inbox.append(source, [{"type": "page", "anonymousId": "phone", "properties": {"path": "/pricing"}}], now)
    used(source, now, user="wang", hours=1)
    identify = {"type": "identify", "anonymousId": "phone", "userId": "lin", "traits": {"email": "lin@lotus.test"}}
    inbox.append(source, [identify], now)
    used(source, now, times=2, hours=30)
    project_pending()
    record(at=now - timedelta(days=3), contact=3)
    lin = identity.resolve(user="lin")
    merged = Merge.objects.order_by("pk").first().person_id
    expected = ["gave the e-mail lin@lotus.test", "viewed /pricing", "used Reports 2 times", "sold Swan"]
    assert sorted(item.sentence for item in feed.feed(person=lin, contact=3)) == sorted(expected)
    assert [item.sentence for item in feed.feed(person=merged, kinds=["track"])] == ["used Reports 2 times"]
    assert [item.sentence for item in feed.feed(person=identity.resolve(user="wang"))] == ["used Reports"]
    paged = [item.sentence for item in feed.feed(person=lin, limit=2)]
    more = feed.feed(person=lin, limit=2).more
    assert len(paged) == 2
    assert [item.sentence for item in feed.feed(person=lin, limit=2, before=more)] == ["used Reports 2 times"]


def test_a_record_has_its_own_feed_and_kinds_can_be_chosen(source, now):
    record(at=now, account=7, subject=("boat", 5))
    record(at=now, account=7, subject=("boat", 6), name="Goose")
    project_pending()
    assert said(feed.feed(subject=("boat", 5))) == [("", "sold Swan")]
    assert said(feed.feed(account=7, kinds=["track"])) == []
    assert said(feed.feed(account=8)) == []


def test_old_facts_do_not_come_before_newer_use(source, now):
    """What is looked for first reaches back as far for each of the places where a feed's lines are."""
    identity.tie(person=identity.resolve(user="lin"), account=7)
    for number in range(20):
        used(source, now, hours=24 * 10, properties={"feature": f"part {number}"})
        record(at=now - timedelta(days=20), contact=3, name=f"boat {number}")
    project_pending()
    shown = feed.feed(account=7, contact=3, limit=15)
    assert {item.kind for item in shown} == {"track"}
    assert {item.kind for item in feed.feed(account=7, contact=3, before=shown.more, limit=25)} == {"track", "fact"}


def test_who_did_it_is_named(source, now, monkeypatch):
    monkeypatch.setattr(access, "names", lambda kind, ids: {pk: f"{kind} {pk}" for pk in ids})
    record(at=now, account=7, by=2)
    record(at=now - timedelta(hours=1), account=7, contact=3)
    assert [item.who for item in feed.feed(account=7)] == ["user 2", "contact 3"]


def test_the_feed_of_a_customer_over_http(as_, sam, rita, olga, healthy, now):
    record(at=now, account=healthy.pk)
    address = f"/feed/?account={healthy.pk}"
    assert "sold Swan" in as_(sam).get(address).content.decode()
    assert as_(rita).get(address).status_code == 200
    assert as_(olga).get(address).status_code == 404
    assert as_(sam).get("/feed/?account=999999").status_code == 404
    assert as_(sam).get("/feed/").status_code == 404
    assert as_(sam).get("/feed/?account=" + "9" * 30).status_code == 404


def test_the_feed_of_a_person_over_http(as_, ada, sam, olga, healthy, source, now):
    person = identity.tie(person=identity.resolve(user="lin"), account=healthy.pk)
    stranger = identity.resolve(anonymous="phone")
    used(source, now)
    inbox.append(source, [{"type": "page", "anonymousId": "phone", "properties": {"path": "/pricing"}}], now)
    project_pending()
    assert "used Reports" in as_(sam).get(f"/feed/?person={person}").content.decode()
    assert "used Reports" not in as_(sam).get(f"/feed/?person={person}&kinds=visits").content.decode()
    assert as_(olga).get(f"/feed/?person={person}").status_code == 404
    assert as_(sam).get(f"/feed/?person={stranger}").status_code == 404
    assert as_(sam).get("/feed/?person=999999").status_code == 404
    assert "viewed /pricing" in as_(ada).get(f"/feed/?person={stranger}").content.decode()


def test_further_pages_are_for_whom_the_first_was_shown_to(as_, sam, olga, now):
    for number in range(60):
        record(at=now - timedelta(minutes=number), subject=("boat", 5), name=f"boat {number}")
    first = feed.page(Scope(subject=("boat", 5)), user=sam.pk)
    address = f"/feed/?of={first.token}&before={first.more.replace('+', '%2B')}&part=1"
    page = as_(sam).get(address).content.decode()
    assert "boat 50" in page
    assert "boat 49<" not in page
    assert "<html" not in page
    assert as_(olga).get(address).status_code == 404
    assert as_(sam).get("/feed/?of=forged").status_code == 404


def test_a_cursor_that_cannot_be_read_means_the_first_page(as_, sam, healthy, now):
    record(at=now, account=healthy.pk)
    assert "sold Swan" in as_(sam).get(f"/feed/?account={healthy.pk}&before=x&kinds=nonsense").content.decode()

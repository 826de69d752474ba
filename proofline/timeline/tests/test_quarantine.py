"""What can't be taken in waits with its reason, and is tried again as the same event."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from proofline.kit.jobs import running
from proofline.timeline import facts, flights, inbox, rebuilding, segment, store
from proofline.timeline.jobs import replay_quarantined
from proofline.timeline.models import Batch, Quarantined, Source
from proofline.timeline.models.quarantine import reason_of
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
LAST_WEEK = datetime(2026, 10, 26, 3, tzinfo=UTC)
BAD = {"type": "track", "userId": "u1", "properties": {"feature": "Reports"}}
GOOD = BAD | {"event": "Feature Used"}


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def lenient(monkeypatch):
    """Return `lenient()`: from then on a track needs no name, as after a fix of our own."""

    def fix():
        strict = segment.check

        def check(message, **measured):
            message.event = message.event or "Unnamed"
            strict(message, **measured)

        monkeypatch.setattr("proofline.timeline.reading.check", check)

    return fix


def take_in(source, *messages, at=LAST_WEEK, **more):
    inbox.append(source, messages, at, **more)
    project_pending()
    return list(Quarantined.objects.held().order_by("pk"))


def stored():
    return store.query("SELECT event, at, source FROM events ORDER BY at, event")


def counted():
    return store.query("SELECT count(), uniqExact(id) FROM events")[0]


def test_a_refused_event_waits_with_its_reason_source_and_time(source, now):
    (one,) = take_in(source, BAD)
    assert (one.reason, one.source, one.received_at) == ("event is required", source, LAST_WEEK)
    assert json.loads(one.text) == BAD
    assert one.is_message


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("timestamp 'yesterday' is no time", "timestamp … is no time"),
        ("Unknown type 'tack'", "Unknown type …"),
        ("timestamp 1e300 is no time", "timestamp …e… is no time"),
        ("event is required", "event is required"),
    ],
)
def test_what_differs_from_event_to_event_does_not_part_a_reason(error, reason):
    assert reason_of(error) == reason


def test_corrected_it_counts_on_the_day_when_it_came(source, ada, now):
    (one,) = take_in(source, BAD)
    assert one.replay(by=ada.pk, now=now, text=json.dumps(GOOD))
    assert not Quarantined.objects.held().exists()
    project_pending()
    assert stored() == [("Feature Used", LAST_WEEK, "Product")]


def test_its_own_time_stays_its_own_also_when_the_clock_was_wrong(source, ada, now):
    wrong = LAST_WEEK + timedelta(hours=5)
    bad = BAD | {"timestamp": (wrong - timedelta(minutes=10)).isoformat()}
    (one,) = take_in(source, bad, sent_at=wrong)
    one.replay(by=ada.pk, now=now, text=json.dumps(bad | {"event": "Feature Used"}))
    project_pending()
    assert stored() == [("Feature Used", LAST_WEEK - timedelta(minutes=10), "Product")]


TOMORROW = {"timestamp": (LAST_WEEK + timedelta(days=1)).isoformat()}


def flags():
    return store.query("SELECT event, at, flag FROM events ORDER BY event")


def test_what_said_it_came_from_the_future_is_still_known_for_it(source, ada, now):
    rows = take_in(source, BAD | TOMORROW, BAD | {"properties": {}})
    for one, event in zip(rows, ("Early", "Usual"), strict=True):
        assert one.replay(by=ada.pk, now=now, text=json.dumps(json.loads(one.text) | {"event": event}))
    project_pending()
    assert flags() == [("Early", LAST_WEEK, "future"), ("Usual", LAST_WEEK, "")]
    rebuilding.rebuild()
    assert flags() == [("Early", LAST_WEEK, "future"), ("Usual", LAST_WEEK, "")]


def test_also_when_it_is_refused_once_more(source, ada, now):
    (one,) = take_in(source, BAD | TOMORROW)
    one.replay(by=ada.pk, now=now, text=json.dumps({**GOOD, **TOMORROW, "userId": None}))
    project_pending()
    (again,) = Quarantined.objects.held()
    again.replay(by=ada.pk, now=now, text=json.dumps(json.loads(again.text) | {"userId": "u1"}))
    project_pending()
    assert flags() == [("Feature Used", LAST_WEEK, "future")]


def test_replayed_together_each_keeps_its_own(source, ada, now, lenient):
    take_in(source, BAD | TOMORROW, BAD, {**BAD, **TOMORROW, "type": "page", "name": 7}, BAD)
    assert Quarantined.objects.count() == 4
    lenient()
    assert Quarantined.objects.held().filter(reason="event is required").replay(by=ada.pk, now=now) == 3
    project_pending()
    assert sorted(flag for _event, _at, flag in flags()) == ["", "", "future"]


def test_no_client_says_the_flag_itself(source, ada, now):
    body = {"batch": [BAD, GOOD], "flag": "future", "writeKey": source.write_key}
    Batch.add(kind="tracking", body=json.dumps(body).encode(), count=2, received_at=LAST_WEEK, source=source)
    project_pending()
    Quarantined.objects.get().replay(by=ada.pk, now=now, text=json.dumps(GOOD | {"event": "Corrected"}))
    project_pending()
    assert flags() == [("Corrected", LAST_WEEK, ""), ("Feature Used", LAST_WEEK, "")]


def test_what_its_request_said_for_all_goes_with_it(source, ada, now, lenient):
    bad = {"userId": "u1"}
    (one,) = take_in(source, bad, kind="track", context={"campaign": {"source": "wechat"}})
    assert json.loads(one.text) == bad | {"type": "track", "context": {"campaign": {"source": "wechat"}}}
    lenient()
    assert one.replay(by=ada.pk, now=now)
    project_pending()
    assert store.query("SELECT event, toString(context.campaign.source) FROM events") == [("Unnamed", "wechat")]


def test_what_fails_again_comes_back_with_its_new_reason(source, ada, now):
    (one,) = take_in(source, {"userId": "u1", "type": "tack"})
    assert one.replay(by=ada.pk, now=now, text=json.dumps({"type": "track", "event": "x"}))
    project_pending()
    (again,) = Quarantined.objects.held()
    assert again.reason == "userId or anonymousId is required"
    assert again.event_id == one.event_id
    again.replay(by=ada.pk, now=now, text=json.dumps(json.loads(again.text) | {"userId": "u1"}))
    project_pending()
    assert stored() == [("x", LAST_WEEK, "Product")]


@pytest.mark.parametrize("message_id", [None, "m1", 7])
def test_tried_twice_it_counts_once(source, ada, now, message_id, lenient):
    bad = BAD | ({"messageId": message_id} if message_id else {})
    (one,) = take_in(source, bad)
    lenient()
    assert one.replay(by=ada.pk, now=now)
    assert not one.replay(by=ada.pk, now=now)
    project_pending()
    rebuilding.rebuild()  # now the batch in which it came is read to the end too
    assert counted() == (1, 1)
    if message_id:
        take_in(source, GOOD | {"messageId": message_id})
        assert counted() == (1, 1)


def test_read_again_before_it_is_tried_it_counts_once_too(source, ada, now, lenient):
    (one,) = take_in(source, BAD)
    lenient()
    rebuilding.rebuild()
    assert counted() == (1, 1)
    assert one.replay(by=ada.pk, now=now)
    project_pending()
    assert counted() == (1, 1)


def test_who_left_does_not_come_back_when_the_store_is_rebuilt(source, ada, now):
    one, other = take_in(source, BAD, BAD)
    one.replay(by=ada.pk, now=now, text=json.dumps(GOOD))
    other.discard(by=ada.pk, now=now)
    project_pending()
    rebuilding.rebuild()
    assert not Quarantined.objects.held().exists()
    assert counted() == (1, 1)


def test_a_row_that_the_store_refused_is_kept_as_it_came_and_tried_again_as_it_was(source, ada, now, monkeypatch):
    insert = flights.insert

    def refuse(fresh):
        if any(one.event == "Feature Used" for one in fresh):
            raise store.StoreError("Code: 117. Cannot parse 3 (at row 1)")
        insert(fresh)

    monkeypatch.setattr(flights, "insert", refuse)
    message = GOOD | {"context": {"page": {"path": "/x"}, "library": {"name": "ours"}}}
    (one,) = take_in(source, GOOD | {"event": "Other", "userId": "u2"}, message)
    assert (one.position, one.reason) == (1, "The store refuses it: Code: …. Cannot parse … (at row …)")
    assert json.loads(one.text) == message
    monkeypatch.setattr(flights, "insert", insert)
    assert one.replay(by=ada.pk, now=now)
    project_pending()
    assert [event for event, _at, _source in stored()] == ["Feature Used", "Other"]
    rebuilding.rebuild()
    assert counted() == (2, 2)


def test_a_fact_that_the_store_refused_is_tried_again_as_the_same_fact(ada, now, monkeypatch):
    facts.catalogue.declare("lamp.lit", sentence="lit a lamp", properties={})
    facts.record("lamp.lit", at=LAST_WEEK, by=ada.pk, key="1")

    def refuse(fresh):
        raise store.StoreError("no")

    with monkeypatch.context() as patch:
        patch.setattr(flights, "insert", refuse)
        project_pending()
    (one,) = Quarantined.objects.held()
    assert (one.is_message, json.loads(one.text)["name"]) == (False, "lamp.lit")
    assert one.replay(by=ada.pk, now=now)
    project_pending()
    assert stored() == [("lamp.lit", LAST_WEEK, "")]


def test_a_batch_that_could_not_be_read_is_read_again(source, ada, now, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("proofline.timeline.reading.unpack", lambda _body: b"[]")
        (one,) = take_in(source, GOOD)
    assert one.is_whole
    assert json.loads(one.text)["batch"] == [GOOD]
    assert one.replay(by=ada.pk, now=now)
    project_pending()
    assert stored() == [("Feature Used", LAST_WEEK, "Product")]
    assert not Quarantined.objects.exists()


def test_what_is_wrong_with_a_correction_is_said_at_once(source, ada, now):
    (one,) = take_in(source, BAD)
    for text in ("", "{", "[1]", json.dumps(BAD), json.dumps(GOOD | {"timestamp": "yesterday"})):
        with pytest.raises(ValidationError):
            one.replay(by=ada.pk, now=now, text=text)
    assert json.loads(Quarantined.objects.held().get().text) == BAD


def test_what_is_no_object_stays_until_it_is_corrected(source, ada, now):
    (one,) = take_in(source, b"[7]")
    assert one.reason.startswith("Not a message")
    assert not one.replay(by=ada.pk, now=now)
    assert one.replay(by=ada.pk, now=now, text=json.dumps(GOOD))
    project_pending()
    assert counted() == (1, 1)


def test_discarding_can_be_undone(source, ada, now):
    (one,) = take_in(source, BAD)
    assert one.discard(by=ada.pk, now=now)
    assert not Quarantined.objects.held().exists()
    assert one.restore()
    assert json.loads(Quarantined.objects.held().get().text) == BAD


def test_of_what_was_discarded_nothing_is_left_after_a_day(source, ada, now):
    one, other = take_in(source, BAD, BAD)
    one.discard(by=ada.pk, now=now)
    other.discard(by=ada.pk, now=now + timedelta(days=2))
    one.refresh_from_db()
    assert bytes(one.payload) == b""
    assert not one.restore()


def test_all_of_a_reason_and_source_are_tried_again_in_the_background(source, ada, now, lenient):
    other = Source.add(name="Website", now=now)
    take_in(source, *[BAD] * 1200, {"type": "track", "userId": "u1", "event": "x", "timestamp": "yesterday"})
    take_in(other, BAD)
    lenient()
    replay_quarantined.enqueue(source=source.pk, reason="event is required", by=ada.pk)
    running.run_pending()
    assert Batch.objects.filter(kind=Batch.Kind.REPLAY).count() == 3
    project_pending()
    assert counted() == (1200, 1200)
    left = {(one.source, one.reason) for one in Quarantined.objects.held()}
    assert left == {(source, "timestamp … is no time"), (other, "event is required")}
    groups = [(group.source, group.reason, group.events) for group in Quarantined.objects.held().groups()]
    assert sorted(groups) == sorted([(source.pk, "timestamp … is no time", 1), (other.pk, "event is required", 1)])


def test_an_archived_batch_leaves_its_refused_events_behind(source, ada, now):
    (one,) = take_in(source, BAD)
    Batch.objects.all().delete()
    assert one.replay(by=ada.pk, now=now, text=json.dumps(GOOD))
    project_pending()
    assert stored() == [("Feature Used", LAST_WEEK, "Product")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from(["track", "page", "tack"]) | JSON,
                "userId": JSON,
                "event": st.sampled_from(["", "x"]) | JSON,
                "messageId": st.sampled_from(["a", "b", "", 7, None]),
                "timestamp": st.sampled_from(["2026-10-01T00:00:00Z", "yesterday"]) | JSON,
                "properties": JSON,
                "context": JSON,
            },
        ),
        max_size=6,
    ),
)
def test_trying_everything_again_changes_nothing_when_nothing_was_fixed(messages):
    now = datetime(2026, 11, 2, tzinfo=UTC)
    store.clear()
    Quarantined.objects.all().delete()
    source = Source.add(name="Law", now=now)
    held = take_in(source, *messages)
    before = (counted(), sorted((one.event_id, one.error) for one in held))
    Quarantined.objects.held().replay(by=1, now=now)
    project_pending()
    again = Quarantined.objects.held().filter(source=source)
    assert (counted(), sorted((one.event_id, one.error) for one in again)) == before

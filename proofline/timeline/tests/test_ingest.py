"""The tracking API as clients meet it: over HTTP."""

import base64
import gzip
import json
import time
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from proofline.timeline import query, store
from proofline.timeline.models import Batch, Quarantined, Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
TRACK = {
    "type": "track",
    "userId": "u1",
    "event": "Feature Used",
    "messageId": "m1",
    "properties": {"feature": "Reports"},
}


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def post(client, source):
    def send(method, content, *, key=source.write_key, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content)
        if key:
            headers["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        return client.post(f"/v1/{method}", body, content_type="application/json", **headers)

    return send


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("track", {"userId": "u1", "event": "Feature Used"}),
        ("page", {"anonymousId": "a1", "name": "Pricing", "properties": {"path": "/pricing"}}),
        ("screen", {"anonymousId": "a1", "name": "Home"}),
        ("identify", {"userId": "u1", "traits": {"email": "lin@lotus.test"}}),
        ("group", {"userId": "u1", "groupId": "lotus", "traits": {"name": "Lotus"}}),
        ("alias", {"previousId": "a1", "userId": "u1"}),
    ],
)
def test_every_method_is_taken_in(post, method, message):
    answer = post(method, message)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert project_pending() == 1
    assert query.count() == [("", 1)]


def test_a_batch_is_taken_in_with_what_it_says_for_all(post):
    assert (
        post(
            "batch", {"batch": [TRACK, TRACK | {"messageId": "m2"}], "context": {"campaign": {"source": "wechat"}}}
        ).status_code
        == 200
    )
    project_pending()
    assert query.count(by="context.campaign.source") == [("wechat", 2)]


def test_the_write_key_may_stand_in_the_body(post, source):
    assert post("batch", {"writeKey": source.write_key, "batch": [TRACK]}, key=None).status_code == 200


def test_the_write_key_may_be_a_bearer_token(post, source):
    assert post("track", TRACK, key=None, HTTP_AUTHORIZATION=f"Bearer {source.write_key}").status_code == 200


def test_an_unknown_write_key_gets_401_and_nothing_is_kept(post):
    answer = post("track", TRACK, key="nobody")
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_write_key")
    assert not Batch.objects.exists()


def test_a_revoked_write_key_is_unknown(post, source, now):
    source.revoke(now=now)
    assert post("track", TRACK).status_code == 401


def test_gzip_is_unpacked(post):
    assert (
        post("batch", gzip.compress(json.dumps({"batch": [TRACK]}).encode()), HTTP_CONTENT_ENCODING="gzip").status_code
        == 200
    )
    assert project_pending() == 1


def test_a_gzip_bomb_is_refused_before_it_bursts(post):
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 60_000
    assert post("batch", bomb, HTTP_CONTENT_ENCODING="gzip").json()["code"] == "too_large"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("track", b"{"),
        ("track", b"[]"),
        ("track", b"\xff\xfe"),
        ("track", b'{"userId": "u", "event": "\\ud800"}'),
        ("track", b"[" * 100_000),
        ("track", b'{"userId":"u","event":"x","properties":' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}"),
        ("batch", b'{"batch": 7}'),
        ("batch", b"{}"),
        ("track", json.dumps({"userId": "u1", "event": "x", "properties": {"a": "x" * 33_000}}).encode()),
    ],
)
def test_what_cannot_be_read_gets_400_with_a_reason(post, method, body):
    answer = post(method, body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message"}
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("method", "message", "reason"),
    [
        ("track", {"event": "nobody"}, "userId or anonymousId is required"),
        ("track", {"userId": "u1"}, "event is required"),
        ("group", {"userId": "u1"}, "groupId is required"),
        ("track", {"userId": "u1", "event": 7}, "Expected `str | null`, got `int`"),
        ("track", {"userId": "u1", "event": "x", "properties": [1]}, "properties has to be an object"),
        ("track", {"userId": "u1", "event": "x", "timestamp": "yesterday"}, "is no time"),
        ("track", {"userId": "u1", "event": "x", "timestamp": 1e300}, "is no time"),
        ("track", {"userId": "u1", "event": "x", "timestamp": "0001-01-01T00:00:00+14:00"}, "is no time"),
        ("track", {"userId": "u1", "event": "x", "timestamp": "1899-12-31T00:00:00Z"}, "is before 1900"),
    ],
)
def test_a_single_message_that_says_too_little_is_taken_and_kept_aside(post, method, message, reason):
    """As Segment does: 200 for everything but bad JSON and too much of it; here nothing of that is lost."""
    assert post(method, message).status_code == 200
    project_pending()
    assert query.count() == [("", 0)]
    bad = Quarantined.objects.get()
    assert reason in bad.error
    assert (
        message.items() <= {key: value for key, value in json.loads(bad.text).items() if value is not None}.items()
        or "Expected" in reason
    )


def test_too_many_events_or_bytes_are_refused(post):
    assert post("batch", {"batch": [TRACK] * 2501}).status_code == 400
    assert post("batch", {"batch": [TRACK | {"properties": {"a": "x" * 30_000}}] * 20}).json()["code"] == "too_large"


def test_strange_but_readable_values_are_kept(post):
    strange = {
        "nul": "a\0b",
        "huge": 10**400,
        "float": 1e308,
        "deep": {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}},
        "list": [1, {"a": 2}],
        "none": None,
    }
    assert (
        post(
            "track", {"userId": 7, "event": "Odd\0", "properties": strange | {f"p{n}": n for n in range(400)}}
        ).status_code
        == 200
    )
    project_pending()
    assert query.count(where={"nul": "a\0b"}) == [("", 1)]


def test_strange_traits_do_not_stop_the_projector(post):
    traits = {"na\0me": "Lo\0tus", "huge": 10**400, "email": "a\0@b.test", "deep": [{"nul\0": ["\0"]}]}
    ids = {"userId": "u\0", "anonymousId": "a" * 300}
    batch = [{"type": kind, "groupId": "g\0", **ids, "traits": traits} for kind in ("group", "identify")]
    assert post("batch", {"batch": batch}).status_code == 200
    project_pending()
    assert query.count() == [("", 2)]


def test_a_bad_event_goes_to_quarantine_and_its_neighbours_pass(post):
    assert (
        post("batch", {"batch": [TRACK, {"type": "track", "userId": "u1"}, TRACK | {"messageId": "m3"}]}).status_code
        == 200
    )
    assert project_pending() == 3
    assert query.count() == [("", 2)]
    bad = Quarantined.objects.get()
    assert "event is required" in bad.error
    assert json.loads(bad.text) == {"type": "track", "userId": "u1"}


def test_a_batch_that_is_unreadable_later_does_not_stop_the_next(source, now):
    Batch.objects.create(kind="tracking", source=source, received_at=now, count=1, body=zlib.compress(b'{"batch": 1}'))
    Batch.objects.create(kind="tracking", source=source, received_at=now, count=1, body=b"no packing that we know")
    Batch.add(kind="tracking", source=source, received_at=now, count=1, body=json.dumps({"batch": [TRACK]}).encode())
    project_pending()
    assert query.count() == [("", 1)]
    assert Quarantined.objects.count() == 2


def test_browsers_of_other_sites_may_send(client):
    answer = client.options("/v1/batch")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in answer["Access-Control-Allow-Headers"]


def test_a_source_may_name_the_websites_that_may_send(post, source):
    source.change(name="Website", origins="https://www.lotus.test\nhttps://app.lotus.test", rate=None)
    answer = post("track", TRACK, HTTP_ORIGIN="https://app.lotus.test")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "https://app.lotus.test"
    foreign = post("track", TRACK, HTTP_ORIGIN="https://evil.test")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "origin_not_allowed")
    assert post("track", TRACK).status_code == 200  # a program has no origin
    with pytest.raises(ValidationError):
        source.change(name="Website", origins="www.lotus.test", rate=None)


def test_over_the_rate_of_its_source_nothing_is_stored_and_when_to_come_again_is_said(post, source):
    source.change(name="Product", origins="", rate=2)
    assert post("batch", {"batch": [TRACK] * 4}).status_code == 200
    before = Batch.objects.count()
    answer = post("batch", {"batch": [TRACK] * 4})
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer["Retry-After"]) in {1, 2}
    assert int(answer["X-RateLimit-Reset"]) > time.time()
    assert Batch.objects.count() == before


def test_events_from_the_future_or_from_before_what_is_kept_are_flagged(post, settings):
    settings.RETENTION = timedelta(days=30)
    now = datetime.now(UTC)
    times = {"soon": now + timedelta(days=1), "now": now, "long ago": now - timedelta(days=31)}
    batch = [TRACK | {"messageId": name, "event": name, "timestamp": at.isoformat()} for name, at in times.items()]
    post("batch", {"batch": batch})
    project_pending()
    rows = store.query("SELECT event, flag, at <= received FROM events ORDER BY event")
    assert rows == [("long ago", "old", 1), ("now", "", 1), ("soon", "future", 1)]


def test_a_clock_that_is_wrong_is_corrected_by_when_it_says_it_sent(post):
    now = datetime.now(UTC)
    wrong = now + timedelta(hours=5)
    batch = [TRACK | {"timestamp": (wrong - timedelta(minutes=10)).isoformat()}]
    post("batch", {"batch": batch, "sentAt": wrong.isoformat()})
    project_pending()
    ((at, flag),) = store.query("SELECT at, flag FROM events")
    assert flag == ""
    assert abs(at - (now - timedelta(minutes=10))) < timedelta(seconds=5)


def test_other_methods_and_addresses_are_told_so(client, post):
    assert client.get("/v1/track").status_code == 405
    assert post("nothing", {}).status_code == 404


def test_a_store_that_cannot_write_answers_503_and_when_to_come_again(post):
    def full(execute, sql, params, many, context):
        if sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        answer = post("track", TRACK)
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0

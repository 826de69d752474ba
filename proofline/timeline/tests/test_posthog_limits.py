"""How much PostHog's addresses take: what its library may send at once, and no more."""

import gzip
import json
import secrets
from datetime import UTC, datetime

import pytest
from posthog.consumer import BATCH_SIZE_LIMIT, MAX_MSG_SIZE

from proofline.timeline import arriving, committing, limits, rebuilding, store
from proofline.timeline.arriving import Wanted
from proofline.timeline.limits import POSTHOG, SEGMENT
from proofline.timeline.models import Batch, Quarantined, Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def post(client, source):
    """Return `post(body)`: the status and the answer."""

    def send(body, path="/batch/", **headers):
        raw = body if isinstance(body, bytes) else json.dumps({"api_key": source.write_key, **body}).encode()
        answer = client.post(path, raw, content_type=headers.pop("content_type", "application/json"), **headers)
        return answer.status_code, answer.json()

    return send


def event(number=0, *, size=0):
    """Return an event whose JSON takes so many bytes."""
    one = {"event": "Report Opened", "distinct_id": "u1", "properties": {"number": number, "text": ""}}
    one["properties"]["text"] = "x" * (size - len(json.dumps(one)))
    return one


def stored():
    return store.query(
        "SELECT count(), uniqExact(toInt64(properties.number)) FROM events WHERE event = 'Report Opened'"
    )


def test_it_is_what_the_library_may_send():
    """A batch ends with the event that makes it full; around it stand the key, the time, and what parts the events."""
    assert POSTHOG.body - BATCH_SIZE_LIMIT - MAX_MSG_SIZE > 100_000
    assert POSTHOG.event > MAX_MSG_SIZE


@pytest.mark.parametrize("packed", [False, True])
def test_the_largest_batch_is_taken_in_as_rows_of_the_usual_size(post, source, packed):
    full = [event(number, size=BATCH_SIZE_LIMIT // 51) for number in range(51)] + [event(51, size=MAX_MSG_SIZE)]
    raw = json.dumps({"api_key": source.write_key, "batch": full}).encode()
    assert BATCH_SIZE_LIMIT + MAX_MSG_SIZE - 51 < len(raw) <= POSTHOG.body
    sent = {"HTTP_CONTENT_ENCODING": "gzip"} if packed else {}
    assert post(gzip.compress(raw, 1) if packed else raw, **sent) == (200, {"status": 1})
    sizes = [len(batch.content) for batch in Batch.objects.all()]
    assert len(sizes) > 10
    assert sorted(sizes)[-2] <= SEGMENT.body, "but for the event that is larger by itself"
    assert sum(Batch.objects.values_list("count", flat=True)) == 52
    project_pending()
    assert stored() == [(52, 52)]
    assert not Quarantined.objects.exists()


def test_many_small_ones_are_rows_of_the_usual_count(post):
    assert post({"batch": [event(number) for number in range(SEGMENT.events + 100)]})[0] == 200
    assert sorted(Batch.objects.values_list("count", flat=True)) == [100, SEGMENT.events]
    project_pending()
    assert stored() == [(2600, 2600)]


def test_all_rows_of_a_request_are_written_at_once(post, monkeypatch):
    write, together = committing.write, []
    monkeypatch.setattr(committing, "write", lambda records: (together.append(len(records)), write(records)))
    assert post({"batch": [event(number, size=300 * 1024) for number in range(4)]})[0] == 200
    assert together == [4]


@pytest.mark.parametrize("path", ["/batch/", "/capture/", "/e/", "/i/v0/e/"])
def test_more_is_refused_packed_or_not(post, source, path):
    raw = json.dumps({"api_key": source.write_key, **event(size=POSTHOG.body)}).encode()
    gzipped = {"HTTP_CONTENT_ENCODING": "gzip"}
    assert post(raw, path)[1]["code"] == "too_large"
    assert post(gzip.compress(raw), path, **gzipped)[1]["code"] == "too_large"
    status, said = post(gzip.compress(raw), f"{path}?compression=gzip-js", content_type="text/plain")
    assert (status, said["code"], said["message"]) == (400, "too_large", "The body is larger than 6144 KB")
    bomb = gzip.compress(b" " * 80_000_000)
    assert len(bomb) < 100_000
    assert post(bomb, path, **gzipped)[1]["code"] == "too_large"
    assert post(bomb, path)[1]["code"] == "too_large"
    assert post(b"data=" + b"x" * POSTHOG.body, path, content_type=FORM)[1]["code"] == "too_large"
    assert not Batch.objects.exists()


def test_too_many_events_are_refused_before_they_are_read(post, source):
    raw = b'{"api_key":"%s","batch":[%s]}' % (source.write_key.encode(), b",".join([b"{}"] * (POSTHOG.events + 1)))
    assert post(raw)[1]["code"] == "too_many"
    assert (
        post(b"[" + b",".join([b'{"api_key":"%s"}' % source.write_key.encode()] * (POSTHOG.events + 1)) + b"]")[1][
            "code"
        ]
        == "too_many"
    )
    assert not Batch.objects.exists()


def test_an_event_may_be_as_large_as_the_library_lets_it(post):
    assert post(event(1, size=MAX_MSG_SIZE), "/capture/")[0] == 200
    (row,) = arriving.newest(Wanted()).rows
    assert row.wrong == ""
    project_pending()
    assert stored() == [(1, 1)]
    rebuilding.rebuild()
    assert stored() == [(1, 1)]


def test_a_larger_event_waits_in_quarantine_and_its_neighbours_pass(post):
    assert post({"batch": [event(1), event(2, size=POSTHOG.event + 9_000), event(3)]})[0] == 200
    (wrong,) = [row.wrong for row in arriving.newest(Wanted()).rows if row.wrong]
    assert wrong == "Larger than 1024 KB"
    project_pending()
    assert stored() == [(2, 2)]
    assert [one.error for one in Quarantined.objects.held()] == ["Larger than 1024 KB"]


def test_what_segment_s_addresses_take_is_as_before(client, source):
    large = {"type": "track", "userId": "u1", "event": "Large", "properties": {"text": "x" * 40_000}}
    body = {"writeKey": source.write_key, "batch": [large]}
    assert client.post("/v1/batch", body, content_type="application/json").status_code == 200
    project_pending()
    assert [one.error for one in Quarantined.objects.held()] == ["Larger than 32 KB"]


def test_tried_again_a_large_event_is_measured_as_when_it_came(post, ada, now):
    bad = event(1, size=200 * 1024) | {"timestamp": "yesterday", "uuid": secrets.token_hex(8)}
    assert post(bad, "/capture/")[0] == 200
    project_pending()
    (one,) = Quarantined.objects.held()
    assert one.reason == "timestamp … is no time"
    fixed = json.loads(one.text) | {"timestamp": datetime(2026, 10, 1, tzinfo=UTC).isoformat()}
    assert one.replay(by=ada.pk, now=now, text=json.dumps(fixed))
    project_pending()
    assert not Quarantined.objects.held().exists()
    assert stored() == [(1, 1)]


def test_whose_limits_hold_is_told_by_the_batch():
    assert limits.of("posthog") == POSTHOG
    assert limits.of(None) == limits.of("nobody") == limits.of({"a": 1}) == SEGMENT


@pytest.mark.parametrize("dialect", [7, None, ["posthog"], {"a": "posthog"}, "klingon"])
def test_what_else_a_client_calls_a_dialect_means_nothing(client, source, ada, now, dialect):
    batch = [{"type": "track", "userId": "u1", "event": "Lamp Lit"}, {"type": "track", "userId": "u1"}]
    body = {"writeKey": source.write_key, "batch": batch, "dialect": dialect}
    assert client.post("/v1/batch", body, content_type="application/json").status_code == 200
    project_pending()
    (one,) = Quarantined.objects.held()
    assert one.reason == "event is required"
    assert one.replay(by=ada.pk, now=now, text=one.text.replace("{", '{"event": "Lamp Out",', 1))
    project_pending()
    assert store.query("SELECT count() FROM events") == [(2,)]

"""How the timeline stands, told to machines: counters, the state, and whether somebody works on it."""

import json
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from proofline.timeline import inbox, metering, state, store
from proofline.timeline.models import Batch, Source
from proofline.timeline.projector import Projector, project_pending
from tests.fixtures import waiting

pytestmark = pytest.mark.django_db
TRACK = {"type": "track", "userId": "u1", "event": "Feature Used"}
STANDS = ("proofline_standing_still",)


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch):
    monkeypatch.setattr(metering, "_own", threading.local())
    monkeypatch.setattr(metering, "_threads", [])
    monkeypatch.setattr(metering, "_ended", metering.Figures())


@pytest.fixture
def source(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def send(client, source):
    def send(*messages):
        body = json.dumps({"writeKey": source.write_key, "batch": messages})
        return client.post("/v1/batch", body, content_type="application/json").status_code

    return send


@pytest.fixture
def figures(client):
    """Return `figures()`: every sample by its name and the values of its labels, in the order of their names."""

    def read():
        answer = client.get("/metrics", HTTP_HOST="localhost")
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        samples = [sample for family in families for sample in family.samples]
        return {
            (sample.name, *(value for _name, value in sorted(sample.labels.items()))): sample.value
            for sample in samples
        }

    return read


def broken(statement):
    """Let the record store refuse statements that begin so."""

    def execute_or_not(execute, sql, params, many, context):
        if sql.startswith(statement):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(execute_or_not)


def test_events_are_counted_by_source_and_what_became_of_them(send, source, figures):
    assert send(TRACK, TRACK, {"type": "track", "userId": "u1"}) == 200
    with broken("INSERT INTO timeline_batch"):
        assert send(TRACK) == 503
    source.change(name="Product", origins="", rate=1)
    assert (send(*[TRACK] * 5), send(TRACK, TRACK)) == (200, 429)
    project_pending()
    found = figures()
    told = {key[1]: value for key, value in found.items() if key[::2] == ("proofline_events_total", "Product")}
    assert told == {"accepted": 8, "failed": 1, "rate_limited": 2, "refused": 1}
    counts = {key[1]: value for key, value in found.items() if key[0] == "proofline_request_duration_seconds_count"}
    assert counts == {"200": 2, "429": 1, "503": 1}
    assert found["proofline_request_duration_seconds_bucket", "+Inf", "200"] == 2


def test_threads_count_for_themselves_and_nothing_is_lost(source):
    def work():
        for _turn in range(1000):
            metering.count(source.pk, metering.ACCEPTED, 3)
            metering.answered(200, 0.001)

    metering.count(source.pk, metering.ACCEPTED, 1)
    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + waiting.SECONDS
    while any(thread.is_alive() for thread in threads) and time.monotonic() < ends:
        metering.figures()  # whoever asks meanwhile disturbs nobody
    waiting.ended(threads, seconds=0)
    found = metering.figures()
    assert found.events[source.pk, metering.ACCEPTED] == 12_001
    assert sum(found.requests[200].counts) == 4000
    assert metering.figures().events == found.events


def test_what_waits_and_what_was_done_is_told(send, figures):
    send(TRACK, TRACK)
    before = figures()
    assert (before["proofline_inbox_events",], before["proofline_store_events",]) == (2, 0)
    Projector().drain()
    after = figures()
    assert (after["proofline_inbox_events",], after["proofline_store_events",]) == (0, 2)
    assert after["proofline_projected_events_total",] == 2
    assert after["proofline_round_events_sum",] == 2
    assert after["proofline_round_duration_seconds_count",] == 1
    assert after["proofline_store_up", "events"] == after["proofline_store_up", "records"] == 1


def test_a_store_that_does_not_answer_is_told_and_the_rest_too(send, figures, monkeypatch):
    def down(*_args):
        raise store.StoreError("no")

    send(TRACK)
    with monkeypatch.context() as patch:
        patch.setattr(store, "query", down)
        found = figures()
    assert found["proofline_store_up", "events"] == 0
    assert ("proofline_store_events",) not in found
    assert found["proofline_inbox_events",] == 1


def test_the_summary_says_what_the_command_line_promises(send):
    send(TRACK, {"type": "track"})
    waiting = state.summary()
    assert waiting == {
        "inbox": 2,
        "projected": 0,
        "lag_seconds": 0,
        "quarantined": 0,
        "failed_effects": 0,
        "inbox_estimated": False,
    }
    project_pending()
    assert state.summary() == waiting | {"inbox": 0, "projected": 1, "quarantined": 1}


def test_the_rate_is_that_of_the_last_minute(source):
    now = timezone.now()
    inbox.append(source, [TRACK] * 50, now - timedelta(minutes=5))
    inbox.append(source, [TRACK] * 120, now - timedelta(seconds=30))
    assert state.rate(now=now) == 2.0
    assert state.rate(now=now + timedelta(hours=1)) == 0.0


def test_of_many_small_batches_the_newest_tell_the_rate(source, monkeypatch):
    monkeypatch.setattr(state, "BATCHES_FOR_RATE", 4)
    now = timezone.now()
    for ago in (20, 4, 3, 2, 1):
        inbox.append(source, [TRACK] * 2, now - timedelta(seconds=ago))
    assert state.rate(now=now) == 2.0


def test_the_projector_stands_still_when_nothing_moves_for_a_minute_with_work_waiting(source):
    now = timezone.now()
    assert not state.stands_still(now=now)
    inbox.append(source, [TRACK], now - timedelta(seconds=61))
    assert state.stands_still(now=now)
    assert not state.stands_still(now=now - timedelta(seconds=10))
    Projector().drain()
    inbox.append(source, [TRACK], now - timedelta(seconds=61))
    assert not state.stands_still(now=now), "it has just worked, and is behind"
    assert state.stands_still(now=now + timedelta(minutes=2))


def test_what_another_process_projected_counts_as_work(source):
    now = timezone.now()
    inbox.append(source, [TRACK], now - timedelta(minutes=9))
    Batch.mark_projected(Batch.objects.values_list("pk", flat=True), now=now - timedelta(seconds=30))
    inbox.append(source, [TRACK], now - timedelta(minutes=8))
    assert not state.stands_still(now=now)
    assert state.stands_still(now=now + timedelta(seconds=31))


def test_what_is_stored_is_told_without_reading_it(send, now):
    send(TRACK | {"timestamp": "2026-10-01T00:00:00Z"}, TRACK | {"timestamp": "2026-10-09T00:00:00Z"})
    project_pending()
    found = state.stored()
    assert (found.events, found.oldest.day, found.newest.day) == (2, 1, 9)
    assert {"events", "daily_people"} <= {table.name for table in found.tables if table.rows and table.size}
    assert state.stored().tables
    plan = store.query("EXPLAIN SELECT count(), min(at), max(at) FROM events")
    assert any("_minmax_count_projection" in row[0] or "ReadFromPreparedSource" in row[0] for row in plan), plan


def test_an_empty_store_has_no_oldest_event():
    found = state.stored()
    assert (found.events, found.oldest, found.newest) == (0, None, None)

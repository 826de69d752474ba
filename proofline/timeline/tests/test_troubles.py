"""Whoever meets with a store that is down, the log says it once."""

import pytest
from django.db import DatabaseError, OperationalError
from django.urls import reverse

from proofline.kit.troubles import Trouble, log
from proofline.timeline import feed, runtime, state, store, troubles
from proofline.timeline.models import Batch, Source
from proofline.timeline.troubles import TAKING

GONE = store.StoreError("Connection refused")


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said(caplog):
    """Return `said()`: what was logged since it was last asked."""

    def read():
        found = [record.getMessage() for record in caplog.records if record.name == log.name]
        caplog.clear()
        return found

    return read


@pytest.fixture
def down(monkeypatch, clock):
    """Return `down()`: from then on the columnar store does not answer."""
    for name in ("EVENTS", "RECORDS", "PROJECTING"):
        monkeypatch.setattr(
            troubles, name, Trouble(name.title(), explained=(store.StoreError, DatabaseError), clock=clock)
        )

    def broken(*_args, **_more):
        raise GONE

    def switch_off(patch):
        for name in ("query", "insert"):
            patch.setattr(store, name, broken)

    return switch_off


@pytest.mark.django_db
def test_every_check_of_a_store_that_is_down_is_one_line_together(down, said, client, as_, ada, monkeypatch):
    pages = as_(ada)
    with monkeypatch.context() as patch:
        down(patch)
        for _check in range(5):
            assert client.get("/healthz").status_code == 503
            assert client.get("/metrics", HTTP_HOST="localhost").status_code == 200
            assert pages.get(reverse("records:timeline")).status_code == 200
            assert feed.feed(account=1).down
            assert state.projected_or_none() is None
    assert said() == ["Events is down. The health check failed: Connection refused"]
    assert client.get("/healthz").status_code == 200
    assert said() == ["Events is back after 0 s"]


@pytest.mark.django_db
def test_events_that_cannot_be_taken_in_are_one_line(down, said, client, now, monkeypatch):
    key = Source.add(name="Product", now=now).write_key

    def full(_records):
        raise OperationalError("database or disk is full")

    def send():
        body = {"writeKey": key, "batch": [{"type": "track", "userId": "u1", "event": "Lamp Lit"}]}
        return client.post("/v1/batch", body, content_type="application/json").status_code

    with monkeypatch.context() as patch:
        patch.setattr(Batch, "add_packed", full)
        assert [send() for _time in range(5)] == [503] * 5
    assert said() == [f"Records is down. {TAKING}: database or disk is full"]
    assert send() == 200
    assert said() == ["Records is back after 0 s"]


def test_the_projector_says_once_why_it_stumbles(down, said, monkeypatch):
    turns = iter([GONE, GONE, OperationalError("gone away"), GONE, KeyError("ours")])

    def stumble():
        error = next(turns, None)
        if error is None:
            runtime._stop.set()
            raise GONE
        raise error

    monkeypatch.setattr(runtime, "SECONDS_AFTER_TROUBLE", 0.0)
    monkeypatch.setattr(store, "own", stumble)
    runtime._stop.clear()
    runtime._run()
    assert said() == [
        "Events is down. The projector stumbled: Connection refused",
        "Records is down. The projector stumbled: gone away",
        "Projecting is down. The projector stumbled: KeyError('ours')",
    ]

"""/healthz tells the truth."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proofline.timeline import inbox, metering, store

pytestmark = pytest.mark.django_db
IDLE = {"inbox": 0, "inbox_estimated": False, "projected": 0, "lag_seconds": 0, "quarantined": 0, "rate": 0.0}


def test_both_stores_answer(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "stores": {"records": "ok", "events": "ok"}, "timeline": IDLE}
    assert "no-store" in answer["Cache-Control"]


def test_a_store_that_takes_no_write_is_named(client):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE config_heartbeat")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["stores"]) == ("failed", {"records": "failed", "events": "ok"})


def test_an_events_store_that_is_down_is_named_and_what_waits_is_told(client, monkeypatch):
    def down(*_args):
        raise store.StoreError("no")

    inbox.append(None, [{"type": "track", "userId": "u1", "event": "x"}], timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr(store, "insert", down)
        patch.setattr(store, "query", down)
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["stores"] == {"records": "ok", "events": "failed"}
    told = answer.json()["timeline"]
    assert (told["inbox"], told["projected"]) == (1, None)


def test_a_projector_that_stands_still_is_red(client, monkeypatch):
    monkeypatch.setattr(metering, "figures", metering.Figures)
    inbox.append(None, [{"type": "track", "userId": "u1", "event": "x"}], timezone.now() - timedelta(minutes=2))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failed"
    assert set(answer.json()["stores"].values()) == {"ok"}
    assert answer.json()["timeline"]["inbox"] == 1
    assert answer.json()["timeline"]["lag_seconds"] >= 120


def test_it_is_read_only(client):
    assert client.post("/healthz").status_code == 405

"""/healthz tells the truth."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_both_stores_answer(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "stores": {"records": "ok", "events": "ok"}}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_store_that_takes_no_write_is_named(client):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE config_heartbeat")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "failed", "stores": {"records": "failed", "events": "ok"}}


@pytest.mark.django_db
def test_it_is_read_only(client):
    assert client.post("/healthz").status_code == 405

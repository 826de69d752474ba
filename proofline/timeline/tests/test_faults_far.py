"""A ClickHouse server that is slow while servers die: nothing is lost or doubled, and whoever sends does not notice."""

import http.client
import json
import signal
import time

import pytest

from proofline.timeline.tests import test_clickhouse
from proofline.timeline.tests.test_clickhouse import COUNTS, send
from proofline.timeline.tests.test_live import ran, until, write_key

AT_WORK = "SELECT count() FROM system.processes WHERE query_kind = 'Insert' AND query LIKE '% INTO {table} %'"
QUICKLY = 5.0
far, direct = test_clickhouse.far, test_clickhouse.direct


@pytest.fixture
def at_work(direct):
    """Return what waits until the ClickHouse server is at work on an insert into a table."""

    def wait(table):
        ends = time.monotonic() + 30
        while direct.query(AT_WORK.format(table=table)).result_rows == [(0,)]:
            assert time.monotonic() < ends
            time.sleep(0.02)

    return wait


def post(live, path, content):
    """Send one message; return the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=40)
    try:
        connection.request("POST", path, json.dumps(content))
        return connection.getresponse().status
    finally:
        connection.close()


def test_an_insert_that_outlives_its_server_counts_once(far, clickhouse, at_work):
    key = write_key(far, "Survivor")
    before = until(far, inbox=0)["projected"]
    with clickhouse.held("INSERT INTO events "):
        assert send(far, key, 5) == 200
        at_work("events")
        far.stop(signal.SIGKILL)
        far.start()
        assert send(far, key, 5) == 200
        time.sleep(1)  # the new one would have sent them again by now
    assert until(far, inbox=0)["projected"] == before + 10
    rows, ids = ran(far, COUNTS).split()
    assert rows == ids


def test_a_store_that_hangs_keeps_nobody_from_sending(far, clickhouse, at_work):
    key = write_key(far, "Patient")
    before = until(far, inbox=0)["projected"]
    for who in ({"anonymousId": "a1"}, {"userId": "u1"}):
        assert post(far, "/v1/track", {"writeKey": key, "event": "Far Seen", **who}) == 200
    until(far, inbox=0)
    with clickhouse.held("INSERT INTO people"):
        assert post(far, "/v1/identify", {"writeKey": key, "anonymousId": "a1", "userId": "u1"}) == 200
        at_work("people")
        started = time.monotonic()
        assert send(far, key, 5) == 200
        assert time.monotonic() - started < QUICKLY
    assert until(far, inbox=0)["projected"] == before + 8

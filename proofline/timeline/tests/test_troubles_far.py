"""What a server's log says while its columnar store is away: why, once; that it still is, now and then; and that it is back."""

import time

import pytest

from proofline.timeline.tests.test_clickhouse import send, until_health
from proofline.timeline.tests.test_live import until, write_key
from tests.fixtures.live import Live

CHECKS = 20


@pytest.fixture(scope="module")
def far(prepared, clickhouse, tmp_path_factory):
    """Proofline with its events at the ClickHouse server."""
    with prepared.server(tmp_path_factory.mktemp("far") / "data", {"EVENTS_URL": clickhouse.url()}) as live:
        live.start()
        yield live


def lines(live: Live, words: str) -> int:
    return sum(words in line for line in live.log.splitlines())


def test_a_store_that_is_away_fills_no_log(far, clickhouse):
    key = write_key(far)
    clickhouse.stop()
    try:
        until_health(far, 503)
        before = len(far.log.splitlines())
        for _check in range(CHECKS):
            assert send(far, key, 1) == 200
            assert far.health() == 503
            time.sleep(0.2)
        print(far.log)
        assert lines(far, "The columnar store is down") == 1
        assert far.log.count("Traceback") <= 1
        assert len(far.log.splitlines()) - before <= 1
    finally:
        clickhouse.start()
    until_health(far, 200)
    until(far, inbox=0)
    assert lines(far, "The columnar store is back") == 1

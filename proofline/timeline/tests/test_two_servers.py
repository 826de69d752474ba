"""Two servers, one PostgreSQL, one ClickHouse server: when one is killed under load, the other goes on, and each event counts once."""

import os
import random
import signal
import time

import pytest

from benchmarks._faults import Load, broken
from proofline.timeline.tests.test_faults import place, until
from proofline.timeline.tests.test_live import write_key
from tests.fixtures.live import Live

pytestmark = pytest.mark.skipif(
    "DATABASE_URL" not in os.environ, reason="Two servers share PostgreSQL: this belongs to the suite's run on it"
)
SECONDS_TO_PASS = 20.0


@pytest.fixture(scope="module")
def pair(prepared, clickhouse, tmp_path_factory):
    """Two servers, each with a folder of its own."""
    with prepared.server(tmp_path_factory.mktemp("one") / "data", {"EVENTS_URL": clickhouse.url()}) as one:
        two = Live(tmp_path_factory.mktemp("two") / "data", one.environment)
        try:
            one.start()
            two.start()
            yield one, two
        finally:
            if two.process is not None and two.process.poll() is None:
                two.stop()


def test_the_other_goes_on_and_nothing_is_lost_or_doubled(pair, clickhouse):
    key = write_key(pair[0])
    for number, (dying, staying) in enumerate([pair, reversed(pair)]):
        load = Load(ports=[server.port for server in pair], key=key, event=f"Round {number}")
        until(lambda load=load: len(load.acknowledged) > 100)
        time.sleep(random.uniform(0.0, 0.5))
        dying.stop(signal.SIGKILL)
        killed = time.monotonic()
        load.finish()
        assert broken(load, environment=place(staying)) == []  # all of it is projected by the one that is left
        assert time.monotonic() - killed < SECONDS_TO_PASS
        if not number:
            dying.start()

"""Servers that die under load: what was acknowledged counts exactly once, in the events and in the daily rows."""

import os
import random
import signal
import time

from benchmarks._faults import Load, broken, worker_of
from proofline.timeline.tests.test_live import write_key

ROUNDS = 3


def place(live):
    """Return the environment of a process that reads this server's data."""
    return live.environment | {"PROOFLINE_DATA": str(live.data), "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}


def test_killed_at_any_moment_it_loses_and_doubles_nothing(live):
    key = write_key(live, "Faults")
    for number in range(ROUNDS):
        load = Load(ports=[live.port], key=key, event=f"Round {number}")
        time.sleep(random.uniform(0.2, 1.0))
        if number == 1:
            os.kill(worker_of(live.process.pid), signal.SIGKILL)  # the server replaces it
        else:
            live.stop(signal.SIGKILL)
            live.start()
        load.finish()
        assert len(load.acknowledged) > 50
        assert broken(load, environment=place(live)) == []

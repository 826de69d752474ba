"""Servers that die, and disks that get full, under load: what was acknowledged counts exactly once, in events and daily rows."""

import http.client
import json
import os
import random
import signal
import time

import pytest

from benchmarks._faults import Load, broken, worker_of
from proofline.timeline.tests.test_live import write_key
from tests.fixtures.disks import small_disk
from tests.fixtures.live import Live, own_database

ROUNDS = 3
MEGABYTES = 96
SECONDS = 60


def place(live):
    """Return the environment of a process that reads this server's data."""
    return live.environment | {"PROOFLINE_DATA": str(live.data), "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}


def until(wanted):
    """Wait until it is so."""
    ends = time.monotonic() + SECONDS
    while not wanted():
        assert time.monotonic() < ends
        time.sleep(0.05)


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


@pytest.fixture
def small(tmp_path):
    """A server on a disk that can be filled; what it prints goes elsewhere."""
    with small_disk(tmp_path / "disk", megabytes=MEGABYTES) as disk, own_database() as environment:
        (tmp_path / "disk" / "data").mkdir()
        (tmp_path / "data").symlink_to(tmp_path / "disk" / "data")
        live = Live(tmp_path / "data", environment)
        try:
            live.start()
            yield live, disk
        finally:
            live.stop()


def answer_to(live, key):
    """Send one event; return status and headers of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=40)
    try:
        connection.request("POST", "/v1/track", json.dumps({"writeKey": key, "userId": "u1", "event": "Full"}))
        answer = connection.getresponse()
        return answer.status, answer.headers["Retry-After"]
    finally:
        connection.close()


def test_a_full_disk_is_told_and_when_there_is_room_again_it_goes_on(small):
    live, disk = small
    key = write_key(live)
    load = Load(ports=[live.port], key=key, event="Full Hour")
    until(lambda: len(load.acknowledged) > 100)
    worker = worker_of(live.process.pid)
    disk.fill(worker)
    if "DATABASE_URL" in live.environment:  # the inbox lies on another disk, and grows
        many = len(load.acknowledged)
        until(lambda: live.health() == 503 and len(load.acknowledged) > many + 100)
    else:
        until(lambda: any(status == 503 for status, _text in load.refused))
        assert answer_to(live, key) == (503, "2")
        assert live.health() == 503
    disk.free(worker)
    load.finish()
    assert worker_of(live.process.pid) == worker
    assert {status for status, _text in load.refused} <= {503}
    assert broken(load, environment=place(live)) == []
    until(lambda: live.health() == 200)

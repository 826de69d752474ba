"""Servers that die, and disks that get full, under load: what was acknowledged is on the disk, and counts exactly once."""

import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import time

import pytest

from benchmarks._faults import Load, broken, worker_of
from proofline.timeline.tests.test_live import write_key
from tests.fixtures import waiting
from tests.fixtures.disks import small_disk

ROUNDS = 3
MEGABYTES = 96
SECONDS = 60
CALLS = "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg,send"
LINE = re.compile(r"^(?P<thread>\d+) +(?P<call>\w+)\((?P<words>.*)$")
RESUMED = re.compile(r"^(?P<thread>\d+) +<\.\.\. (?P<call>\w+) resumed>")
LOG = "records.sqlite3-wal>"


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
    live.run("timeline", "rebuild")
    assert broken(load, environment=place(live)) == []


@pytest.fixture
def small(prepared, tmp_path):
    """A server on a disk that can be filled; what it prints goes elsewhere."""
    with small_disk(tmp_path / "disk", megabytes=MEGABYTES) as disk:
        (tmp_path / "disk" / "data").mkdir()
        (tmp_path / "data").symlink_to(tmp_path / "disk" / "data")
        with prepared.server(tmp_path / "data") as live:
            live.start()
            yield live, disk


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


@pytest.fixture
def traced(live, tmp_path):
    """Return what runs an action and gives the system calls of the server's worker meanwhile."""
    if not shutil.which("strace") and not os.geteuid():
        subprocess.run(["apt-get", "install", "--yes", "strace"], capture_output=True, check=True, timeout=200)

    def trace(act):
        path = tmp_path / "calls"
        command = ["strace", "-f", "-y", "-s", "64", "-e", CALLS, "-o", path, "-p", str(worker_of(live.process.pid))]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert "attached" in waiting.line(process, "strace")
                act()
            finally:
                process.terminate()
            waiting.rest(process, "the end of strace")
        return path.read_text().splitlines()

    return trace


def done(lines):
    """Return the calls in the order in which they came back, each with what it was called with."""
    begun, calls = {}, []
    for line in lines:
        if found := RESUMED.match(line):
            calls.append(begun.pop(found["thread"]))
        elif found := LINE.match(line):
            call = found["call"], found["words"]
            if line.endswith("<unfinished ...>"):
                begun[found["thread"]] = call
            else:
                calls.append(call)
    return calls


def test_the_event_is_synced_before_the_answer_is_sent(live, traced):
    if "DATABASE_URL" in live.environment:
        pytest.skip("In PostgreSQL it is the database that syncs")
    key = write_key(live)
    statuses = []

    def send():
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=40)
        connection.request("POST", "/v1/track", json.dumps({"writeKey": key, "userId": "u1", "event": "Door Opened"}))
        statuses.append(connection.getresponse().status)
        connection.close()

    calls = done(traced(send))
    written, synced, sent = (
        next((place for place, (call, words) in enumerate(calls) if call in names and mark in words), None)
        for names, mark in (
            ({"pwrite64", "write"}, LOG),
            ({"fsync", "fdatasync"}, LOG),
            ({"write", "writev", "sendto", "sendmsg"}, "HTTP/1.1 200"),
        )
    )
    assert statuses == [200]
    assert None not in (written, synced, sent)
    assert written < synced < sent

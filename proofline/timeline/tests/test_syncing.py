"""What the system sees: the event is on the disk before the answer leaves."""

import http.client
import json
import os
import re
import shutil
import subprocess

import pytest

from benchmarks._faults import worker_of
from proofline.timeline.tests.test_live import write_key

CALLS = "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg,send"
LINE = re.compile(r"^(?P<thread>\d+) +(?P<call>\w+)\((?P<words>.*)$")
RESUMED = re.compile(r"^(?P<thread>\d+) +<\.\.\. (?P<call>\w+) resumed>")
LOG = "records.sqlite3-wal>"


@pytest.fixture
def traced(live, tmp_path):
    """Return what runs an action and gives the system calls of the server's worker meanwhile."""
    if not shutil.which("strace") and not os.geteuid():
        subprocess.run(["apt-get", "install", "--yes", "strace"], capture_output=True, check=True)

    def trace(act):
        path = tmp_path / "calls"
        command = ["strace", "-f", "-y", "-s", "64", "-e", CALLS, "-o", path, "-p", str(worker_of(live.process.pid))]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert "attached" in process.stderr.readline()
            act()
            process.terminate()
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

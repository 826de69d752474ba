"""The server process: starts, stops, is killed, starts again."""

import json
import os
import signal
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def folder(migrated, tmp_path_factory):
    """A server's data, which the tests of this module start and end servers on; nobody has ever started one on it."""
    with migrated.server(tmp_path_factory.mktemp("server") / "data") as server:
        yield server


@pytest.fixture
def server(folder):
    """A running server; the one that the test before left, if it still runs."""
    if folder.process is None or folder.process.poll() is not None:
        folder.start()
    return folder


def worker(server):
    """Return the id of the worker process."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return next(int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())


def alive(pid):
    """Tell whether a process runs; one that ended but was not asked for its exit code does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def five_seconds():
    """Return five seconds, longer where more processes want to run than there are cores."""
    return 5 * max(1, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(condition, seconds=60):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_first_start_makes_the_administrator_once(server):
    assert server.log.count("one-time password") == 1
    assert server.stop() < five_seconds()
    server.start()
    assert server.health() == 200
    assert server.log.count("one-time password") == 1


def test_it_says_where_it_is_and_that_it_is_well(server):
    until(lambda: f"Proofline is ready: {server.url}" in server.log)
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("GET", "/healthz")
        said = json.loads(connection.getresponse().read())
    assert (said["status"], said["stores"]) == ("ok", {"records": "ok", "events": "ok"})
    assert said["timeline"].keys() == {"inbox", "inbox_estimated", "projected", "lag_seconds", "quarantined", "rate"}


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_five_seconds(server, sign):
    child = worker(server)
    assert server.stop(sign) < five_seconds()
    assert server.process.returncode == 0
    assert not alive(child)


def test_a_worker_that_dies_is_replaced(server):
    first = worker(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: not alive(first))
    until(lambda: server.health() == 200)
    assert worker(server) != first


def test_a_killed_server_leaves_nothing_behind_and_starts_again(server):
    child = worker(server)
    server.stop(signal.SIGKILL)
    until(lambda: not alive(child), seconds=five_seconds())
    server.start()
    assert server.health() == 200


def test_one_server_at_a_port_and_on_a_folder(server):
    other = server.run("serve", "--port", str(server.port), check=False)
    assert (other.returncode, other.stdout) == (2, "")
    assert "choose another with --port" in other.stderr
    again = server.run("serve", "--port", "0", check=False)
    assert again.returncode == 2
    assert "Another server already runs" in again.stderr


def test_the_command_line_works_beside_the_server(server):
    assert "write_key" in json.loads(server.run("source", "add", "Website", "--json").stdout)

"""The server process: starts, stops, is killed, starts again."""

import json
import os
import signal
import subprocess
import time
from http.client import HTTPConnection

import pytest

from tests.fixtures.live import Live, own_database


@pytest.fixture
def server(tmp_path):
    """A server that has not started yet."""
    with own_database() as environment:
        server = Live(tmp_path / "data", environment)
        yield server
        if server.process is not None and server.process.poll() is None:
            server.stop()


def worker(server):
    """Return the id of the worker process."""
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(server.process.pid)], capture_output=True, text=True, check=True
    )
    return next(int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line)


def alive(pid):
    """Tell whether a process runs; one that ended but was not asked for its exit code does not."""
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"  # noqa: PTH123
    except FileNotFoundError:
        return False


def until(condition, seconds=15):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_first_start_makes_the_administrator_once(server):
    server.start()
    assert server.log.count("one-time password") == 1
    assert server.stop() < 5
    started = time.monotonic()
    server.start()
    assert time.monotonic() - started < 5
    assert server.log.count("one-time password") == 1


def test_it_says_where_it_is_and_that_it_is_well(server):
    server.start()
    until(lambda: f"Proofline is ready: {server.url}" in server.log)
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", "/healthz")
    assert json.loads(connection.getresponse().read()) == {"status": "ok", "stores": {"records": "ok", "events": "ok"}}
    connection.close()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_five_seconds(server, sign):
    server.start()
    child = worker(server)
    assert server.stop(sign) < 5
    assert server.process.returncode == 0
    assert not alive(child)


def test_a_worker_that_dies_is_replaced(server):
    server.start()
    first = worker(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: not alive(first))
    until(lambda: server.health() == 200)
    assert worker(server) != first


def test_a_killed_server_leaves_nothing_behind_and_starts_again(server):
    server.start()
    child = worker(server)
    server.stop(signal.SIGKILL)
    until(lambda: not alive(child), seconds=2)
    server.start()
    assert server.health() == 200


def test_one_server_at_a_port_and_on_a_folder(server, tmp_path):
    server.start()
    other = server.run("serve", "--port", str(server.port), check=False)
    assert (other.returncode, other.stdout) == (2, "")
    assert "choose another with --port" in other.stderr
    again = server.run("serve", "--port", "0", check=False)
    assert again.returncode == 2
    assert "Another server already runs" in again.stderr


def test_the_command_line_works_beside_the_server(server):
    server.start()
    assert "write_key" in json.loads(server.run("source", "add", "Website", "--json").stdout)

"""A real server, by its tracking API and its command line, and what only a real connection can do to it: wrong lengths, bytes that are no HTTP."""

import gzip
import http.client
import json
import re
import socket
import time

import pytest

ANSWERS = {200, 400, 401, 403, 404, 405, 413, 429}
SECONDS = 20
MANY = 10_000_000
BOMB = gzip.compress(b"0" * 60_000_000, 1)


def write_key(live, name="Product"):
    return json.loads(live.run("source", "add", name, "--json").stdout)["write_key"]


def status(live):
    return json.loads(live.run("timeline", "status", "--json").stdout)


def until(live, **wanted):
    """Wait until the timeline stands so; return how it stands in the end."""
    ends = time.monotonic() + 30
    while True:
        found = live.timeline()
        if wanted.items() <= found.items() or time.monotonic() > ends:
            return found
        time.sleep(0.05)


def test_a_single_event_is_in_the_store_within_a_second(live):
    key = write_key(live)
    before = until(live, inbox=0)["projected"]
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    connection.request("POST", "/v1/track", json.dumps({"writeKey": key, "userId": "u9", "event": "Lamp Lit"}))
    assert connection.getresponse().status == 200
    connection.close()
    time.sleep(1)
    assert status(live)["projected"] == before + 1


def ran(live, code):
    """Run code in a process of its own on the server's data."""
    import os
    import subprocess
    import sys

    environment = os.environ | live.environment
    environment |= {"PROOFLINE_DATA": str(live.data), "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def body(live):
    key = write_key(live, "Fuzzer")
    return json.dumps(
        {"writeKey": key, "api_key": key, "userId": "u1", "distinct_id": "u1", "event": "Door Opened"}
    ).encode()


def chunks(body, size=100_000):
    some = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in some) + b"0\r\n\r\n"


def length(body):
    return b"Content-Length: %d\r\n" % len(body)


def head(more, path=b"/v1/track", method=b"POST"):
    return method + b" " + path + b" HTTP/1.1\r\nHost: here\r\n" + more + b"\r\n"


CASES = {
    "chunked": lambda body: head(b"Transfer-Encoding: chunked\r\n") + chunks(body, 7),
    "chunked and a length": lambda body: head(b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + chunks(body),
    "chunks that are none": lambda body: head(b"Transfer-Encoding: chunked\r\n") + b"zz\r\n" + body,
    "a chunk without its end": lambda body: head(b"Transfer-Encoding: chunked\r\n") + b"fff\r\n" + body,
    "no length": lambda body: head(b"") + body,
    "a length too short": lambda body: head(b"Content-Length: 9\r\n") + body,
    "a length too long": lambda body: head(b"Content-Length: 900\r\n") + body[:-4],
    "a length that is no number": lambda body: head(b"Content-Length: many\r\n") + body,
    "a length below nothing": lambda body: head(b"Content-Length: -1\r\n") + body,
    "two lengths": lambda body: head(length(body) + b"Content-Length: 5\r\n") + body,
    "10 MB": lambda _body: head(b"Content-Length: %d\r\n" % MANY) + b"[" * MANY,
    "10 MB in chunks": lambda _body: head(b"Transfer-Encoding: chunked\r\n") + chunks(b"[" * MANY),
    "a bomb": lambda _body: head(b"Content-Encoding: gzip\r\n" + length(BOMB)) + BOMB,
    "a bomb for PostHog": lambda _body: head(length(BOMB), b"/i/v0/e/?compression=gzip-js") + BOMB,
    "a path that is no text": lambda body: head(length(body), b"/v1/%ff%00%c3%28") + body,
    "bytes in the path": lambda body: head(length(body), b"/v1/\xff") + body,
    "bytes in the query": lambda body: head(length(body), b"/e/?compression=%ff&%00=\x80") + body,
    "bytes in a header": lambda body: head(b"Authorization: Basic \xe9\xff\r\nOrigin: \xff\r\n" + length(body)) + body,
    "a header without end": lambda body: head(b"X-Long: " + b"x" * 600_000 + b"\r\n" + length(body)) + body,
    "no method of ours": lambda body: head(length(body), method=b"BREW") + body,
    "no HTTP": lambda body: b"\x16\x03\x01\0" + body,
}  # fmt: skip
LEAVES = {"a chunk without its end", "a length too long", "chunks that are none"}
"""Where the client is gone before the end, and nobody is left to answer."""


def answer_to(live, data, *, leave):
    """Send bytes; return the status of the answer, None where the server closed the connection instead."""
    with socket.create_connection(("127.0.0.1", live.port), timeout=SECONDS) as connection:
        try:
            connection.sendall(data)
            if leave:
                connection.shutdown(socket.SHUT_WR)
            found = re.match(rb"HTTP/1.1 (\d+) ", connection.recv(65_536))
        except (BrokenPipeError, ConnectionResetError):
            return None
    return int(found[1]) if found else None


@pytest.mark.parametrize("case", CASES)
def test_it_answers_or_closes_and_takes_the_next(live, body, case):
    status = answer_to(live, CASES[case](body), leave=case in LEAVES)
    assert status in ANSWERS | {431} or (status is None and ("bytes" in case or case in LEAVES | {"no HTTP"}))
    assert answer_to(live, head(length(body)) + body, leave=False) == 200


def test_afterwards_it_is_well(live, body):
    assert live.health() == 200
    assert until(live, inbox=0)["inbox"] == 0
    assert "Traceback" not in live.log

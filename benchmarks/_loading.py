"""A load on a server from a process of its own, by connections that stay open: `python -m benchmarks._loading`.

Reads jobs from its standard input, one as JSON a line: `{"port", "requests", "connections", "seconds"}`, the requests as text, sent in turn
(`UNIQUE` in them is a number of its own each time);
answers each with `{"times", "seconds", "bytes"}` in milliseconds, seconds and bytes of all answers. One that is no 2xx ends it.
"""

from __future__ import annotations

import itertools
import json
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 262_144
UNIQUE = b"%%%UNIQUE%%%"
"""Stands in a request for a number of as many digits that no other request has."""
NUMBERS = itertools.count(time.time_ns() // 1_000_000 % 10**9 * 1000)


def answer(connection: socket.socket) -> bytes:
    """Read one answer, however its end is told.

    Raises:
        RuntimeError: the server refused, or hung up.
    """
    found = b""
    while b"\r\n\r\n" not in found:
        found += block(connection)
    head, _line, body = found.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(found[:2000].decode(errors="replace"))
    names = head.lower()
    if b"content-length:" in names:
        length = int(names.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        parts, have = [body], len(body)
        while have < length:
            parts.append(block(connection))
            have += len(parts[-1])
        return b"".join(parts)
    while not body.endswith(b"0\r\n\r\n"):
        body += block(connection)
    return body


def block(connection: socket.socket) -> bytes:
    """Read what there is.

    Raises:
        RuntimeError: the server hung up.
    """
    found = connection.recv(BLOCK)
    if not found:
        raise RuntimeError("the server hung up")
    return found


def send(port: int, ready: Iterator[bytes], ends: float) -> tuple[list[float], int]:
    """Send one request after the other until the time is over; return their milliseconds and the bytes that came."""
    times, size = [], 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < ends:
            one = next(ready).replace(UNIQUE, b"%012d" % next(NUMBERS))
            started = time.perf_counter()
            connection.sendall(one)
            size += len(answer(connection))
            times.append((time.perf_counter() - started) * 1000)
    return times, size


def load(job: dict[str, Any]) -> dict[str, Any]:
    """Do one job."""
    ready = [one.encode() for one in job["requests"]]
    started = time.perf_counter()
    ends = started + job["seconds"]
    with ThreadPoolExecutor(job["connections"]) as threads:
        apart = max(1, len(ready) // job["connections"])
        starts = [part * apart % len(ready) for part in range(job["connections"])]
        shares = [itertools.cycle(ready[start:] + ready[:start]) for start in starts]
        done = list(threads.map(lambda share: send(job["port"], share, ends), shares))
    times = [one for some, _size in done for one in some]
    return {"times": times, "seconds": time.perf_counter() - started, "bytes": sum(size for _some, size in done)}


def main() -> int:
    """Do jobs until there are no more."""
    for line in sys.stdin:
        print(json.dumps(load(json.loads(line))), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

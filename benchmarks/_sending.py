"""A sender of events in a process of its own: bodies are ready before the clock starts, so that it takes little of the machine.

`python -m benchmarks._sending PORT KEY PART OF EVENTS BATCH GZIP PAUSE RUN CONNECTIONS`: waits for a line on its standard input, sends its part of the
events by so many connections, and prints the milliseconds of each request, its first and its last moment as JSON.
"""

from __future__ import annotations

import gzip
import json
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

PEOPLE, ACCOUNTS = 50_000, 2_000
EVENTS = ("Feature Used", "Page Opened", "Report Exported", "Invite Sent", "Search Made")
FEATURES = ("reports", "forecasts", "automations", "dashboards", "imports")


def message(number: int, now: datetime, run: str) -> dict[str, Any]:
    """Return one use of a product, as a server of its maker tells it."""
    return {
        "type": "track",
        "event": EVENTS[number % 5],
        "userId": f"user-{number * 7919 % PEOPLE}",
        "messageId": f"{run}-{number}",
        "timestamp": (now - timedelta(seconds=number % 86_400)).isoformat(timespec="milliseconds"),
        "properties": {
            "feature": FEATURES[number % 5],
            "seconds": number % 300,
            "plan": "pro" if number % 3 else "basic",
            "path": f"/app/{number % 50}",
            "ok": number % 2 == 0,
        },
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}},
    }


def request(path: str, key: str, content: object, *, packed: bool) -> bytes:
    """Return the bytes of an HTTP request."""
    body = json.dumps(content, separators=(",", ":")).encode()
    body = gzip.compress(body, 6) if packed else body
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    )
    head += "Content-Encoding: gzip\r\n" if packed else ""
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def requests(key: str, *, part: int, of: int, events: int, batch: int, packed: bool, run: str) -> list[bytes]:
    """Return the requests of one sender, ready to go."""
    now = datetime.now(UTC)
    if batch == 1:
        return [
            request("/v1/track", key, message(number, now, run), packed=packed) for number in range(part, events, of)
        ]
    starts = range(part * batch, events, of * batch)
    every = ([message(number, now, run) for number in range(start, min(start + batch, events))] for start in starts)
    sent = datetime.now(UTC).isoformat()
    return [request("/v1/batch", key, {"sentAt": sent, "batch": some}, packed=packed) for some in every]


def send(port: int, ready: list[bytes], *, pause: float) -> list[float]:
    """Send one request after the other, each after the answer to the one before; return their milliseconds.

    Raises:
        RuntimeError: the server refused one.
    """
    times = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        due = time.monotonic()
        for one in ready:
            if pause:
                due += pause
                time.sleep(max(0.0, due - time.monotonic()))
            started = time.perf_counter()
            connection.sendall(one)
            answer = connection.recv(65_536)
            while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
                answer += connection.recv(65_536)
            times.append((time.perf_counter() - started) * 1000)
            if b" 200 " not in answer[:16]:
                raise RuntimeError(answer.decode())
    return times


def send_all(port: int, ready: list[bytes], *, connections: int, pause: float) -> list[float]:
    """Send by several connections at once, each with its share of the requests."""
    with ThreadPoolExecutor(connections) as threads:
        parts = [ready[part::connections] for part in range(connections)]
        return [time for some in threads.map(lambda part: send(port, part, pause=pause), parts) for time in some]


def main() -> int:
    """Prepare, say that we are ready, wait for the start, send."""
    port, key, part, of, events, batch, packed, pause, run, connections = sys.argv[1:]
    ready = requests(
        key, part=int(part), of=int(of), events=int(events), batch=int(batch), packed=packed == "1", run=run
    )
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.time()
    times = send_all(int(port), ready, connections=int(connections), pause=float(pause))
    print(json.dumps({"started": started, "ended": time.time(), "times": times}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

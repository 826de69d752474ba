"""How long a start takes until the server answers: on an empty data folder, and again on the same."""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from socket import socket


def free_port() -> int:
    """Return a port where nobody listens."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def seconds_until_ready(folder: str) -> float:
    """Start a server, wait until it is healthy, stop it; return the seconds that the start took."""
    port, started = free_port(), time.monotonic()
    command = [sys.executable, "-m", "proofline", "--data", folder, "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            try:
                with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                    connection.request("GET", "/healthz")
                    if connection.getresponse().status == http.client.OK:
                        break
            except OSError:
                time.sleep(0.02)
        took = time.monotonic() - started
        process.terminate()
    return took


def measure() -> dict[str, float]:
    """Return seconds."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "first_start_seconds": round(seconds_until_ready(folder), 2),
            "second_start_seconds": round(seconds_until_ready(folder), 2),
        }

"""A server with data of its own, as a benchmark needs it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from socket import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def free_port() -> int:
    """Return a port where nobody listens."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: str, environment: dict[str, str] | None = None) -> Iterator[tuple[int, float]]:
    """Serve a data folder; yield the port and the seconds until the server was healthy.

    Raises:
        RuntimeError: the server ended before it was healthy.
    """
    port, started = free_port(), time.monotonic()
    command = [sys.executable, "-m", "proofline", "--data", folder, "serve", "--port", str(port)]
    with serving(command, port, environment):
        yield port, time.monotonic() - started


@contextmanager
def serving(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run a command until the block ends, which begins when there is a healthy server at the port.

    Raises:
        RuntimeError: the server ended before it was healthy.
    """
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | (environment or {})) as process:
        try:
            while not healthy(port):
                if process.poll() is not None:
                    raise RuntimeError("the server did not start")
                time.sleep(0.02)
            yield
        finally:
            process.terminate()


def healthy(port: int) -> bool:
    """Tell whether the server reads and writes both of its stores."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
    except OSError:
        return False

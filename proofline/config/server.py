"""The server: a parent that watches over one worker process, which answers and owns the timeline's store."""

from __future__ import annotations

import fcntl
import http.client
import multiprocessing
import socket
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

if TYPE_CHECKING:
    from io import TextIOWrapper
    from wsgiref.types import WSGIApplication

THREADS = 16
SECONDS_TO_STOP = 4
SECONDS_TO_START = 120


class TakenError(OSError):
    """The port or the data folder is already served."""


def serve(*, host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT, then stop within five seconds; a worker that dies is replaced.

    Raises:
        TakenError: something listens at the port, or another server runs on the data folder.
    """
    claim_port(host=host, port=port)
    lock = claim_folder()
    connections.close_all()
    multiprocessing.set_start_method("spawn", force=True)  # the worker shares no thread or handle with its parent
    server = Server(
        "proofline.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=256,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
    )
    threading.Thread(target=announce, kwargs={"host": host, "port": port}, daemon=True).start()
    with lock:
        server.serve(target_loader=application, wrap_loader=False)
    return 0


def application() -> WSGIApplication:
    """Return the application, in the worker; Granian's own loader would take modules from the folder where it is called."""
    from proofline.config import wsgi  # noqa: PLC0415 - importing it starts the background threads

    return wsgi.application


def claim_port(*, host: str, port: int) -> None:
    """Refuse a port where something listens; the server's own socket would share it without a word."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except (OSError, OverflowError) as error:
        message = f"Can't listen at {host}:{port} ({error}); choose another with --port."
        raise TakenError(message) from error


def claim_folder() -> TextIOWrapper:
    """Return the held lock of the data folder; it ends with the process."""
    lock = (settings.DATA_DIR / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        message = f"Another server already runs on {settings.DATA_DIR}."
        raise TakenError(message) from error
    return lock


def announce(*, host: str, port: int) -> None:
    """Say where the server is, once it really answers."""
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends:
        connection = http.client.HTTPConnection(reachable, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                print(f"Proofline is ready: http://{reachable}:{port}", flush=True)
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)

"""Taking turns: one projector at a time, and nobody changes inbox and store together meanwhile.

On SQLite everything is in one folder, and a lock on a file there does it. On PostgreSQL several servers work, each with a folder of
its own, so the lock is the database's, held by a connection that does nothing else; when its server dies the lock is free.
"""

from __future__ import annotations

import contextlib
import fcntl
import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS_TO_WAIT = 120.0
SECONDS_TO_LOOK = 0.005
"""The projector leaves its turn for a moment between rounds; whoever waits looks often enough to get it."""
NUMBERS = {"projector": 7_301_002, "round": 7_301_003, "keeping": 7_301_004}
"""The numbers of PostgreSQL's advisory locks."""


class BusyError(TimeoutError):
    """Somebody else has the turn, and does not come to an end in time."""


@contextlib.contextmanager
def turn(name: str, *, wait: float = SECONDS_TO_WAIT) -> Iterator[Callable[[], bool]]:
    """Have the turn "projector", "round" or "keeping" (the archive); what is yielded tells whether we still have it.

    Raises:
        BusyError: somebody else has it for `wait` seconds.
    """
    with _on_postgres(name, wait=wait) if connection.vendor == "postgresql" else _in_folder(name, wait=wait) as held:
        yield held


@contextlib.contextmanager
def _in_folder(name: str, *, wait: float) -> Iterator[Callable[[], bool]]:
    with (settings.DATA_DIR / f"{name}.lock").open("a") as lock:

        def taken() -> bool:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        _until(taken, name=name, wait=wait)
        yield lambda: True


@contextlib.contextmanager
def _on_postgres(name: str, *, wait: float) -> Iterator[Callable[[], bool]]:
    import psycopg  # noqa: PLC0415 - where the records are in PostgreSQL only

    parameters: dict[str, Any] = {**connection.get_connection_params()}
    given = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    with psycopg.connect(**given, autocommit=True) as own:

        def taken() -> bool:
            found = own.execute("SELECT pg_try_advisory_lock(%s)", [NUMBERS[name]]).fetchone()
            return bool(found and found[0])

        def held() -> bool:
            try:
                own.execute("SELECT 1")
            except psycopg.Error:
                return False
            return True

        _until(taken, name=name, wait=wait)
        yield held


def _until(taken: Callable[[], bool], *, name: str, wait: float) -> None:
    ends = time.monotonic() + wait
    while not taken():
        if time.monotonic() >= ends:
            raise BusyError(f"Another process has the turn of the {name}")
        time.sleep(SECONDS_TO_LOOK)

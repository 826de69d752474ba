"""The group commit: what many requests bring at the same moment goes to the disk with one sync, and only then is answered.

In the server one thread writes for all web threads. Where none runs (commands, tests) everybody writes for themselves. SQLite gives
its one lock to whoever asks at the right moment, which the committer does all the time and everybody else now and then: the
projector would wait for seconds. `between` gives it its turn.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError, close_old_connections, connection, connections, transaction

from proofline.kit.sqlite.base import sync_alone
from proofline.timeline import troubles, waking
from proofline.timeline.models import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from proofline.timeline.models.inbox import Packed

MOST_AT_ONCE = 500
SECONDS_TO_WAIT = 25.0
"""Longer than the record store's own patience with locks; clients wait 30 s and more."""
SECONDS_FOR_OTHERS = 0.001
"""Between two groups: other processes, and people who save something, only ask now and then whether they may write."""


class _Waiting:
    """What a request brought, on its way to the disk."""

    __slots__ = ("done", "error", "records")

    def __init__(self, records: Sequence[Packed]) -> None:
        self.records = records
        self.done = threading.Event()
        self.error: DatabaseError | None = None


class _Pen:
    """Who writes: the committer, when nobody else of this process wants to."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._others = 0
        self._committing = False

    @contextlib.contextmanager
    def committers(self) -> Iterator[None]:
        with self._change:
            while self._others:
                self._change.wait()
            self._committing = True
        try:
            yield
        finally:
            with self._change:
                self._committing = False
                self._change.notify_all()

    @contextlib.contextmanager
    def another(self) -> Iterator[None]:
        with self._change:
            self._others += 1
            while self._committing:
                self._change.wait()
        try:
            yield
        finally:
            with self._change:
                self._others -= 1
                self._change.notify_all()


_pen = _Pen()


class Committer:
    """The thread that writes to the inbox."""

    def __init__(self) -> None:
        self._queue: list[_Waiting] = []
        self._news = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is queued, then end."""
        with self._news:
            self._open = False
            self._news.notify()
        self._thread.join(timeout=5)

    def commit(self, records: Sequence[Packed]) -> None:
        """Return when the records are on the disk.

        Raises:
            DatabaseError: none of them is, or will be, or that is not known in time.
        """
        waiting = _Waiting(records)
        with self._news:
            if not self._open:
                raise DatabaseError("The server is stopping")
            self._queue.append(waiting)
            self._news.notify()
        if not waiting.done.wait(SECONDS_TO_WAIT):
            raise DatabaseError("The record store did not take it in time")
        if waiting.error is not None:
            raise DatabaseError(str(waiting.error)) from waiting.error

    def _run(self) -> None:
        sync_alone()
        try:
            while some := self._next():
                self._write(some)
                time.sleep(SECONDS_FOR_OTHERS)
        finally:
            connections.close_all()

    def _next(self) -> list[_Waiting]:
        """Return what waits, as soon as anything does; nothing once the end has come."""
        with self._news:
            while not self._queue and self._open:
                self._news.wait()
            some, self._queue = self._queue[:MOST_AT_ONCE], self._queue[MOST_AT_ONCE:]
            return some

    def _write(self, some: list[_Waiting]) -> None:
        error: DatabaseError | None = None
        try:
            close_old_connections()
            with _pen.committers():
                write([record for waiting in some for record in waiting.records])
        except DatabaseError as trouble:
            error = trouble
        except Exception as trouble:  # noqa: BLE001 - whoever waits has to be told, whatever it is
            troubles.RECORDS.failed(troubles.TAKING, trouble)
            error = DatabaseError(str(trouble))
        for waiting in some:
            waiting.error = error
            waiting.done.set()


def between() -> contextlib.AbstractContextManager[None]:
    """Keep the committer from its next group, so that what is written in it finds the record store free; keep it short.

    Within a transaction it does nothing: that may hold the very lock for which the committer waits.
    """
    return contextlib.nullcontext() if connection.in_atomic_block else _pen.another()


_committer: Committer | None = None


def start() -> None:
    """Let one thread of this process write for all."""
    global _committer  # noqa: PLW0603 - one process has one
    if _committer is None:
        _committer = Committer()
        _committer.start()


def stop() -> None:
    """Write what is queued; from now on everybody writes for themselves."""
    global _committer  # noqa: PLW0603 - as above
    if _committer is not None:
        _committer.stop()
        _committer = None


def commit(records: Sequence[Packed]) -> None:
    """Return when the records of a request are on the disk, all of them.

    Raises:
        DatabaseError: nothing of it is stored, or that is not known in time.
    """
    if _committer is not None:
        _committer.commit(records)
    else:
        write(records)


def write(records: Sequence[Packed]) -> None:
    """Put records into the inbox in one transaction.

    Raises:
        DatabaseError: none of them is there.
    """
    with transaction.atomic():
        Batch.add_packed(records)
        transaction.on_commit(waking.wake)
    troubles.RECORDS.passed(troubles.TAKING, troubles.HEALTH, troubles.READING)

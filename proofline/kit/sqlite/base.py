"""SQLite for threads that all write: they queue, and those who commit at the same moment share one sync of the log.

SQLite lets one transaction write at a time. Who finds it busy sleeps and asks again, later and later, so that under load the store idles
while all sleep; here the threads of a process wait for their turn. And a commit that is durable syncs the log, for milliseconds in which
nobody else can write; here a transaction commits without that (`synchronous=NORMAL`), gives its turn away, and returns when a sync
that began afterwards is done. So it is on the disk before anybody hears of it, as with `synchronous=FULL`, which holds for statements
outside of transactions. Other processes find the store busy as ever.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations

from proofline.kit.sqlite.syncing import store_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.kit.sqlite.syncing import Store

WRITING = ("INSERT", "UPDATE", "DELETE")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose statements wait for their turn when they write outside of a transaction."""

    store: Store
    patience: float

    def execute(self, query: str, params: Any = None) -> Any:
        """Run a statement."""
        if self.connection.in_transaction or not query.startswith(WRITING):
            return super().execute(query, params)
        with self._turn():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run a statement many times."""
        if self.connection.in_transaction or not query.startswith(WRITING):
            return super().executemany(query, param_list)
        with self._turn():
            return super().executemany(query, param_list)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        mine = self.store.turn.acquire(timeout=self.patience)
        try:
            yield
        finally:
            if mine:
                self.store.turn.release()


class Operations(DatabaseOperations):
    """How values are read."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return a time with its zone; Django looks at its settings for each, and a page of a list reads three hundred."""
        if isinstance(value, datetime) and value.tzinfo is None and self.connection.timezone is UTC:
            return value.replace(tzinfo=UTC)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(base.DatabaseWrapper):
    """A thread's connection. A thread that already writes for many (`sync_alone`) has nothing to share: SQLite syncs its commits."""

    ops_class = Operations

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.shares_syncs = True
        self._has_turn = self._has_begun = False

    def __del__(self) -> None:
        self._give_turn()  # a thread may end within a transaction, which SQLite takes back then

    @property
    def store(self) -> Store:
        """The file, as the threads of this process share it."""
        return store_at(str(self.settings_dict["NAME"]))

    @property
    def patience(self) -> float:
        """Seconds to wait for a turn; after that SQLite is asked all the same."""
        return float(self.settings_dict["OPTIONS"].get("timeout", 5))

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Return a cursor."""
        del name  # SQLite's have none
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        cursor.store, cursor.patience = self.store, self.patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self._has_turn = self.store.turn.acquire(timeout=self.patience)
        self._has_begun = self.shares_syncs
        try:
            if self.shares_syncs:
                self.connection.execute("PRAGMA synchronous=NORMAL")
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # Django's own, as the next ones
        except BaseException:
            self._end()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        is_to_sync = self._has_begun
        self._end()
        if is_to_sync:
            self.store.sync()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()
            self._has_begun = False

    def _end(self) -> None:
        self._give_turn()
        if self._has_begun and self.connection is not None:
            self.connection.execute("PRAGMA synchronous=FULL")
        self._has_begun = False

    def _give_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self.store.turn.release()


def sync_alone(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Let SQLite itself sync what this thread commits: one that writes for many already, as a sync of its own costs it two more statements."""
    own = connections[using]
    if isinstance(own, DatabaseWrapper):
        own.shares_syncs = False

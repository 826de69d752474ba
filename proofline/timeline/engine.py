"""Handles of the columnar store: chDB in this process or a ClickHouse server, by the same client and the same SQL."""

from __future__ import annotations

import os
import threading
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clickhouse_connect.driver.client import Client

MEMORY = 4 * 1024**3
"""Bytes that one query may take before it is stopped, instead of the whole process."""
SESSION = {
    "max_memory_usage": MEMORY,
    "session_timezone": "UTC",
    "max_partitions_per_insert_block": 0,
    "input_format_skip_unknown_fields": 0,
}


class StoreError(RuntimeError):
    """The columnar store does not answer, or refuses what it was asked."""


class ForkedError(StoreError):
    """The process was forked after the store was opened, which chDB does not survive."""


class Engine:
    """The store at an address; every thread gets its own handle."""

    def __init__(self, *, url: str) -> None:
        self.url = url
        self._process = os.getpid()
        self._handles: dict[threading.Thread, Client] = {}
        self._lock = threading.Lock()

    def query(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows; times are aware, in UTC.

        Raises:
            StoreError: the query is wrong or the store does not answer.
            ValueError: a parameter is not bound as `{name:Type}`.
        """
        result = self._asked("query", sql, parameters=bound(sql, parameters))
        return [tuple(row) for row in result.result_rows]

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement that returns nothing.

        Raises:
            StoreError: as `query`.
        """
        self._asked("command", sql, parameters=bound(sql, parameters or {}))

    def insert(self, table: str, lines: bytes) -> None:
        """Insert rows, one JSON object a line; they are on the disk when it returns.

        Raises:
            StoreError: nothing, or not all of it, may be in the store.
        """
        self._asked("raw_insert", table, insert_block=lines, fmt="JSONEachRow")

    def close(self) -> None:
        """Close all handles; only one open handle keeps the engine and its folder busy."""
        with self._lock:
            for handle in self._handles.values():
                handle.close()
            self._handles.clear()

    def _asked(self, verb: str, *words: Any, **named: Any) -> Any:
        from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415 - loads chDB's libraries

        try:
            return getattr(self._handle(), verb)(*words, **named)
        except (ClickHouseError, OSError) as error:
            raise StoreError(str(error)) from error

    def _handle(self) -> Client:
        if os.getpid() != self._process:
            raise ForkedError("The store was opened before this process was forked; start processes by spawning")
        thread = threading.current_thread()
        handle = self._handles.get(thread)
        if handle is None:
            with self._lock:
                for gone in [known for known in self._handles if not known.is_alive()]:
                    self._handles.pop(gone).close()
                handle = self._handles[thread] = self._opened()
        return handle

    def _opened(self) -> Client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas and pyarrow warn of each other's versions
            import clickhouse_connect  # noqa: PLC0415 - chDB is loaded by the process that opens it only

            handle: Client = clickhouse_connect.get_client(dsn=self.url, settings=SESSION, tz_mode="aware")
        return handle


def bound(sql: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters as the store reads them; each has to stand in the SQL as `{name:Type}`.

    Raises:
        ValueError: one does not, so the client would splice its text in.
    """
    for name in parameters:
        if f"{{{name}:" not in sql:
            raise ValueError(f"The parameter {name!r} is not bound in the SQL as {{{name}:Type}}")
    return {name: _readable(value) for name, value in parameters.items()}


def _readable(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    return value

"""Handles of the columnar store: chDB in this process or a ClickHouse server, by the same client and the same SQL."""

from __future__ import annotations

import io
import os
import threading
import uuid
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from proofline.timeline import clustering, remote

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clickhouse_connect.driver.client import Client

T = TypeVar("T")
MEMORY = 4 * 1024**3
"""Bytes that one query may take before it is stopped, instead of the whole process."""
SESSION = {
    "max_memory_usage": MEMORY,
    "session_timezone": "UTC",
    "max_partitions_per_insert_block": 0,
    # Rows are written as they are at hand; what of them is no column is passed over, which costs less than to copy the rest.
    "input_format_skip_unknown_fields": 1,
    "date_time_input_format": "best_effort",
    # A text that looks like a date stays the text that was sent; of a name that comes twice the first counts.
    "input_format_try_infer_dates": 0,
    "input_format_try_infer_datetimes": 0,
    "type_json_skip_duplicated_paths": 1,
    # What the views make of an insert is summed up already; to merge it once more would cost a sixth of the insert.
    "optimize_on_insert": 0,
}


class StoreError(RuntimeError):
    """The columnar store does not answer, or refuses what it was asked."""


class UnavailableError(StoreError):
    """The store does not answer, or is not able to now, whatever was asked; what it did of an insert is not known."""


class NoAnswerError(UnavailableError):
    """The server can't be reached, or the connection was lost before it answered."""


class ForkedError(StoreError):
    """The process was forked after the store was opened, which chDB does not survive."""


class Engine:
    """The store at an address; every thread gets its own handle, and a fresh one after trouble with its connection."""

    def __init__(self, *, url: str, cluster: str = "") -> None:
        """Note the address; `cluster` is the name of the server's cluster, "" for none.

        Raises:
            StoreError: the address can't be read.
        """
        self.url = url
        try:
            self.server = None if url.startswith("chdb:") else remote.Server(url=url)
        except remote.AddressError as error:
            raise StoreError(str(error)) from None
        self._settings = SESSION | (clustering.SETTINGS if cluster else {})
        self._process = os.getpid()
        self._handles: dict[threading.Thread, Client] = {}
        self._doubtful: dict[threading.Thread, str] = {}
        self._lock = threading.Lock()

    def query(self, sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows; times are aware, in UTC.

        Raises:
            StoreError: the query is wrong or the store does not answer.
            ValueError: a parameter is not bound as `{name:Type}`.
        """
        result = self._asked("query", sql, parameters=bound(sql, parameters))
        return [tuple(row) for row in result.result_rows]

    def fetch(self, sql: str, parameters: Mapping[str, Any], fmt: str) -> bytes:
        """Return what a SELECT gives, in a format of the store's.

        Raises:
            StoreError: as `query`.
        """
        found: bytes = self._asked("raw_query", sql, parameters=bound(sql, parameters), fmt=fmt)
        return found

    def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement that returns nothing.

        Raises:
            StoreError: as `query`.
        """
        self._asked("command", sql, parameters=bound(sql, parameters or {}))

    def insert(self, table: str, lines: bytes, fmt: str = "JSONEachRow") -> None:
        """Insert rows, by default one JSON object a line; they are on the disk when it returns.

        Raises:
            UnavailableError: nothing, or not all of it, may be in the store; the same thread is not answered before that is decided.
            StoreError: the store refuses the rows.
        """
        if self.server is None:
            self._asked("raw_insert", table, insert_block=lines, fmt=fmt)
            return
        name = str(uuid.uuid4())
        # As a file, because bytes are sent a second time by the client when a connection is lost, and the rows would be there twice.
        packed = io.BytesIO(_packed(lines))
        try:
            self._asked(
                "raw_insert", table, insert_block=packed, fmt=fmt, compression="lz4", settings={"query_id": name}
            )
        except NoAnswerError:
            self._doubtful[threading.current_thread()] = name
            raise

    def make_database(self, *, cluster: str = "") -> None:
        """Make the database that the address names, when it is missing; on all of the cluster, when there is one.

        Raises:
            StoreError: the server does not answer, or the user has no right to.
        """
        if self.server is not None:
            server = self.server
            self._tried(lambda: server.make_database(settings=self._settings, cluster=cluster))

    def close(self) -> None:
        """Close all handles; only one open handle keeps the engine and its folder busy."""
        with self._lock:
            for handle in self._handles.values():
                handle.close()
            self._handles.clear()

    def _asked(self, verb: str, *words: Any, **named: Any) -> Any:
        if self._doubtful:
            self._decide()
        return self._tried(lambda: getattr(self._handle(), verb)(*words, **named))

    def _decide(self) -> None:
        """Make sure that this thread's last insert, whose answer got lost, is done or never will be."""
        thread = threading.current_thread()
        if name := self._doubtful.get(thread):
            self._tried(lambda: self._handle().query("SELECT 1", settings={"query_id": name}))
            self._doubtful.pop(thread)

    def _tried(self, ask: Callable[[], T]) -> T:
        from clickhouse_connect.driver.exceptions import ClickHouseError  # noqa: PLC0415 - loads chDB's libraries
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - as above

        try:
            return ask()
        except (ClickHouseError, HTTPError, OSError) as error:
            code = remote.code_of(error)
            if self.server is None:
                raise (UnavailableError if code in remote.NOT_NOW else StoreError)(str(error)) from error
            if code is None:
                self._drop()
                raise NoAnswerError(self.server.sentence(error)) from None
            raise (UnavailableError if code in remote.NOT_NOW else StoreError)(self.server.sentence(error)) from None

    def _drop(self) -> None:
        """Give up this thread's handle; the next one connects anew."""
        handle = self._handles.pop(threading.current_thread(), None)
        if handle is not None:
            handle.close()

    def _handle(self) -> Client:
        if os.getpid() != self._process:
            raise ForkedError("The store was opened before this process was forked; start processes by spawning")
        thread = threading.current_thread()
        handle = self._handles.get(thread)
        if handle is None:
            opened = self._opened()
            with self._lock:
                for gone in [known for known in self._handles if not known.is_alive()]:
                    self._handles.pop(gone).close()
                    self._doubtful.pop(gone, None)
                handle = self._handles[thread] = opened
        return handle

    def _opened(self) -> Client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas and pyarrow warn of each other's versions
            if self.server is not None:
                return self.server.open(settings=self._settings)
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


def _packed(lines: bytes) -> bytes:
    """Return the rows as lz4, which the client uses itself: a tenth on the wire for little work."""
    from clickhouse_connect.driver.compression import Lz4Compressor  # noqa: PLC0415 - loads chDB's libraries

    compressor: Any = Lz4Compressor  # has no types
    return bytes(compressor().compress_block(lines))

"""The columnar store, for whoever asks: `query(sql, parameters)`. Who owns the folder is found out here and nowhere else.

With `EVENTS_URL=chdb:///…` the first process that needs the store owns it until it ends, and every other process asks the owner
over a socket; when the owner ends, the next one that needs it takes over. With `https://…` every process talks to the server.
"""

from __future__ import annotations

import atexit
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from proofline.timeline import clustering, schema
from proofline.timeline.engine import Engine, StoreError, UnavailableError
from proofline.timeline.owner import Asker, LostError, Owner, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Door = Engine | Asker

T = TypeVar("T")
SECONDS_TO_FIND = 30.0
IDS_AT_A_TIME = 3_000
"""So many ids of events fit into one parameter: a server reads 128 KB of it (`http_max_field_value_size`)."""
_lock = threading.RLock()
_owner: Owner | None = None
_asker: Asker | None = None
_server: Engine | None = None
_failed: tuple[float, StoreError] | None = None

__all__ = [
    "StoreError",
    "UnavailableError",
    "changed",
    "check",
    "clear",
    "close",
    "command",
    "insert",
    "is_owner",
    "is_used",
    "own",
    "query",
]


def query(sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a SELECT; values come in as bound parameters, `{name:Type}`, only.

    Raises:
        StoreError: the SQL is wrong, or the store does not answer.
        ValueError: a parameter does not stand in the SQL.
    """
    return _retried(lambda door: door.query(sql, parameters or {}))


def fetch(sql: str, parameters: Mapping[str, Any] | None = None, *, fmt: str = "RowBinary") -> bytes:
    """Return what a SELECT gives in one of the store's own formats, for much at once.

    Raises:
        StoreError: as `query`.
    """
    return _retried(lambda door: door.fetch(sql, parameters or {}, fmt))


def command(sql: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Run a statement that may run twice without harm.

    Raises:
        StoreError: as `query`.
    """
    _retried(lambda door: door.command(sql, parameters))


def insert(table: str, lines: bytes) -> None:
    """Insert rows, one JSON object a line; durable when it returns.

    Raises:
        UnavailableError: it is not the rows' fault; what is in the store now is not known, look before inserting again.
        StoreError: as above, or the rows are refused.
    """
    if table not in schema.TABLES:
        raise StoreError(f"There is no table {table!r}")
    try:
        _door().insert(table, lines)
    except LostError as error:
        raise UnavailableError("The process that owns the store went away during an insert") from error


def changed(table: str) -> str:
    """Return the table as statements name it that change rows in place: TRUNCATE, ALTER, DELETE FROM, OPTIMIZE."""
    return clustering.changed(table, cluster=settings.EVENTS_CLUSTER)


def check() -> None:
    """Write a row and read it back.

    Raises:
        StoreError: the store can't be written or read.
    """
    now = timezone.now()
    number = time.time_ns()
    insert("probe", b'{"at":"%s","number":%d}' % (now.strftime("%Y-%m-%d %H:%M:%S.%f").encode(), number))
    # Of several checks at the same moment only the last one's row may be left.
    if query("SELECT count() FROM probe WHERE number >= {number:UInt64}", {"number": number}) == [(0,)]:
        raise StoreError("The columnar store did not give back what was written")


def clear() -> None:
    """Empty the store, as before a rebuild."""
    for table in schema.TABLES:
        command(f"TRUNCATE TABLE {changed(table)}")


def own() -> bool:
    """Become the owner of the folder if nobody is; tell whether this process is (always so with a server)."""
    return isinstance(_door(), Engine)


def is_used() -> bool:
    """Tell whether anything is in the store."""
    return query("SELECT (SELECT count() FROM events) + (SELECT count() FROM people)") != [(0,)]


def is_owner() -> bool:
    """Tell whether this process owns the folder."""
    return _owner is not None


def close() -> None:
    """Let go of the store; another process may own it from now on."""
    global _owner, _asker, _server  # noqa: PLW0603 - a process has one door to the store
    with _lock:
        if _owner:
            _owner.close()
        if _server:
            _server.close()
        _owner = _asker = _server = None


def folder() -> Path | None:
    """Return the folder of chDB, None with a server."""
    url = urlsplit(settings.EVENTS_URL)
    return Path(url.path) if url.scheme == "chdb" else None


def _retried(ask: Callable[[Door], T]) -> T:
    ends = time.monotonic() + SECONDS_TO_FIND
    while True:
        try:
            return ask(_door())
        except LostError as error:  # the owner is just ending or starting: it or we will be there in a moment
            if time.monotonic() > ends:
                raise StoreError("Another process owns the store but does not answer") from error
            time.sleep(0.05)


def _door() -> Door:
    """Return the way to the store as things are now: our own engine, a server's, or the owner's socket."""
    found = _owner.engine if _owner else _server
    if found:
        return found
    came = time.monotonic()
    with _lock:
        path = folder()
        return _to_server(came) if path is None else _to_folder(path)


def _to_server(came: float) -> Door:
    """Return the server; who waited while another thread found it out of reach is told so at once."""
    global _server, _failed  # noqa: PLW0603 - a process has one door to the store
    if _server is None:
        if _failed and _failed[0] > came:
            raise type(_failed[1])(str(_failed[1]))
        try:
            engine = Engine(url=settings.EVENTS_URL, cluster=settings.EVENTS_CLUSTER)
            engine.make_database(cluster=settings.EVENTS_CLUSTER)
            _lay_out(engine)
        except StoreError as error:
            _failed = time.monotonic(), error
            raise
        _server = engine
        atexit.register(close)
    return _server


def _to_folder(path: Path) -> Door:
    global _owner, _asker  # noqa: PLW0603 - a process has one door to the store
    if _owner:
        return _owner.engine
    if settings.EVENTS_CLUSTER:
        raise StoreError("EVENTS_CLUSTER names a cluster, so EVENTS_URL has to name one of its ClickHouse servers")
    place = Place(store=path)
    lock = place.claim()
    if lock is None:
        _asker = _asker or Asker(place=place)
        return _asker
    owner = Owner(place=place, lock=lock, url=f"chdb://{path}")
    try:
        _lay_out(owner.engine)
    except BaseException:
        owner.close()
        raise
    owner.start()
    _owner = owner
    atexit.register(close)
    return owner.engine


def _lay_out(engine: Engine) -> None:
    """Make what is missing; what has an older form is dropped, for it can be made anew from the inbox.

    Raises:
        StoreError: the store does not answer, or the user has no right to.
    """
    cluster = settings.EVENTS_CLUSTER
    tables = schema.TABLES | schema.views()
    if engine.query(schema.OUTDATED, {}) != [(0,)]:
        for statement in clustering.dropping(reversed(tables), cluster=cluster):
            engine.command(statement)
    [(database,)] = engine.query("SELECT currentDatabase()", {})
    for statement in clustering.statements(tables.items(), cluster=cluster, database=database):
        engine.command(statement)

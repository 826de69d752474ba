"""Events as Parquet for other tools: flat columns, in the order of time, with who is who now.

Whoever exports writes the file; what is in it comes from the process that owns the store, a slice at a time.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from proofline.timeline import parquet, store
from proofline.timeline.query.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    Progress = Callable[[int, int], object]

ROWS_A_SLICE = 100_000
FIRST_ID = "00000000-0000-0000-0000-000000000000"
DAYS = """
SELECT toDate32(at) AS day, count() FROM events
WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)} GROUP BY day ORDER BY day
"""
WORDS = ("kind", "event", "subject_kind", "source", "flag")
NUMBERS = ("person", "contact", "account", "user", "subject")
TIMES = ("at", "received")
TEXTS = ("properties", "context")
COLUMNS = (
    *("id", "at", "received", "kind", "event", "person", "contact", "account", "user"),
    *("subject_kind", "subject", "source", "flag", "properties", "context"),
)


def nobody(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


class Slice(NamedTuple):
    """A stretch of days with the number of its events."""

    first: date
    last: date
    events: int


@dataclass
class Exported:
    """What was written."""

    events: int = 0
    files: list[Path] = field(default_factory=list)
    expected: int = 0
    """How many events there were at the beginning."""
    progress: Progress = nobody

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.files)

    def tell(self) -> None:
        """Tell how far it is."""
        self.progress(self.events, max(self.events, self.expected))


def export(*, start: datetime, end: datetime, out: Path, progress: Progress = nobody) -> Exported:
    """Write the events of [start, end) into `out`: one file when its name ends with .parquet, else a folder with a file a month (UTC).

    Args:
        start: the first moment that counts.
        end: the first one that does not.
        out: where to.
        progress: is called with the number of events written, and of all that there were at the beginning.

    Raises:
        StoreError: the store does not answer.
        OSError: it can't be written; no part of a file is left.
    """
    slices = list(_slices(start=start, end=end))
    found = Exported(expected=sum(one.events for one in slices), progress=progress)
    found.tell()
    if out.suffix == ".parquet":
        _write(out, slices, start=start, end=end, found=found)
        return found
    out.mkdir(parents=True, exist_ok=True)
    for month in sorted({one.first.strftime("%Y-%m") for one in slices}):
        some = [one for one in slices if one.first.strftime("%Y-%m") == month]
        _write(out / f"events-{month}.parquet", some, start=start, end=end, found=found)
    return found


def _slices(*, start: datetime, end: datetime) -> Iterator[Slice]:
    """Yield stretches of days of a month that have few enough events to be read at once, or are one day."""
    one: Slice | None = None
    for day, events in store.query(DAYS, {"from": start, "to": end}):
        if one and one.events + events <= ROWS_A_SLICE and (one.first.year, one.first.month) == (day.year, day.month):
            one = Slice(one.first, day, one.events + events)
            continue
        if one:
            yield one
        one = Slice(day, day, events)
    if one:
        yield one


def _write(out: Path, slices: list[Slice], *, start: datetime, end: datetime, found: Exported) -> None:
    schema = _schema()
    with parquet.writing(out, schema=schema, sparing=WORDS) as writer:
        for one in slices:
            for table in _tables(one, start=start, end=end):
                writer.write_table(table.cast(schema))
                found.events += table.num_rows
                found.tell()
    found.files.append(out)


def _tables(one: Slice, *, start: datetime, end: datetime) -> Iterator[Any]:
    """Yield a slice's events, sorted by time and id, in one table unless it is a day with very many."""
    from pyarrow import ipc  # noqa: PLC0415 - takes a moment, and most processes never need it

    asked: dict[str, Any] = {"from": start, "to": end, "first": str(one.first), "last": str(one.last)}
    after: tuple[Any, str] = (start, FIRST_ID)
    while True:
        asked |= {"after_at": after[0], "after_id": after[1], "most": ROWS_A_SLICE}
        with ipc.open_stream(store.fetch(_sql(), asked, fmt="ArrowStream")) as stream:
            table = stream.read_all()
        if table.num_rows:
            yield table
        if table.num_rows < ROWS_A_SLICE:
            return
        after = table["at"][-1].as_py(), table["id"][-1].as_py()


def _sql() -> str:
    who = Identity("events")
    now = {"person": who.person, "contact": who.contact, "account": who.account, "id": "toString(events.id)"}
    now |= {name: f"toString(events.{name})" for name in WORDS}
    now |= {name: f"toJSONString(events.{name})" for name in TEXTS}
    columns = ", ".join(f"{now.get(name, f'events.{name}')} AS {name}" for name in COLUMNS)
    return (
        f"SELECT {columns} FROM {who.source} "
        "WHERE events.at >= {from:DateTime64(3)} AND events.at < {to:DateTime64(3)} "
        "AND toDate32(events.at) BETWEEN {first:Date32} AND {last:Date32} "
        "AND (events.at, events.id) > ({after_at:DateTime64(3)}, {after_id:UUID}) "
        "ORDER BY events.at, events.id LIMIT {most:UInt32}"
    )


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415 - as above

    kinds = dict.fromkeys(TIMES, pa.timestamp("ms", tz="UTC")) | dict.fromkeys(NUMBERS, pa.uint64())
    return pa.schema([pa.field(name, kinds.get(name, pa.string()), nullable=False) for name in COLUMNS])

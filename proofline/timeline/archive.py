"""The archive: batches that are old, in Parquet files by month of receipt, in the order in which they came.

A file is whole and on the disk before the transaction begins that notes it and takes its batches out of the inbox. So a batch is in one
place, whenever the process dies; a file that nobody noted is swept away. Who writes or rewrites files has the turn "keeping".
"""

from __future__ import annotations

import itertools
import logging
from datetime import UTC
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from proofline.timeline import parquet
from proofline.timeline.models import ArchiveFile, Batch
from proofline.timeline.models.inbox import pack, unpack
from proofline.timeline.parquet import Row
from proofline.timeline.reading import Pending
from proofline.timeline.store import StoreError
from proofline.timeline.turns import turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

log = logging.getLogger(__name__)
MOST_ROWS = 20_000
MOST_BYTES = 64 * 1024 * 1024
"""So many batches, or bytes as the inbox packs them, go into one file and leave the inbox in one transaction."""
CHUNK = 500
KEEPING = "keeping"
FACTS = frozenset({Batch.Kind.FACTS, Batch.Kind.HISTORY})
"""Kinds of batches that are the sale's own records, not what customers' users did."""


class DamagedError(StoreError):
    """A file of the archive is missing, or is not what was written."""


def folder() -> Path:
    """Return where the files are."""
    found: Path = settings.DATA_DIR / "archive"
    return found


def archive(*, now: datetime) -> int:
    """Move what is older than `INBOX_DAYS`, and projected and heard, from the inbox into files; return how many batches.

    Raises:
        BusyError: somebody else changes the archive, and does not come to an end.
    """
    if settings.INBOX_DAYS is None:
        return 0
    moved = 0
    with turn(KEEPING):
        sweep()
        while due := list(_due(before=now - settings.INBOX_DAYS)):
            if not _move(due, now=now):
                break
            moved += len(due)
    return moved


def _due(*, before: datetime) -> Iterator[Pending]:
    """Yield the batches of the next file: the first in the inbox, up to one that is not due or came in a later month.

    They leave in their order, so every batch of the archive came before every batch of the inbox.
    """
    size, month = 0, ""
    rows = Batch.objects.order_by("pk").values_list(
        "pk", "kind", "source", "received_at", "count", "body", "projected_at", "reacted_at"
    )
    for row in rows[:MOST_ROWS].iterator(chunk_size=100):
        batch, projected_at, reacted_at = Pending(row[0], row[1], row[2], row[3], row[4], bytes(row[5])), row[6], row[7]
        if batch.received_at >= before or projected_at is None or reacted_at is None:
            return
        month, size = month or _month(batch.received_at), size + len(batch.body)
        if _month(batch.received_at) > month or MOST_BYTES < size != len(batch.body):
            return
        yield batch


def _month(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m")


def _move(due: list[Pending], *, now: datetime) -> bool:
    """Write a file, then note it and delete its batches in one transaction; False when the store is being made anew meanwhile."""
    name = f"{_month(due[0].received_at)}/{due[0].pk:012d}-{due[-1].pk:012d}.parquet"
    noted = write(name, map(_row, due), now=now)
    with turn("round"), transaction.atomic():
        if Batch.objects.pending().filter(pk__lte=noted.last)[:1].exists():
            (folder() / name).unlink()
            return False
        noted.save(force_insert=True)
        for start in range(0, len(due), CHUNK):
            Batch.objects.filter(pk__in=[batch.pk for batch in due[start : start + CHUNK]]).delete()
    return True


def _row(batch: Pending) -> Row:
    try:
        body = unpack(batch.body)
    except Exception:  # noqa: BLE001 - what can't be unpacked is kept as it is; it is in quarantine
        body = batch.body
    return Row(batch.pk, batch.kind, batch.source, batch.received_at, batch.count, body)


def write(name: str, rows: Iterable[Row], *, now: datetime) -> ArchiveFile:
    """Write a file of at least one batch; return what is to be noted of it."""
    written: list[Row] = []

    def noted() -> Iterator[Row]:
        for row in rows:
            written.append(row._replace(body=b""))
            yield row

    path = folder() / name
    parquet.write_batches(path, noted())
    return ArchiveFile(
        name=name,
        first=written[0].id,
        last=written[-1].id,
        received_from=min(row.received_at for row in written),
        received_to=max(row.received_at for row in written),
        behaviour_from=min((row.received_at for row in written if row.kind not in FACTS), default=None),
        rows=len(written),
        events=sum(row.events for row in written),
        size=path.stat().st_size,
        sha256=parquet.digest(path),
        projected_to=written[-1].id,
        written_at=now,
    )


def rewrite(file: ArchiveFile, rows: Iterable[Row], *, now: datetime, noted: Callable[[], object] = bool) -> None:
    """Put a file with these rows in another one's place, or nothing when there are none; `noted` is called in the same transaction.

    Raises:
        BusyError: the projector does not come to the end of a round.
    """
    rows = iter(rows)
    first = next(rows, None)
    known = folder() / file.name
    made = None
    if first is not None:
        base, _dot, turns = file.name.removesuffix(".parquet").partition("~")
        name = f"{base}~{int(turns or 0) + 1}.parquet"
        made = write(name, itertools.chain([first], rows), now=now)
    with turn("round"), transaction.atomic():
        file.refresh_from_db()
        file.delete()
        if made is not None:
            made.projected_to = min(made.last, file.projected_to)
            made.save(force_insert=True)
        noted()
    known.unlink(missing_ok=True)
    parquet.sync(known.parent)


def pending(row: Row, *, body: bytes = b"") -> Pending:
    """Return a row as the projector reads batches; without its body when only the rest is asked for."""
    return Pending(row.id, row.kind, row.source, row.received_at, row.events, body)


def read(file: ArchiveFile, *, after: int = 0) -> Iterator[Row]:
    """Yield a file's batches behind the one with that id, in order.

    Raises:
        DamagedError: it can't be read, or is not what was written.
    """
    path = folder() / file.name
    try:
        if parquet.digest(path) != file.sha256:
            raise DamagedError(f"{path} is not the file that was written into the archive")
        yield from parquet.batches(path, after=after)
    except OSError as error:
        raise DamagedError(f"{path} can't be read: {error}") from error


def sweep() -> None:
    """Delete files that nobody noted: their writer was killed, or their batches are in a newer file."""
    known = set(ArchiveFile.objects.values_list("name", flat=True))
    for path in folder().rglob("*"):
        if path.is_file() and path.relative_to(folder()).as_posix() not in known:
            log.warning("Nothing in the archive is known of %s, so it is deleted", path)
            path.unlink(missing_ok=True)


class Replay:
    """The archive's way back into the columnar store when that is made anew: a load of batches at a time, in order."""

    def __init__(self) -> None:
        self._file: ArchiveFile | None = None
        self._rows: Iterator[Row] = iter(())
        self._loads: dict[int, ArchiveFile] = {}

    def begin(self) -> None:
        """Go on where the last round ended, or where it is marked when anything changed meanwhile."""
        due = ArchiveFile.objects.pending().first()
        known, self._loads = self._file, {}
        if not (due and known and (due.sha256, due.projected_to) == (known.sha256, known.projected_to)):
            self._open(due)

    def forget(self) -> None:
        """Go on where it is marked, because it is not certain what the store took."""
        self._open(None)

    def load(self, *, events: int, batches: int) -> list[Pending]:
        """Return the next batches that the store does not have, none when it has all that is in the archive.

        Raises:
            DamagedError: a file can't be read.
        """
        found: list[Pending] = []
        count = 0
        while len(found) < batches and count < events:
            row = next(self._rows, None)
            if row is not None:
                found.append(pending(row, body=pack(row.body)))
                count += row.events
            elif found or self._file is None:
                break
            else:
                self._open(ArchiveFile.objects.pending().filter(first__gt=self._file.last).first())
        if found and self._file:
            self._loads[found[-1].pk] = self._file
        return found

    def landed(self, last: int) -> None:
        """Mark that the store has everything up to this batch, which was the last of a load."""
        if file := self._loads.pop(last, None):
            file.mark_projected(to=last)

    def _open(self, file: ArchiveFile | None) -> None:
        self._file = file
        self._rows = read(file, after=file.projected_to) if file else iter(())

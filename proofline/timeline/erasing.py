"""Erasing a person: nothing that they did, and nothing by which they could be known, stays in inbox, archive, store and feeds.

What the sale did (facts) stays, without them. What comes later with the same keys is somebody new. The erasure is noted first and
marked as done last; killed in between, it is done again from the beginning, which harms nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection, transaction

from proofline.timeline import archive, bodies, emptying, forgetting, identity, waking
from proofline.timeline.archive import KEEPING
from proofline.timeline.models import ArchiveFile, Batch, Erasure, Person, PersonKey
from proofline.timeline.models.inbox import pack, unpack
from proofline.timeline.reading import Pending
from proofline.timeline.traces import Traces
from proofline.timeline.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from proofline.timeline.parquet import Row

FIELDS = ("pk", "kind", "source", "received_at", "count", "body")
CHUNK = 100
SECONDS_TO_WAIT = 3600.0
TIMES_TO_TRY = 10


class NobodyError(LookupError):
    """Nobody is known by this key."""


@dataclass
class Found:
    """Where somebody was found."""

    files: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    looked_to: int = 0
    """The last batch of the inbox that was looked at."""


def find(*, user: str | None = None, email: str | None = None, anonymous: str | None = None) -> int:
    """Return the id of the canonical person of a key.

    Raises:
        NobodyError: nobody is known by it.
    """
    for kind, key in identity.normal(anonymous=anonymous, user=user, email=email).items():
        found = PersonKey.objects.filter(kind=kind, key=key).values_list("person", flat=True).first()
        if found:
            return identity.canonical(found)
    raise NobodyError(f"Nobody is known as {user or email or anonymous}")


def begin(*, person: int, by: int | None, now: datetime) -> Erasure:
    """Note that a person, with all who became them, is to be erased; `finish` does it.

    Raises:
        Person.DoesNotExist: there is no such person, or nothing of them any more.
    """
    found = Person.objects.get(pk=person, erased_at=None)
    return Erasure.begin(person=found.canonical_id or found.pk, by=by, now=now)


def erase(*, person: int, by: int | None, now: datetime) -> Erasure:
    """Erase a person with all who became them; return what was removed.

    Raises:
        Person.DoesNotExist: there is no such person, or nothing of them any more.
        BusyError: somebody else changes the archive; it is noted and will be done.
        StoreError: the store does not answer; as well.
    """
    erasure = begin(person=person, by=by, now=now)
    finish(erasure, now=now)
    return erasure


def finish(erasure: Erasure, *, now: datetime) -> None:
    """Do what was noted.

    Raises:
        BusyError: somebody else changes the archive, and does not come to an end.
        StoreError: the store does not answer.
    """
    with turn(KEEPING, wait=SECONDS_TO_WAIT):
        erasure.refresh_from_db()
        for _attempt in range(TIMES_TO_TRY):
            if erasure.done_at or _done(erasure, now=now):
                break
    waking.wake()
    sweep_log()


def _done(erasure: Erasure, *, now: datetime) -> bool:
    """Erase; False when the person became more meanwhile, so that it has to be done again."""
    from proofline.timeline import projector  # noqa: PLC0415 - it loads NumPy, which every command would have to load

    traces = Traces.of(erasure.person)
    found = _looked_for(erasure, traces)
    for file in ArchiveFile.objects.filter(pk__in=found.files).in_order():
        _rewrite_file(file, erasure, traces, now=now)
    with projector.quiet():
        _rewrite_inbox(found, erasure, traces)
        forgetting.in_store(erasure, traces)
        with transaction.atomic():
            if Traces.of(erasure.person) != traces:
                return False
            emptying.in_records(erasure, traces, now=now)
            erasure.finish(now=now)
    return True


def _looked_for(erasure: Erasure, traces: Traces) -> Found:
    """Look through archive and inbox; note which events of others name the person before anything is rewritten."""
    found = Found()
    for file in ArchiveFile.objects.in_order():
        altered = [
            done.altered
            for row in archive.read(file)
            if (done := bodies.without(traces, archive.pending(row), row.body))
        ]
        if altered:
            found.files.append(file.pk)
            erasure.note(one for some in altered for one in some)
    newest = Batch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for batch in _inbox(after=0, to=newest):
        found.looked_to = batch.pk
        if done := bodies.without(traces, batch, _body(batch)):
            found.batches.append(batch.pk)
            erasure.note(done.altered)
    return found


def _rewrite_file(file: ArchiveFile, erasure: Erasure, traces: Traces, *, now: datetime) -> None:
    removed = 0

    def left() -> Iterator[Row]:
        nonlocal removed
        for row in archive.read(file):
            done = bodies.without(traces, archive.pending(row), row.body)
            removed += done.removed if done else 0
            if done is None:
                yield row
            elif done.body:
                yield row._replace(body=done.body, events=done.left)

    archive.rewrite(file, left(), now=now, noted=lambda: erasure.count("archive", removed))


def _rewrite_inbox(found: Found, erasure: Erasure, traces: Traces) -> None:
    """Rewrite the batches where the person was found, and those that came since; the projector waits."""
    for start in range(0, len(found.batches), CHUNK):
        _rewrite(_read(Batch.objects.filter(pk__in=found.batches[start : start + CHUNK])), erasure, traces)
    _rewrite(_inbox(after=found.looked_to), erasure, traces)


def _rewrite(batches: Iterable[Pending], erasure: Erasure, traces: Traces) -> None:
    for batch in batches:
        done = bodies.without(traces, batch, _body(batch))
        if done is None:
            continue
        erasure.note(done.altered)
        with transaction.atomic():
            rows = Batch.objects.filter(pk=batch.pk)
            rows.update(body=pack(done.body), count=done.left) if done.body else rows.delete()
            if done.removed:
                erasure.count("inbox", done.removed)


def _inbox(*, after: int, to: int | None = None) -> Iterator[Pending]:
    wanted = Batch.objects.order_by("pk") if to is None else Batch.objects.filter(pk__lte=to).order_by("pk")
    while some := list(_read(wanted.filter(pk__gt=after)[:CHUNK])):
        after = some[-1].pk
        yield from some


def _read(batches: object) -> Iterator[Pending]:
    for row in batches.values_list(*FIELDS):  # type: ignore[attr-defined]  # a queryset
        yield Pending(row[0], row[1], row[2], row[3], row[4], bytes(row[5]))


def _body(batch: Pending) -> bytes:
    try:
        return unpack(batch.body)
    except Exception:  # noqa: BLE001 - it is in quarantine because it can't be unpacked, and is searched as it is
        return batch.body


def sweep_log() -> None:
    """Move what SQLite still has in its write-ahead log into the file, where deleted rows are overwritten; empty the log."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

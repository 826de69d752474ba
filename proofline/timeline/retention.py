"""Letting go of what is older than `RETENTION`: events leave inbox, archive, store and daily tables; facts of the sale stay.

The line is drawn at the beginning of a day in the company's time zone, so that daily rows are either kept or not. Uploaded history that is
older than that leaves too, within a day of its arrival. In the store the rows are hidden at once; from its files they go when it merges
them, at the latest on the first of a month, for that rewrites much.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from django.conf import settings
from django.db import transaction

from proofline.kit.clock import local_day, start_of_day
from proofline.timeline import archive, bodies, changing, schema, store
from proofline.timeline.archive import FACTS, KEEPING
from proofline.timeline.models import ArchiveFile, Batch, Quarantined
from proofline.timeline.models.inbox import pack
from proofline.timeline.reading import Pending
from proofline.timeline.segment import RefusedError, ahead, decode, happened, time_or_none
from proofline.timeline.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from proofline.timeline.models.inbox import Read
    from proofline.timeline.parquet import Row

CHUNK = 500
BEHAVIOUR = "kind != 'fact'"


class SentAt(msgspec.Struct, rename="camel"):
    """When a client sent a request, by its own clock."""

    sent_at: str | int | float | None = None


_sent_at = msgspec.json.Decoder(SentAt).decode


@dataclass(frozen=True)
class Line:
    """What happened before `at` goes."""

    at: datetime
    uploads: frozenset[float]
    """When batches came, in seconds since 1970 to the millisecond, that are kept but brought something older."""

    def is_past(self, batch: Read) -> bool:
        """Tell whether all of a batch goes: nothing in it happened after it came."""
        return batch.kind not in FACTS and batch.received_at < self.at

    def is_upload(self, batch: Read) -> bool:
        """Tell whether a part of a batch goes."""
        return batch.kind not in FACTS and round(batch.received_at.timestamp(), 3) in self.uploads

    def rest(self, batch: Pending, body: bytes) -> tuple[bytes, int, int]:
        """Return what stays of a batch, how many messages that is, and how many go."""
        try:
            sent_at = _sent_at(body).sent_at
        except bodies.UNREADABLE:
            return body, batch.count, 0
        ahead_by = ahead(time_or_none(sent_at), received_at=batch.received_at)

        def judge(_position: int, raw: bytes) -> bytes | None:
            try:
                at, _early = happened(decode(raw), received_at=batch.received_at, ahead_by=ahead_by)
            except RefusedError:
                return raw
            return None if at < self.at else raw

        return bodies.replaced(body, judge)


def retain(*, now: datetime) -> int:
    """Let everything go that is older than `RETENTION`; return how many events left the store.

    Raises:
        BusyError: somebody else changes the archive, and does not come to an end.
        StoreError: the store does not answer; the rest goes next time.
    """
    if settings.RETENTION is None:
        return 0
    from proofline.timeline import projector  # noqa: PLC0415 - it loads NumPy, which every command would have to load

    zone = settings.TIME_ZONE
    at = start_of_day(local_day(now - settings.RETENTION, time_zone=zone), time_zone=zone)
    with turn(KEEPING):
        sql = f"SELECT DISTINCT received FROM events WHERE at < {{at:DateTime64(3)}} AND received >= {{at:DateTime64(3)}} AND {BEHAVIOUR}"
        line = Line(at, frozenset(row[0].timestamp() for row in store.query(sql, {"at": at})))
        for file in ArchiveFile.objects.in_order():
            if (file.behaviour_from or now) < at or _has_upload(file, line):
                archive.rewrite(file, _kept(file, line), now=now)
        with projector.quiet():
            _leave_inbox(line)
            gone = _leave_store(at)
            if local_day(now, time_zone=zone).day == 1:
                changing.sweep()
            return gone


def _has_upload(file: ArchiveFile, line: Line) -> bool:
    since, until = file.received_from.timestamp(), file.received_to.timestamp()
    return any(since - 1 <= came <= until + 1 for came in line.uploads)


def _kept(file: ArchiveFile, line: Line) -> Iterator[Row]:
    for row in archive.read(file):
        batch = archive.pending(row)
        if line.is_past(batch):
            continue
        if not line.is_upload(batch):
            yield row
            continue
        body, left, _gone = line.rest(batch, row.body)
        if body:
            yield row._replace(body=body, events=left)


def _leave_inbox(line: Line) -> None:
    """Delete whole batches that are past, rewrite those with uploads; what is not projected yet stays for another day."""
    behaviour = Batch.objects.exclude(kind__in=FACTS).exclude(projected_at=None).exclude(reacted_at=None)
    ids = list(behaviour.filter(received_at__lt=line.at).values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        Batch.objects.filter(pk__in=ids[start : start + CHUNK]).delete()
    Quarantined.objects.filter(received_at__lt=line.at).exclude(kind__in=FACTS).delete()
    if not line.uploads:
        return
    came = behaviour.values_list("pk", "received_at").iterator(chunk_size=5_000)
    some = [pk for pk, received_at in came if round(received_at.timestamp(), 3) in line.uploads]
    for pk in some:
        batch = Batch.objects.get(pk=pk)
        body, left, gone = line.rest(_named(batch), batch.content)
        with transaction.atomic():
            rows = Batch.objects.filter(pk=pk)
            if not body:
                rows.delete()
            elif gone:
                rows.update(body=pack(body), count=left)


def _named(batch: Batch) -> Pending:
    return Pending(batch.pk, batch.kind, batch.source_id, batch.received_at, batch.count, b"")


def _leave_store(at: datetime) -> int:
    found = store.query(f"SELECT count() FROM events WHERE at < {{at:DateTime64(3)}} AND {BEHAVIOUR}", {"at": at})[0][0]
    if found:
        changing.hide("events", f"at < {{at:DateTime64(3)}} AND {BEHAVIOUR}", {"at": at})
    day = local_day(at, time_zone=settings.TIME_ZONE).isoformat()
    for name in schema.DAILIES:
        old = f"day < {{day:Date32}} AND {BEHAVIOUR}"
        if store.query(f"SELECT 1 FROM {name} WHERE {old} LIMIT 1", {"day": day}):
            changing.hide(name, old, {"day": day})
    return int(found)

"""How the timeline is doing: what waits, what is stored, what failed, and whether anybody works on it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Min, Sum
from django.utils import timezone

from proofline.timeline import metering, store
from proofline.timeline.models import ArchiveFile, Batch, Effect, Quarantined

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)
STANDS_STILL = timedelta(minutes=1)
"""So long nothing is projected, with work waiting, before the projector is taken to stand still."""
RECENT = timedelta(minutes=1)
BATCHES_FOR_RATE = 1_000
"""So many of the newest batches tell the rate; when more than that come in a minute, the rate of these."""


@dataclass(frozen=True)
class Waiting:
    """What waits in the inbox: events, since when, and the seconds since then."""

    events: int
    since: datetime | None
    lag_seconds: int


@dataclass(frozen=True)
class Table:
    """A table of the columnar store: rows and bytes on the disk."""

    name: str
    rows: int
    size: int


@dataclass(frozen=True)
class Stored:
    """What the columnar store holds; the times are those of its oldest and newest event."""

    events: int
    oldest: datetime | None
    newest: datetime | None
    tables: Sequence[Table]


def summary() -> dict[str, int]:
    """Return events waiting in the inbox, events in the store, seconds that the oldest waits, events refused, reactions failed.

    Raises:
        StoreError: the store does not answer.
    """
    there = waiting(now=timezone.now())
    return {
        "inbox": there.events,
        "projected": projected(),
        "lag_seconds": there.lag_seconds,
        "quarantined": Quarantined.objects.held().count(),
        "failed_effects": Effect.objects.failed().count(),
    }


def health(*, now: datetime) -> dict[str, int | float | None]:
    """Return what the health check tells of the timeline; "projected" is None when the store does not answer."""
    there = waiting(now=now)
    return {
        "inbox": there.events,
        "projected": projected_or_none(),
        "lag_seconds": there.lag_seconds,
        "quarantined": Quarantined.objects.held().count(),
        "rate": rate(now=now),
    }


def waiting(*, now: datetime) -> Waiting:
    """Return what waits in the inbox, and in the archive while the store is made anew from it."""
    found = Batch.objects.pending().order_by().aggregate(events=Sum("count"), since=Min("received_at"))
    since = found["since"]
    lag = max(0, round((now - since).total_seconds())) if since else 0
    archived = ArchiveFile.objects.pending().order_by().aggregate(events=Sum("events"))["events"] or 0
    return Waiting((found["events"] or 0) + archived, since, lag)


def projected() -> int:
    """Return the events in the store, which it knows without reading them.

    Raises:
        StoreError: the store does not answer.
    """
    return int(store.query("SELECT count() FROM events")[0][0])


def projected_or_none() -> int | None:
    """Return the events in the store, None when it does not answer."""
    try:
        return projected()
    except store.StoreError:
        log.exception("The columnar store does not answer")
        return None


def rate(*, now: datetime) -> float:
    """Return how many events a second came in, over the last minute."""
    newest = Batch.objects.order_by("-pk").values_list("received_at", "count")[:BATCHES_FOR_RATE]
    recent = [(at, count) for at, count in newest if now - at < RECENT]
    if not recent:
        return 0.0
    full = len(recent) == BATCHES_FOR_RATE
    seconds = max((now - min(at for at, _count in recent)).total_seconds(), 1.0) if full else RECENT.total_seconds()
    return round(sum(count for _at, count in recent) / seconds, 1)


def stands_still(*, now: datetime) -> bool:
    """Tell whether nothing was projected for a minute though something waited all that time."""
    oldest = Batch.objects.pending().values_list("pk", "received_at").first()
    if oldest is None:
        return False
    before = Batch.objects.filter(pk__lt=oldest[0]).order_by("-pk").values_list("projected_at", flat=True).first()
    here = metering.figures().worked_at
    worked = datetime.fromtimestamp(here, UTC) if here else None
    since = max(filter(None, (oldest[1], before, worked)))
    return now - since > STANDS_STILL


def stored() -> Stored:
    """Return what the columnar store holds, from what it knows without reading its rows.

    Raises:
        StoreError: the store does not answer.
    """
    ((events, oldest, newest),) = store.query("SELECT count(), min(at), max(at) FROM events")
    parts = store.query(
        "SELECT table, sum(rows), sum(bytes_on_disk) FROM system.parts "
        "WHERE active AND database = currentDatabase() GROUP BY table ORDER BY table"
    )
    tables = [Table(name, int(rows), int(size)) for name, rows, size in parts]
    return Stored(int(events), oldest if events else None, newest if events else None, tables)

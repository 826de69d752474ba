"""How the timeline is doing: what waits, what is stored, what failed, and whether anybody works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from proofline.timeline import metering, store, troubles
from proofline.timeline.models import ArchiveFile, Batch, Effect, Quarantined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.models.inbox import BatchQuerySet

STANDS_STILL = timedelta(minutes=1)
"""So long nothing is projected, with work waiting, before the projector is taken to stand still."""
RECENT = timedelta(minutes=1)
SAMPLE = 2_000
"""So many of the oldest and of the newest batches that wait are counted; of how many lie between them, their ids tell."""
BATCHES_FOR_RATE = 1_000
"""So many of the newest batches tell the rate; when more than that come in a minute, the rate of these."""


@dataclass(frozen=True)
class Waiting:
    """What waits in the inbox: events, since when, and the seconds since then; whether the number of events is an estimate."""

    events: int
    since: datetime | None
    lag_seconds: int
    estimated: bool = False


@dataclass(frozen=True)
class Counted:
    """Some batches: how many, their events, and the ids of the first and the last; zeros when there are none."""

    batches: int
    events: int
    first: int
    last: int


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

    "inbox_estimated" says whether the first of these is an estimate.

    Raises:
        StoreError: the store does not answer.
    """
    there = waiting(now=timezone.now())
    return {
        "inbox": there.events,
        "inbox_estimated": there.estimated,
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
        "inbox_estimated": there.estimated,
        "projected": projected_or_none(),
        "lag_seconds": there.lag_seconds,
        "quarantined": Quarantined.objects.held().count(),
        "rate": rate(now=now),
    }


def waiting(*, now: datetime) -> Waiting:
    """Return what waits in the inbox, and in the archive while the store is made anew from it; a long line costs no more than a short one."""
    since = Batch.objects.pending().values_list("received_at", flat=True).first()
    lag = max(0, round((now - since).total_seconds())) if since else 0
    events, estimated = _pending_events()
    archived = ArchiveFile.objects.pending().order_by().aggregate(events=Sum("events"))["events"] or 0
    return Waiting(events + archived, since, lag, estimated)


def _pending_events() -> tuple[int, bool]:
    """Return how many events wait in the inbox, and whether that is an estimate."""
    pending = Batch.objects.pending()
    oldest = _counted(pending[:SAMPLE])
    if oldest.batches < SAMPLE:
        return oldest.events, False
    newest = _counted(pending.filter(pk__gt=oldest.last).reverse()[:SAMPLE])
    between = newest.first - oldest.last - 1
    events = oldest.events + newest.events
    if newest.batches < SAMPLE or not between:
        return events, False
    return events + round(between * events / (oldest.batches + newest.batches)), True


def _counted(some: BatchQuerySet) -> Counted:
    found = some.aggregate(batches=Count("pk"), events=Sum("count"), first=Min("pk"), last=Max("pk"))
    return Counted(**{name: value or 0 for name, value in found.items()})


def projected() -> int:
    """Return the events in the store, which it knows without reading them.

    Raises:
        StoreError: the store does not answer.
    """
    return int(store.query("SELECT count() FROM events")[0][0])


def projected_or_none() -> int | None:
    """Return the events in the store, None when it does not answer."""
    try:
        found = projected()
    except store.StoreError as error:
        troubles.EVENTS.failed(troubles.READING, error)
        return None
    troubles.EVENTS.passed(troubles.READING)
    return found


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

"""The inbox: the log from which everything else on the timeline can be made anew."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

import zstandard
from django.db import connection, models
from django.db.models import Q

from proofline.kit.bulk import insert
from proofline.timeline.models.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

FAST = 1
"""The level of packing: the hot path pays for it, and the archive packs better later."""
ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""How a packed body begins; what is older than that was packed by zlib."""
LARGEST = 64 * 1024 * 1024
"""Bytes of a body unpacked; an import's facts are the largest."""


class Read(Protocol):
    """A batch as far as one has to know it to name its events."""

    @property
    def pk(self) -> int:
        """Its number."""

    @property
    def kind(self) -> str:
        """How to read it."""

    @property
    def source(self) -> int | None:
        """Who sent it, by id."""

    @property
    def received_at(self) -> datetime:
        """When it came."""


@dataclass(frozen=True)
class Packed:
    """A request's messages, ready for the inbox."""

    source_id: int
    received_at: datetime
    count: int
    body: bytes


def pack(body: bytes) -> bytes:
    """Return a body as the inbox keeps it."""
    return zstandard.ZstdCompressor(level=FAST).compress(body)


def unpack(body: bytes) -> bytes:
    """Return what was packed."""
    if body[:4] == ZSTANDARD:
        return zstandard.ZstdDecompressor().decompress(body, max_output_size=LARGEST)
    return zlib.decompress(body)


def wrapped(head: bytes, messages: bytes) -> bytes:
    """Return the JSON object `head` with one field more, `batch`, a list of these messages."""
    between = b"" if head == b"{}" else b","
    return head[:-1] + between + b'"batch":[' + messages + b"]}"


class Kind(models.TextChoices):
    """Where a batch came from and so how to read it."""

    TRACKING = "tracking"
    FACTS = "facts"
    HISTORY = "history"
    """Facts of the past that an import brought: stored and counted, but nothing reacts to them."""
    REPLAY = "replay"
    """Messages tried again out of quarantine: as in a tracking batch, but their `messageId`s are the ids of the events."""


class BatchQuerySet(models.QuerySet["Batch"]):
    """Batches.

    What waits is sorted by its empty mark too, in which only the index of what waits is sorted: PostgreSQL would sometimes rather go
    through the whole inbox in the order of its ids.
    """

    def pending(self) -> Self:
        """Keep what is not yet in the columnar store, in order.

        By a mark, not by the last id that was seen: PostgreSQL's sequences do not commit in order.
        """
        return self.filter(projected_at=None).order_by("projected_at", "pk")

    def unheard(self) -> Self:
        """Keep what is in the columnar store but has not been shown to the reactions yet, in order."""
        return self.filter(reacted_at=None, projected_at__isnull=False).order_by("reacted_at", "pk")


class Batch(models.Model):
    """What one request or one action brought, packed."""

    Kind = Kind

    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    received_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    body = models.BinaryField()
    projected_at = models.DateTimeField(null=True)
    reacted_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["projected_at", "id", "count"], name="batch_waiting", condition=Q(projected_at=None)),
            models.Index(
                fields=["projected_at", "id"],
                name="batch_facts_waiting",
                condition=Q(projected_at=None, kind="facts"),
            ),
            models.Index(fields=["reacted_at", "id"], name="batch_to_hear", condition=Q(reacted_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} ({self.count})"

    @classmethod
    def add(cls, *, kind: str, body: bytes, count: int, received_at: datetime, source: Source | None = None) -> Batch:
        """Put a JSON body of `count` events into the inbox."""
        quiet = kind == Kind.HISTORY or not count
        batch = cls(
            kind=kind,
            source=source,
            received_at=received_at,
            count=count,
            body=pack(body),
            projected_at=None if count else received_at,
            reacted_at=received_at if quiet else None,
        )
        insert(batch)
        return batch

    @property
    def content(self) -> bytes:
        """The JSON that was put in."""
        return unpack(bytes(self.body))

    @classmethod
    def add_packed(cls, records: Iterable[Packed]) -> None:
        """Put many requests' messages into the inbox at once, by the shortest way."""
        adapted = connection.ops.adapt_datetimefield_value
        rows = [
            (cls.Kind.TRACKING.value, one.source_id, adapted(one.received_at), one.count, one.body) for one in records
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO timeline_batch (kind, source_id, received_at, count, body) VALUES (%s, %s, %s, %s, %s)",
                rows,
            )

    @classmethod
    def mark_projected(cls, batches: Iterable[int], *, now: datetime) -> None:
        """Say that the columnar store has them, durably."""
        cls.objects.filter(pk__in=list(batches)).update(projected_at=now)

    @classmethod
    def mark_heard(cls, batches: Iterable[int], *, now: datetime) -> None:
        """Say that each reaction to them has acted or is kept for another try."""
        cls.objects.filter(pk__in=list(batches)).update(reacted_at=now)

"""What became of old batches, and of people who asked to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

PLACES = ("inbox", "archive", "store", "daily", "keys", "quarantined", "effects", "firings", "mentions", "exports")
"""Where something of a person was, and is counted when it is erased: messages, messages, events, daily rows, keys, refused messages, failed
reactions, firings of rules, records that named them, files for others."""


class ArchiveFileQuerySet(models.QuerySet["ArchiveFile"]):
    """Files of the archive."""

    def in_order(self) -> Self:
        """Sort them as their batches came."""
        return self.order_by("first")

    def pending(self) -> Self:
        """Keep those that the columnar store does not have whole, in order."""
        return self.filter(projected_to__lt=F("last")).in_order()


class ArchiveFile(models.Model):
    """A Parquet file with batches that left the inbox. They left in the transaction that wrote this row, so each is in one place."""

    name = models.CharField(max_length=100, unique=True)
    """Its path within the archive's folder."""
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    """Ids of its first and last batch; no other file has any between them."""
    received_from = models.DateTimeField()
    received_to = models.DateTimeField()
    behaviour_from = models.DateTimeField(null=True)
    """When the oldest batch came that is not facts of the sale, None when there is none."""
    rows = models.PositiveIntegerField()
    events = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    """Bytes."""
    sha256 = models.CharField(max_length=64)
    projected_to = models.BigIntegerField()
    """The last of its batches that the columnar store has; as `last` unless the store is being made anew."""
    written_at = models.DateTimeField()

    objects = ArchiveFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["first"], name="archive_in_order")]

    def __str__(self) -> str:
        return self.name

    def mark_projected(self, *, to: int) -> None:
        """Say that the columnar store has its batches as far as this one."""
        type(self).objects.filter(pk=self.pk, projected_to__lt=to).update(projected_to=to)
        self.projected_to = to


class Rebuild(models.Model):
    """That the columnar store is to be emptied and made anew; the row goes in the transaction that marks all as not projected."""

    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rebuild asked for at {self.asked_at:%Y-%m-%d %H:%M}"


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Erasures."""

    def unfinished(self) -> Self:
        """Keep those that did not come to their end yet."""
        return self.filter(done_at=None).order_by("pk")


class Erasure(models.Model):
    """That a person's behaviour was erased, or is being erased as long as `done_at` is empty. It says nothing of who they were."""

    person = models.BigIntegerField(db_index=True)
    """The id of the person who stood for all; nothing else is known of them any more."""
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    """The staff user who asked for it, None for the command line."""
    removed = models.JSONField(default=dict)
    """How much was removed, by place."""
    altered = models.JSONField(default=list)
    """Ids of events of others in which the person was named, until that is done."""
    aside = models.BinaryField(default=b"")
    """Events of others without the person, packed, while they are being put into the columnar store in the place of those with them."""
    done_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], name="erasure_unfinished", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"erasure of person {self.person}"

    @classmethod
    def begin(cls, *, person: int, by: int | None, now: datetime) -> Erasure:
        """Note that a person is to be erased; the one that is on already counts."""
        found = cls.objects.unfinished().filter(person=person).first()
        return found or cls.objects.create(person=person, by=by, at=now, removed=dict.fromkeys(PLACES, 0))

    def count(self, place: str, number: int) -> None:
        """Add to what was removed from a place."""
        self.removed = {**self.removed, place: self.removed.get(place, 0) + number}
        self.save(update_fields=["removed"])

    def count_once(self, place: str, number: int) -> None:
        """Say how much was removed from a place at once; when it has to be done again there is less, and the first number counts."""
        self.count(place, max(0, number - self.removed.get(place, 0)))

    def note(self, altered: Iterable[str]) -> None:
        """Remember events that have to be changed in the store too."""
        more = sorted({*self.altered, *altered})
        if more != self.altered:
            self.altered = more
            self.save(update_fields=["altered"])

    def set_aside(self, rows: bytes) -> None:
        """Keep rows that for a moment may be in no other place; b"" when they are in theirs."""
        self.aside = rows
        self.save(update_fields=["aside"])

    def finish(self, *, now: datetime) -> None:
        """Say that nothing of the person is left."""
        self.altered, self.done_at = [], now
        self.save(update_fields=["altered", "done_at"])

    def numbers(self) -> dict[str, Any]:
        """Return how much was removed, by place."""
        return {place: self.removed.get(place, 0) for place in PLACES}


def unfinished_of(people: Collection[int]) -> Erasure | None:
    """Return the erasure that is on for one of these people, None when there is none."""
    return Erasure.objects.unfinished().filter(person__in=people).first()

"""The quarantine: events that could not be taken in, each with its reason and all that is needed to try it again.

A row stays behind when its event leaves, without what was in it, so that reading the same batch again does not bring it back.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models, transaction
from django.db.models import Count, Q

from proofline.timeline.models import replaying
from proofline.timeline.models.inbox import Batch
from proofline.timeline.models.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.timeline.models.inbox import Read

LONGEST_ERROR, LONGEST_REASON = 1000, 160
PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{27}|\d+(?:[.,:]\d+)*")
"""What of an error belongs to one event: what was quoted from it, and numbers."""
NOTHING = {"payload": b"", "envelope": b"", "error": "", "reason": ""}
"""What is left of an event that left for good; an error may quote from it."""
UNDONE_WITHIN = timedelta(days=1)
"""So long what was discarded can be taken back; then nothing is left of it."""


class Refused(NamedTuple):
    """An event of a batch that could not be taken in; its `id` is the one that it would have had."""

    position: int
    id: str
    error: str
    payload: bytes


class Group(NamedTuple):
    """How many events of a source are in quarantine for the same reason."""

    source: int | None
    reason: str
    events: int


class QuarantinedQuerySet(models.QuerySet["Quarantined"]):
    """Refused events."""

    def held(self) -> Self:
        """Keep what is in quarantine now."""
        return self.filter(left_at=None)

    def emptied(self) -> Self:
        """Keep what left for good: nothing is in it any more."""
        return self.filter(payload=b"", left_at__isnull=False)

    def of(self, *, source: int | None = None, reason: str = "") -> Self:
        """Keep those of a source (0: of none, facts of our own) and of a reason, where these are given."""
        found = self.filter(source=source or None) if source is not None else self
        return found.filter(reason=reason) if reason else found

    def groups(self) -> list[Group]:
        """Return how many there are for each reason and source, the most first."""
        counted = (
            self.order_by()
            .values_list("source_id", "reason")
            .annotate(events=Count("pk"))
            .order_by("-events", "reason")
        )
        return [Group(*row) for row in counted]

    def replay(self, *, by: int, now: datetime) -> int:
        """Put them into the inbox again and out of the quarantine; return how many. What fails again comes back with its new reason.

        What is no JSON object stays: it can only be corrected by hand.
        """
        with transaction.atomic():
            rows = list(
                self.held().select_related("source").select_for_update(skip_locked=True, of=("self",)).order_by("pk")
            )
            gone = replaying.put_back(rows, now=now)
            self._leave(gone, outcome=Quarantined.Outcome.REPLAYED, by=by, now=now, **NOTHING)
        return len(gone)

    def discard(self, *, by: int, now: datetime) -> int:
        """Take them out of the quarantine without trying them again; return how many."""
        old = Quarantined.objects.filter(outcome=Quarantined.Outcome.DISCARDED, left_at__lt=now - UNDONE_WITHIN)
        old.exclude(payload=b"").update(**NOTHING)
        return self.held().update(left_at=now, left_by=by, outcome=Quarantined.Outcome.DISCARDED)

    def restore(self) -> int:
        """Take it back that they were discarded; return how many are in quarantine again."""
        discarded = self.filter(outcome=Quarantined.Outcome.DISCARDED).exclude(payload=b"")
        return discarded.update(left_at=None, left_by=None, outcome="")

    def _leave(self, rows: list[Quarantined], **values: Any) -> None:
        values["left_at"] = values.pop("now")
        values["left_by"] = values.pop("by")
        Quarantined.objects.filter(pk__in=[row.pk for row in rows if not row.is_whole]).update(**values)
        # A batch that is read again as a whole may fail again as a whole, and has to find its place free.
        Quarantined.objects.filter(pk__in=[row.pk for row in rows if row.is_whole]).delete()


class Quarantined(models.Model):
    """An event that could not be taken in; its neighbours passed."""

    class Outcome(models.TextChoices):
        REPLAYED = "replayed"
        DISCARDED = "discarded"

    batch = models.ForeignKey(Batch, on_delete=models.DO_NOTHING, db_constraint=False, related_name="quarantined")
    """Where it came in; the batch itself may have been archived since."""
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Batch.Kind.choices, default=Batch.Kind.TRACKING)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    event_id = models.CharField(max_length=32, blank=True)
    """The id that it would have had, and has when it is tried again; "" when the whole batch could not be read."""
    error = models.TextField()
    reason = models.CharField(max_length=LONGEST_REASON)
    """The error without what is particular to the event: what many have in common."""
    payload = models.BinaryField()
    envelope = models.BinaryField(default=b"{}")
    """What its request said for all its messages (`type`, `context`, `sentAt`), as JSON."""
    at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = QuarantinedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="quarantined_once")]
        indexes = [
            models.Index(fields=["id"], name="quarantined_held", condition=Q(left_at=None)),
            models.Index(fields=["reason", "source", "id"], name="quarantined_reason", condition=Q(left_at=None)),
        ]

    def __str__(self) -> str:
        return self.error

    @property
    def is_whole(self) -> bool:
        """Whether it stands for a batch of which not one event could be told apart."""
        return not self.event_id

    @property
    def is_message(self) -> bool:
        """Whether it is a message that a client sent, which people may correct; facts of the sale are not theirs to change."""
        return not self.is_whole and self.kind in {Batch.Kind.TRACKING, Batch.Kind.REPLAY}

    @property
    def title(self) -> str:
        """The name of the event, else its type, as far as it can be read."""
        return replaying.title(self)

    @property
    def text(self) -> str:
        """The event, for people to read and correct: JSON, with what its request said for all its messages."""
        return replaying.shown(self)

    @staticmethod
    def keep(*, batch: Read, refused: Iterable[Refused], envelope: bytes = b"{}", now: datetime) -> None:
        """Keep refused events of a batch; a second try of the same batch changes nothing."""
        Quarantined.objects.bulk_create(
            [
                Quarantined(
                    batch_id=batch.pk,
                    position=one.position,
                    kind=batch.kind,
                    source_id=batch.source,
                    received_at=batch.received_at,
                    event_id=one.id,
                    error=one.error[:LONGEST_ERROR].replace("\0", ""),
                    reason=reason_of(one.error),
                    payload=one.payload,
                    envelope=envelope,
                    at=now,
                )
                for one in refused
            ],
            ignore_conflicts=True,
        )

    def replay(self, *, by: int, now: datetime, text: str | None = None) -> bool:
        """Try it again, corrected to this JSON when it is given; False when it had left already, or can't be tried as it is.

        Raises:
            ValidationError: the JSON would be refused again.
        """
        if text is not None:
            self.payload, self.envelope = replaying.corrected(self, text), replaying.without_common(self)
            held = Quarantined.objects.held().filter(pk=self.pk)
            with transaction.atomic():
                corrected = held.update(payload=self.payload, envelope=self.envelope)
                return bool(corrected and Quarantined.objects.filter(pk=self.pk).replay(by=by, now=now))
        return bool(Quarantined.objects.filter(pk=self.pk).replay(by=by, now=now))

    def discard(self, *, by: int, now: datetime) -> bool:
        """Take it out of the quarantine without trying it again; False when it had left already."""
        return bool(Quarantined.objects.filter(pk=self.pk).discard(by=by, now=now))

    def restore(self) -> bool:
        """Take it back that it was discarded; False when it was not, or is gone for good."""
        return bool(Quarantined.objects.filter(pk=self.pk).restore())


def reason_of(error: str) -> str:
    """Return what the error has in common with those of other events."""
    return " ".join(PARTICULAR.sub("…", error.replace("\0", "")).split())[:LONGEST_REASON]

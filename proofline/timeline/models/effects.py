"""What reactions did, so that none acts twice on the same event, and what they could not do yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)


class EffectQuerySet(models.QuerySet["Effect"]):
    """Effects."""

    def due(self, *, now: datetime) -> Self:
        """Keep failed ones whose next try is due."""
        return self.filter(done_at=None, next_at__lte=now).order_by("next_at")

    def failed(self) -> Self:
        """Keep the ones that have not come about; without `next_at`, nobody tries any more."""
        return self.filter(done_at=None)


class Effect(models.Model):
    """One reaction to one event. The row of one that came about is written in the effect's own transaction."""

    key = models.CharField(max_length=255, unique=True)
    reaction = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    event = models.BinaryField(default=b"")
    """The event of a failed reaction, to try again with."""
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects = EffectQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="effect_due", condition=Q(done_at=None))]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def claim(cls, key: str, *, reaction: str, now: datetime) -> bool:
        """Write that the effect came about, within its transaction; False when it had already."""
        _effect, made = cls.objects.get_or_create(key=key, defaults={"reaction": reaction, "done_at": now})
        if made:
            return True
        waiting = cls.objects.filter(key=key, done_at=None)
        return bool(waiting.update(done_at=now, next_at=None, event=b"", error=""))

    @classmethod
    def settle(cls, key: str, *, now: datetime) -> None:
        """Say that a failed one found nothing to do when it was tried again."""
        waiting = cls.objects.filter(key=key, done_at=None)
        waiting.update(done_at=now, next_at=None, event=b"", error="")

    @classmethod
    def failed(cls, key: str, *, reaction: str, event: bytes, error: str, now: datetime) -> Self:
        """Keep a reaction that raised, for another try a little later each time."""
        effect, _made = cls.objects.get_or_create(key=key, defaults={"reaction": reaction, "event": event})
        effect.attempts += 1
        effect.error = error[:2000]
        wait = min(FIRST_WAIT * 2 ** (effect.attempts - 1), LONGEST_WAIT)
        effect.next_at = now + wait if effect.attempts < MOST_ATTEMPTS else None
        effect.save(update_fields=["attempts", "error", "next_at"])
        return effect

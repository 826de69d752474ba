"""What watched rules did: one row each time that a rule fired for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import IntegrityError, models, transaction
from django.db.models import Max, Q

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Last(NamedTuple):
    """The last time that a rule fired for somebody."""

    turn: int
    at: datetime


class Firing(models.Model):
    """That a rule fired for a contact, a person or an account, the `turn`-th time for them.

    The row is written in the transaction of its effect. Of two servers that would let the rule fire at once, both would write the
    same turn, and so the second can't.
    """

    rule_key = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    turn = models.PositiveIntegerField()
    at = models.DateTimeField()
    """When the event happened that set it off; its period begins here."""
    event_id = models.CharField(max_length=32)
    fired_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="firing_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_key", "subject_kind", "subject_id", "turn"], name="firing_once_a_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_key} {self.subject_kind} {self.subject_id} {self.turn}"

    @classmethod
    def claim(
        cls, rule_key: str, *, subject: tuple[str, int], turn: int, at: datetime, event_id: str, now: datetime
    ) -> bool:
        """Write that the rule fires, within its effect's transaction; False when somebody else was first."""
        kind, pk = subject
        try:
            with transaction.atomic():
                cls.objects.create(
                    rule_key=rule_key,
                    subject_kind=kind,
                    subject_id=pk,
                    turn=turn,
                    at=at,
                    event_id=event_id,
                    fired_at=now,
                )
        except IntegrityError:
            return False
        return True

    @classmethod
    def last(cls, *, subjects: Iterable[tuple[str, int]]) -> dict[tuple[str, tuple[str, int]], Last]:
        """Return the last firing of each rule for each of the subjects, as far as there is any."""
        wanted: dict[str, list[int]] = {}
        for kind, pk in subjects:
            wanted.setdefault(kind, []).append(pk)
        meant = Q(pk__in=[])
        for kind, pks in wanted.items():
            meant |= Q(subject_kind=kind, subject_id__in=pks)
        each = cls.objects.filter(meant).values("rule_key", "subject_kind", "subject_id")
        rows = each.annotate(turns=Max("turn"), latest=Max("at")).order_by()
        return {
            (row["rule_key"], (row["subject_kind"], row["subject_id"])): Last(row["turns"], row["latest"])
            for row in rows
        }

"""Records that are gone, with what belonged to them still there: it waits, so that a record that is put back has it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class GoneQuerySet(models.QuerySet["Gone"]):
    """Records that are gone."""

    def note(self, kind: str, records: Collection[int], *, now: datetime) -> None:
        """Note that records were found gone; the first time counts."""
        self.bulk_create([Gone(kind=kind, record=pk, since=now) for pk in records], ignore_conflicts=True)

    def are_back(self, kind: str, records: Collection[int]) -> None:
        """Note that records are there."""
        self.filter(kind=kind, record__in=records).delete()


class Gone(models.Model):
    """That a record was found gone, and when first."""

    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    since = models.DateTimeField(db_index=True)

    objects = GoneQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "record"], name="gone_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} ×"

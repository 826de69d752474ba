"""The records that belong to no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from proofline.config.imports.mappings import SavedMapping
from proofline.config.imports.models import Import
from proofline.config.imports.passes import Chunk, Pass
from proofline.config.imports.undoing import Undo

if TYPE_CHECKING:
    from datetime import datetime


__all__ = ["Chunk", "Heartbeat", "Import", "Pass", "SavedMapping", "Undo"]


class Heartbeat(models.Model):
    """When the record store last took a write of the health check; there is one row."""

    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="heartbeat_is_one")]

    def __str__(self) -> str:
        return self.at.isoformat()

    @classmethod
    def beat(cls, *, now: datetime) -> Self:
        """Write the time, for good, and read it back."""
        cls.objects.update_or_create(pk=1, defaults={"at": now})
        return cls.objects.get(pk=1)

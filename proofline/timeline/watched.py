"""What a rule of the rooms above has in common that watches the timeline."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from proofline.timeline.watching import watcher


class WatchedRule(models.Model):
    """A rule that people write: saved or deleted, it counts for all that is projected from then on."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **named: Any) -> None:
        """Save it, and let the projector know when that is committed."""
        super().save(*args, **named)
        transaction.on_commit(watcher.reread)

    def delete(self, *args: Any, **named: Any) -> tuple[int, dict[str, int]]:
        """Delete it, and let the projector know when that is committed."""
        gone = super().delete(*args, **named)
        transaction.on_commit(watcher.reread)
        return gone

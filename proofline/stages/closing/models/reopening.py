"""Taking a win or a loss back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from proofline.records.models import User
from proofline.stages.closing.models.closed import Closable, DealOpenError

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.closing.models.deals import Deal


class Reopenable(Closable):
    """A deal whose win or loss can be taken back."""

    class Meta:
        abstract = True

    def reopen(self, *, by: User | None, now: datetime) -> Reopening:
        """Take the win or the loss back; what had been noted stays in the record of the reopening.

        Raises:
            DealOpenError: the deal is open.
        """
        deal: Deal = self  # type: ignore[assignment]
        with transaction.atomic():
            held = deal.hold()
            if not held.is_closed:
                raise DealOpenError(_("This deal is open already."))
            outcome = held.won if held.state == "won" else held.lost
            done = Reopening.objects.create(deal=deal, by=by, at=now, was=held.state, closed_at=outcome.at)
            outcome.delete()
            deal.refresh_from_db()
            deal.stage_since = now
            deal.save(update_fields=["stage_since"])
            deal.tell("deal.reopened", by=by, at=now, was=done.was, closed_at=done.closed_at.isoformat())
        return done


class Reopening(models.Model):
    """That a closed deal was opened again: by whom, when, and what it had been."""

    deal = models.ForeignKey("closing.Deal", on_delete=models.CASCADE, related_name="reopenings")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    was = models.CharField(max_length=4, choices=[("won", "won"), ("lost", "lost")])
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.deal}: {self.was} → open"

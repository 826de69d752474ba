"""Winning a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.money import CurrencyField, Money, OptionalMoneyProperty
from proofline.records.models import User
from proofline.stages.closing.facts import outcome_properties
from proofline.stages.closing.models.closed import Closable, require_open

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.closing.models.deals import Deal


class Winnable(Closable):
    """A deal that can be won."""

    class Meta:
        abstract = True

    def win(self, *, by: User | None, now: datetime, amount: Money | None = None, reason: str = "") -> Win:
        """Note that the customer bought; of two who do so at once, one wins.

        Without `amount` the deal was won for what it was estimated at.

        Raises:
            DealClosedError: the deal was won or lost before.
        """
        deal: Deal = self  # type: ignore[assignment]
        with transaction.atomic():
            require_open(deal)
            value = amount or deal.value
            win = Win.objects.create(
                deal=deal,
                by=by,
                at=now,
                amount=value.amount if value else None,
                currency=value.currency if value else deal.currency,
                reason=reason,
            )
            deal.tell("deal.won", by=by, at=now, **outcome_properties(deal, at=now, value=value), reason=reason)
        return win


class Win(models.Model):
    """That a deal was won: when, by whom, for how much and why."""

    deal = models.OneToOneField("closing.Deal", on_delete=models.CASCADE, related_name="won")
    at = models.DateTimeField(_("won on"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = CurrencyField(_("currency"))
    reason = models.CharField(_("why we won"), max_length=250, blank=True)

    value = OptionalMoneyProperty("amount", "currency")

    class Meta:
        indexes = [models.Index(fields=["at"], name="win_at")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0), name="win_amount_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.at:%Y-%m-%d}"

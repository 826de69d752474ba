"""Losing a deal, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Competitor, User
from proofline.stages.closing.facts import outcome_properties
from proofline.stages.closing.models.closed import Closable, require_open

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.closing.models.deals import Deal


class LossReason(models.TextChoices):
    """Why customers do not buy."""

    PRICE = "price", _("Too expensive")
    COMPETITOR = "competitor", _("Chose a competitor")
    NO_VALUE = "no_value", _("Value was not proven")
    MISSING = "missing", _("Something was missing in the product")
    TIMING = "timing", _("Not now")
    SILENT = "silent", _("Stopped answering")
    UNKNOWN = "unknown", _("Not known")


class Losable(Closable):
    """A deal that can be lost."""

    class Meta:
        abstract = True

    def lose(
        self,
        *,
        by: User | None,
        now: datetime,
        reason: str = LossReason.UNKNOWN,
        competitor: Competitor | None = None,
        note: str = "",
    ) -> Loss:
        """Note that the customer did not buy, and why.

        Raises:
            DealClosedError: the deal was won or lost before.
        """
        deal: Deal = self  # type: ignore[assignment]
        with transaction.atomic():
            require_open(deal)
            loss = Loss.objects.create(deal=deal, by=by, at=now, reason=reason, competitor=competitor, note=note)
            deal.tell(
                "deal.lost",
                by=by,
                at=now,
                **outcome_properties(deal, at=now, value=deal.value),
                reason=reason,
                competitor=str(competitor or ""),
                competitor_id=competitor and competitor.pk,
            )
        return loss


class Loss(models.Model):
    """That a deal was lost: when, by whom noted, and why."""

    deal = models.OneToOneField("closing.Deal", on_delete=models.CASCADE, related_name="lost")
    at = models.DateTimeField(_("lost on"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("why we lost"), max_length=20, choices=LossReason.choices, default=LossReason.UNKNOWN)
    competitor = models.ForeignKey(
        Competitor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("competitor")
    )
    note = models.CharField(_("note"), max_length=250, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="loss_at")]

    def __str__(self) -> str:
        return f"{self.deal}: {self.get_reason_display()}"

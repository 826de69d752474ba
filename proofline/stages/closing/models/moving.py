"""Moving a deal from stage to stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models, transaction

from proofline.records.models import Change, User
from proofline.stages.closing.models.closed import Closable, require_open
from proofline.stages.closing.models.stages import DealStage

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from proofline.stages.closing.models.deals import Deal


class Movable(Closable):
    """A deal that stands in a stage."""

    class Meta:
        abstract = True

    def move(self: Self, stage: DealStage, *, by: User | None, now: datetime) -> StageMove | None:
        """Move the deal to a stage; None when it stands there already.

        Raises:
            DealClosedError: the deal was won or lost before.
        """
        deal: Deal = self  # type: ignore[assignment]
        with transaction.atomic():
            before = require_open(deal).stage
            if before.pk == stage.pk:
                return None
            move = StageMove.objects.create(deal=deal, from_stage=before, to_stage=stage, at=now, by=by)
            deal.stage, deal.stage_since = stage, now
            deal.save(update_fields=["stage", "stage_since"])
            Change.objects.note(deal, {"stage": (before, stage)}, by=by, at=now)
            deal.tell("deal.moved", by=by, at=now, from_stage=before.name, to_stage=stage.name)
        return move


class StageMove(models.Model):
    """That a deal went from one stage to another, when and by whom."""

    deal = models.ForeignKey("closing.Deal", on_delete=models.CASCADE, related_name="moves")
    from_stage = models.ForeignKey(DealStage, on_delete=models.PROTECT, related_name="+")
    to_stage = models.ForeignKey(DealStage, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["deal", "at"], name="stage_move_deal")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(from_stage=models.F("to_stage")), name="stage_move_moves")
        ]

    def __str__(self) -> str:
        return f"{self.deal}: {self.from_stage} → {self.to_stage}"

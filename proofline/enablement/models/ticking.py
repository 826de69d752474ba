"""That a step was done for a record: by whom and when; and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.enablement.models.steps import Step
from proofline.records.kinds import customer_of
from proofline.records.models import User
from proofline.records.subjects import kind_of
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime


class TickQuerySet(models.QuerySet["Tick"]):
    """Ticks."""

    def of(self, kind: str, record: int) -> Self:
        """Keep those of one record."""
        return self.filter(kind=kind, record=record)


class Tick(models.Model):
    """That a step was done for a record, which is named by kind and number as facts name it."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="ticks")
    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = TickQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook step done")
        constraints = [models.UniqueConstraint(fields=["step", "kind", "record"], name="tick_once")]
        indexes = [models.Index(fields=["kind", "record"], name="tick_of_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.step_id} ✓"


def tick(step: Step, record: Any, *, by: User, now: datetime) -> Tick:
    """Note that a step was done for a record; who ticked it first stands."""
    with transaction.atomic():
        done, first = Tick.objects.get_or_create(
            step=step, kind=kind_of(record), record=record.pk, defaults={"by": by, "at": now}
        )
        if first:
            _tell("step.done", step, record, by=by, now=now)
    return done


def untick(step: Step, record: Any, *, by: User, now: datetime) -> None:
    """Take back that a step was done for a record."""
    with transaction.atomic():
        gone, _rows = Tick.objects.of(kind_of(record), record.pk).filter(step=step).delete()
        if gone:
            _tell("step.undone", step, record, by=by, now=now)


def _tell(fact: str, step: Step, record: Any, *, by: User, now: datetime) -> None:
    account, contact = customer_of(record)
    facts.record(
        fact,
        at=now,
        by=by.pk,
        account=account,
        contact=contact,
        subject=(kind_of(record), record.pk),
        properties={
            "name": str(record),
            "step": step.text,
            "step_id": step.pk,
            "playbook": step.playbook.title,
            "playbook_id": step.playbook_id,
        },
    )

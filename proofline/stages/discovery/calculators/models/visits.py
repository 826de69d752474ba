"""That a calculator was opened, and used: counted, without knowing who it was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from proofline.stages.discovery.calculators.models.calculators import Calculator

if TYPE_CHECKING:
    from datetime import datetime

ONE_VISIT = timedelta(minutes=30)
"""Who comes back within it is on the same visit."""


class CalculatorVisitQuerySet(models.QuerySet["CalculatorVisit"]):
    """Visits."""

    def note(self, calculator: Calculator, *, now: datetime, visitor: str, embedded: bool = False) -> CalculatorVisit:
        """Note that a visitor opened the calculator; again within half an hour is the same visit.

        `visitor` tells visitors of one day apart, and nothing more.
        """
        same = self.filter(calculator=calculator, visitor=visitor, at__gt=now - ONE_VISIT).order_by("-at")
        if (last := same.first()) is not None:  # most often, and without waiting for one's turn to write
            return last
        with transaction.atomic():
            if (last := same.first()) is not None:
                return last
            visit = self.create(calculator=calculator, at=now, visitor=visitor, embedded=embedded)
            calculator.tell("calculator.opened", by=None, at=now, embedded=embedded)
        return visit


class CalculatorVisit(models.Model):
    """That somebody opened a calculator."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="visits")
    visitor = models.CharField(max_length=32)
    at = models.DateTimeField()
    embedded = models.BooleanField()
    """Whether in a page of the company's website."""

    objects: ClassVar[CalculatorVisitQuerySet] = CalculatorVisitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["calculator", "visitor", "-at"], name="calculator_visitor"),
            models.Index(fields=["calculator", "at"], name="calculator_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.calculator}: {self.at:%Y-%m-%d %H:%M}"

    def use(self, *, now: datetime) -> None:
        """Note that they calculated with numbers of their own. A second time changes nothing."""
        if CalculatorUse.objects.filter(visit=self).exists():
            return
        with transaction.atomic():
            _use, first = CalculatorUse.objects.get_or_create(visit=self, defaults={"at": now})
            if first:
                self.calculator.tell("calculator.used", by=None, at=now, embedded=self.embedded)


class CalculatorUse(models.Model):
    """That a visitor calculated with numbers of their own."""

    visit = models.OneToOneField(CalculatorVisit, on_delete=models.CASCADE, related_name="used")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.visit}"

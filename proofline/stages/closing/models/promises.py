"""The promises in a contract: the numbers that are measured after go-live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.records.models import ValueMetric
from proofline.stages.discovery.models import ValueLine

if TYPE_CHECKING:
    from proofline.stages.closing.models.contracts import Contract


class Promise(models.Model):
    """A number that the customer was promised, copied from the agreed value case: it is measured after go-live."""

    contract = models.ForeignKey("closing.Contract", on_delete=models.CASCADE, related_name="promises")
    value_line = models.ForeignKey(ValueLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    metric = models.ForeignKey(ValueMetric, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4)
    promised = models.DecimalField(_("promised"), max_digits=18, decimal_places=4)
    measured_by = models.CharField(_("measured by"), max_length=250, blank=True)
    due_months = models.PositiveSmallIntegerField(_("months after go-live"), default=1)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="promise_position_once_in_contract")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.promised.normalize():f} {self.unit}"

    @classmethod
    def copy_all(cls, contract: Contract) -> list[Self]:
        """Copy the lines of the value case that the deal's customer was promised into promises of the contract."""
        case = contract.deal.agreed_value_case
        lines = case.lines.select_related("metric").order_by("position", "pk") if case else []
        return cls.objects.bulk_create(
            [
                cls(
                    contract=contract,
                    value_line=line,
                    metric=line.metric,
                    name=line.name,
                    unit=line.unit,
                    baseline=line.quantity * line.people,
                    promised=line.promised,
                    measured_by=line.metric.formula if line.metric else "",
                    position=position,
                )
                for position, line in enumerate(lines, 1)
            ]
        )

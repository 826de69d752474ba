"""Lines of a calculator: what is lost, how much of it goes away, and what that is worth; each number asked or fixed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
from proofline.kit.addresses import record_address
from proofline.records.models import Pain, ValueMetric
from proofline.records.models.catalogue import LibraryItem
from proofline.stages.discovery import roi
from proofline.stages.discovery.calculators import asks
from proofline.stages.discovery.calculators.models.calculators import MOST_LINES, SUFFIXES, Calculator
from proofline.stages.discovery.units import Unit, UnitError

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.calculators.asks import Ask

NEEDED = frozenset({"quantity", "people", "improvement"})


class CalculatorLine(LibraryItem):
    """One line. `inputs` are its numbers as `asks.Ask`: quantity, people, improvement, and the rate where the unit is no money."""

    write_area = "discovery"

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="lines")
    metric = models.ForeignKey(
        ValueMetric, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("metric")
    )
    pain = models.ForeignKey(
        Pain, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pain")
    )
    name_en = models.CharField(_("what it is lost to, in English"), max_length=160, blank=True)
    name_zh = models.CharField(_("what it is lost to, in Chinese"), max_length=160, blank=True)
    unit = models.CharField(_("unit"), max_length=40, default="h/week")
    inputs = models.JSONField(default=dict, editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        indexes = [models.Index(fields=["calculator", "position", "id"], name="calculator_line_position")]

    def __str__(self) -> str:
        return self.name_en or self.name_zh

    def get_absolute_url(self) -> str:
        """Return the address where it is changed."""
        return record_address("discovery:calculator_line", self.pk)

    @classmethod
    def add_to(cls, calculator: Calculator, *, by: User | None, now: datetime, **fields: Any) -> CalculatorLine:
        """Add a line at the end of a calculator.

        Raises:
            ValidationError: a field is not valid, its units do not go together, or there are too many lines.
        """
        with transaction.atomic():
            held = Calculator.objects.select_for_update().get(pk=calculator.pk)
            positions = list(held.lines.values_list("position", flat=True))
            if len(positions) >= MOST_LINES:
                raise ValidationError(_("At most %(most)s lines: visitors leave a longer page.") % {"most": MOST_LINES})
            made: CalculatorLine = cls.objects.add(
                by=by, now=now, calculator=held, position=max(positions, default=0) + 1, **fields
            )
        return made

    def clean(self) -> None:
        """Check the names, that each number makes sense, and that the units go together."""
        self.unit = "".join(self.unit.split())
        if not (self.name_en or self.name_zh):
            raise ValidationError({"name_en": _("Write what it is lost to.")})
        found = asks.read(self.inputs)
        if not set(found) >= NEEDED or not set(found) <= set(asks.WHATS):
            raise ValidationError({"inputs": _("A line has quantity, people, improvement and perhaps a rate.")})
        faults = {name: text for what, ask in found.items() for name, text in asks.faults(what, ask).items()}
        if faults:
            raise ValidationError(faults)
        try:
            unit = Unit.parse(self.unit)
            unit.check(currency=self.calculator.currency, rate_per=unit.thing if "rate" in found else None)
        except UnitError as error:
            raise ValidationError({"unit": str(error)}) from error
        self._check_worth(found)
        self.inputs = asks.plain(found)
        self.__dict__.pop("asks", None)

    def _check_worth(self, found: dict[str, Ask]) -> None:
        """Refuse numbers to begin with that are worth more than we reckon with."""
        share = found["improvement"].most or found["improvement"].value
        rate = found["rate"].value if "rate" in found else None
        thing = Unit.parse(self.unit).thing
        line = roi.Line(str(self), found["quantity"].value, self.unit, found["people"].value, share, rate, thing)
        if roi.is_too_much(line.monthly(currency=self.calculator.currency)):
            most = {"most": formats.money(roi.MOST_A_MONTH, self.calculator.currency)}
            text = _("At its highest this is worth more than %(most)s a month, the most that is kept.")
            raise ValidationError({"quantity": text % most})

    @cached_property
    def asks(self) -> dict[str, Ask]:
        """Its numbers, in the order in which they are asked."""
        found = asks.read(self.inputs)
        return {what: found[what] for what in asks.WHATS if what in found}

    @property
    def parsed_unit(self) -> Unit:
        """Its unit."""
        return Unit.parse(self.unit)

    @property
    def is_in_money(self) -> bool:
        """Whether it is worth money."""
        return "rate" in self.asks or self.parsed_unit.is_money

    def say(self, what: str, language: str) -> str:
        """Return its name in a language."""
        return str(getattr(self, f"{what}_{SUFFIXES[language]}"))

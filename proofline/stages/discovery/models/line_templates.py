"""Templates of value lines: what to ask for a pain, in which unit, and what an hour of it is usually worth."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
from proofline.kit.addresses import record_address
from proofline.kit.money import CurrencyField
from proofline.records.models import Pain, ValueMetric
from proofline.records.models.catalogue import LibraryItem
from proofline.stages.discovery.formulas import share_text, thing_text, unit_text
from proofline.stages.discovery.models.value_cases import Level
from proofline.stages.discovery.models.value_lines import SHARE, SMALLEST
from proofline.stages.discovery.units import Unit, UnitError

if TYPE_CHECKING:
    from proofline.stages.discovery.models.value_cases import ValueCase


class LineTemplate(LibraryItem):
    """What a line of value for a pain begins with. Numbers that differ from customer to customer are left empty."""

    pain = models.ForeignKey(Pain, on_delete=models.CASCADE, related_name="+", verbose_name=_("pain"))
    metric = models.ForeignKey(
        ValueMetric, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("metric")
    )
    name = models.CharField(_("what it is lost to"), max_length=200)
    question = models.CharField(
        _("what to ask"), max_length=250, blank=True, help_text=_("Such as: how many hours a week does this take you?")
    )
    quantity = models.DecimalField(
        _("how much"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(SMALLEST)]
    )
    unit = models.CharField(_("unit"), max_length=40, default="h/week")
    people = models.PositiveIntegerField(_("people"), null=True, blank=True, validators=[MinValueValidator(1)])
    low = models.DecimalField(_("at least"), max_digits=5, decimal_places=4, null=True, blank=True, validators=SHARE)
    expected = models.DecimalField(
        _("expected"), max_digits=5, decimal_places=4, null=True, blank=True, validators=SHARE
    )
    high = models.DecimalField(_("at most"), max_digits=5, decimal_places=4, null=True, blank=True, validators=SHARE)
    rate_amount = models.DecimalField(
        _("worth"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    currency = CurrencyField(_("currency"), blank=True)
    rate_per = models.CharField(_("per"), max_length=24, blank=True)
    rate_source = models.CharField(_("source of the rate"), max_length=250, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity=None) | models.Q(quantity__gt=0), name="line_template_not_of_nothing"
            ),
            models.CheckConstraint(
                condition=models.Q(low=None, expected=None, high=None)
                | models.Q(low__gte=0, low__lte=models.F("expected"), expected__lte=models.F("high"), high__lte=1),
                name="line_template_low_expected_high",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address where it is changed."""
        return record_address("discovery:line_template", self.pk)

    def clean(self) -> None:
        """Check that the units go together, and that the improvement is told in three levels or not at all."""
        shares = [self.low, self.expected, self.high]
        if any(share is None for share in shares) and any(share is not None for share in shares):
            raise ValidationError({"expected": _("Fill in at least, expected and at most, or none of them.")})
        if None not in shares and shares != sorted(shares):  # type: ignore[type-var]
            raise ValidationError({"expected": _("It lies between “at least” and “at most”.")})
        if self.rate_amount is not None and not self.currency:
            raise ValidationError({"currency": _("Say in which currency.")})
        try:
            unit = Unit.parse(self.unit)
            rated = self.rate_amount is not None
            unit.check(
                currency=unit.thing if unit.is_money else self.currency, rate_per=self.rate_per if rated else None
            )
        except UnitError as error:
            raise ValidationError({"unit": str(error)}) from error

    @property
    def unit_text(self) -> str:
        """Its unit in the reader's language."""
        return unit_text(self.unit)

    @property
    def worth_text(self) -> str:
        """What one of it is worth; "" where that is left open."""
        if self.rate_amount is None:
            return ""
        return f"{formats.money(self.rate_amount, self.currency)}/{thing_text(self.rate_per)}"

    @property
    def improvement_text(self) -> str:
        """How much of it goes away; "" where that is left open."""
        if self.low is None or self.high is None:
            return ""
        return f"{share_text(self.low)} – {share_text(self.high)}"

    def first_values(self, case: ValueCase) -> dict[str, Any]:
        """Return what a line of the case begins with: what is filled in here, and a worth only in the case's own currency."""
        values: dict[str, Any] = {"name": self.name, "unit": self.unit}
        if self.quantity is not None:
            values["quantity"] = self.quantity
        if self.people is not None:
            values["people"] = self.people
        if self.expected is not None:
            values |= {level: getattr(self, level) for level in Level.values}
            values["improvement_source"] = str(_("Template of the catalogue"))
        if self.rate_amount is not None and self.currency == case.currency:
            values |= {"rate_amount": self.rate_amount, "rate_per": self.rate_per, "rate_source": self.rate_source}
        return values

"""Lines of value: pain → metric → baseline → improvement → money, each with its formula."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
from proofline.kit.money import Money
from proofline.records.access import VisibleQuerySet
from proofline.records.models import Pain, ValueMetric
from proofline.stages.discovery import roi
from proofline.stages.discovery.formulas import Formula, share_text
from proofline.stages.discovery.models.case_parts import CasePart
from proofline.stages.discovery.models.needs import Need
from proofline.stages.discovery.models.value_cases import Level, ValueCase
from proofline.stages.discovery.units import Unit, UnitError

SHARE = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1)))
SMALLEST = Decimal("0.0001")
MOST_PLACES = 18
"""Digits before the point that a column may hold."""
COPIED = (
    "need", "pain", "metric", "name", "quantity", "unit", "people", "low", "expected", "high",
    "rate_amount", "rate_per", "source_note", "said_on", "improvement_source", "rate_source", "position",
)  # fmt: skip


class ValueLine(CasePart):
    """One pain, how large it is now (the baseline), how much of it goes away, and what that is worth."""

    value_case = models.ForeignKey(ValueCase, on_delete=models.CASCADE, related_name="lines")
    need = models.ForeignKey(
        Need, on_delete=models.SET_NULL, null=True, blank=True, related_name="lines", verbose_name=_("need")
    )
    pain = models.ForeignKey(
        Pain, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pain")
    )
    metric = models.ForeignKey(
        ValueMetric, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("metric")
    )
    name = models.CharField(_("what it is lost to"), max_length=200)
    quantity = models.DecimalField(
        _("how much"), max_digits=18, decimal_places=4, validators=[MinValueValidator(SMALLEST)]
    )
    unit = models.CharField(_("unit"), max_length=40, default="h/week")
    people = models.PositiveIntegerField(_("people"), default=1, validators=[MinValueValidator(1)])
    low = models.DecimalField(_("at least"), max_digits=5, decimal_places=4, validators=SHARE)
    expected = models.DecimalField(_("expected"), max_digits=5, decimal_places=4, validators=SHARE)
    high = models.DecimalField(_("at most"), max_digits=5, decimal_places=4, validators=SHARE)
    rate_amount = models.DecimalField(
        _("worth"), max_digits=18, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    rate_per = models.CharField(_("per"), max_length=24, blank=True, default="h")
    source_note = models.CharField(_("who said so"), max_length=250, blank=True)
    said_on = models.DateField(_("when they said so"), null=True, blank=True)
    improvement_source = models.CharField(_("source of the improvement"), max_length=250, blank=True)
    rate_source = models.CharField(_("source of the rate"), max_length=250, blank=True)
    position = models.PositiveIntegerField(default=0, editable=False)

    agreed_text = ""
    """Who agreed to its numbers, where a page says so (`agreeing.premises.say_agreed`)."""
    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["value_case", "position", "id"], name="value_line_position")]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="value_line_baseline_not_nothing"),
            models.CheckConstraint(condition=models.Q(people__gte=1), name="value_line_somebody"),
            models.CheckConstraint(
                condition=models.Q(low__gte=0)
                & models.Q(low__lte=models.F("expected"))
                & models.Q(expected__lte=models.F("high"))
                & models.Q(high__lte=1),
                name="value_line_low_expected_high",
            ),
            models.CheckConstraint(
                condition=models.Q(rate_amount=None) | models.Q(rate_amount__gte=0), name="value_line_rate_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check that low ≤ expected ≤ high and that the units go together."""
        if self.need and self.need.study_id != self.value_case.study_id:
            raise ValidationError({"need": _("That need belongs to another customer.")})
        shares = (self.low, self.expected, self.high)
        if all(share is not None for share in shares) and not self.low <= self.expected <= self.high:
            raise ValidationError({"expected": _("It lies between “at least” and “at most”.")})
        try:
            unit = Unit.parse(self.unit)
            unit.check(
                currency=self.value_case.currency,
                rate_per=self.rate_per or "" if self.rate_amount is not None else None,
            )
        except UnitError as error:
            raise ValidationError({"unit": str(error)}) from error
        self._check_worth()

    def _check_worth(self) -> None:
        """Refuse what is worth more than we reckon with, at its highest, alone or with the case's other lines."""
        given: tuple[Decimal | int | None, ...] = (self.quantity, self.people, self.high, self.rate_amount or 0)
        numbers = [Decimal("NaN") if one is None else Decimal(one) for one in given]
        if not all(one.is_finite() and one.adjusted() < MOST_PLACES for one in numbers):
            return  # the fields say themselves what is wrong
        others = self.value_case.lines.exclude(pk=self.pk)
        currency = self.value_case.currency
        worth = self.reckoned(Level.HIGH).monthly(currency=currency)
        if roi.is_too_much(worth):
            text = _("At its highest this is worth more than %(most)s a month, the most that is kept.")
        elif worth and roi.is_too_much(worth, *(one.reckoned(Level.HIGH).monthly(currency=currency) for one in others)):
            text = _("With the other lines this is worth more than %(most)s a month, the most that is kept.")
        else:
            return
        raise ValidationError({"quantity": text % {"most": formats.money(roi.MOST_A_MONTH, currency)}})

    def copy_to(self, case: ValueCase) -> ValueLine:
        """Copy the line into another case of the same study, with what the customer said to its numbers."""
        copy = ValueLine.objects.create(value_case=case, **{name: getattr(self, name) for name in COPIED})
        for answer in self.answers.order_by("pk"):
            answer.copy_to(value_case=case, line=copy)
        return copy

    def reckoned(self, level: str = Level.EXPECTED) -> roi.Line:
        """Return the line as plain numbers, with the improvement of that level."""
        return roi.Line(
            name=self.name,
            quantity=self.quantity,
            unit=self.unit,
            people=self.people,
            improvement=getattr(self, Level(level).value),
            rate=self.rate_amount,
            rate_per=self.rate_per,
        )

    def saved(self, level: str = Level.EXPECTED) -> Decimal:
        """Return quantity × people × improvement, in the line's unit, to four decimals."""
        return roi.decimal(self.reckoned(level).saved(), places=4)

    @property
    def baseline(self) -> Decimal:
        """How large the pain is now: quantity × people, in the line's unit."""
        return self.quantity * self.people

    @property
    def promised(self) -> Decimal:
        """What we promise to take away: quantity × people × expected improvement, in the line's unit."""
        return self.saved(Level.EXPECTED)

    def value(self, level: str = Level.EXPECTED) -> Money | None:
        """Return what the line is worth in a month; None where it has no value in money."""
        worth = self.reckoned(level).monthly(currency=self.value_case.currency)
        return None if worth is None else Money(roi.decimal(worth, places=4), self.value_case.currency).rounded()

    @property
    def monthly_value(self) -> Money | None:
        """What is expected to be gained in a month."""
        return self.value(Level.EXPECTED)

    @property
    def range_text(self) -> str:
        """The improvement from low to high, written: 30% – 50%."""
        return f"{share_text(self.low)} – {share_text(self.high)}"

    @property
    def said(self) -> str:
        """Who said how much it is, and when; "" where nobody told."""
        return ", ".join(part for part in (self.source_note, formats.day(self.said_on) if self.said_on else "") if part)

    @property
    def formula(self) -> Formula:
        """The line written out, in numbers and in words."""
        return Formula(self.reckoned(Level.EXPECTED), currency=self.value_case.currency)

"""Value cases: what easing the customer's pains is worth, against what it costs them. The heart of the sale."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import record_address
from proofline.kit.money import CurrencyField, Money, MoneyProperty
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import NoExchangeRateError, User, Workspace
from proofline.records.models.changing import Changeable
from proofline.stages.discovery import risk, roi
from proofline.stages.discovery.models.studies import Study
from proofline.stages.discovery.roi import Investment

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models.value_lines import ValueLine


_spread = lru_cache(maxsize=1000)(risk.spread)
"""The draws are the same each time, and pages are read more often than figures change."""


class FrozenError(Exception):
    """The value case was promised to the customer, so it no longer changes; make a new version instead."""


class Level(models.TextChoices):
    """How sure a number is."""

    LOW = "low", _("low")
    EXPECTED = "expected", _("expected")
    HIGH = "high", _("high")


class ValueCaseQuerySet(VisibleQuerySet):
    """Value cases."""

    def draft(self, *, by: User | None, now: datetime, study: Study, **fields: Any) -> ValueCase:
        """Begin a value case for a study; in the workspace's currency unless told otherwise.

        Raises:
            ValidationError: a field is not valid.
        """
        del by
        fields["currency"] = fields.get("currency") or Workspace.current().currency
        fields["name"] = fields.get("name") or study.title
        case = ValueCase(study=study, created_at=now, **fields)
        case.full_clean()
        case.save()
        return case


class ValueCase(Visible, Changeable):
    """The quantified value for one customer: lines of value, and the investment that brings them."""

    write_area = "discovery"
    owner_paths = ("study__owner", "study__account__owner")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="value_cases")
    name = models.CharField(_("name"), max_length=200)
    currency = CurrencyField(_("currency"))
    investment_once = models.DecimalField(_("investment once"), max_digits=18, decimal_places=2, default=0)
    investment_monthly = models.DecimalField(_("investment a month"), max_digits=18, decimal_places=2, default=0)
    months = models.PositiveSmallIntegerField(_("months looked at"), default=12)
    created_at = models.DateTimeField()

    once = MoneyProperty("investment_once", "currency")
    monthly = MoneyProperty("investment_monthly", "currency")
    objects = ValueCaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["study", "-id"], name="value_case_study")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(investment_once__gte=0) & models.Q(investment_monthly__gte=0),
                name="value_case_investment_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(months__gte=1) & models.Q(months__lte=120), name="value_case_months_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its editor."""
        return record_address("discovery:value_case", self.pk)

    def clean(self) -> None:
        """Keep the currency of a case that has lines: their rates are in it; refuse an investment below nothing."""
        names = ("investment_once", "investment_monthly")
        negative = [name for name in names if (getattr(self, name) or 0) < 0]
        if negative:
            raise ValidationError(dict.fromkeys(negative, _("An investment is written without a minus.")))
        before = ValueCase.objects.filter(pk=self.pk).values_list("currency", flat=True).first() if self.pk else None
        if before and before != self.currency and self.lines.exists():
            raise ValidationError(
                {"currency": _("The lines are in %(currency)s; begin a new value case instead.") % {"currency": before}}
            )

    @property
    def is_frozen(self) -> bool:
        """Whether it was promised to the customer."""
        return hasattr(self, "freezing")

    def hold_open(self) -> ValueCase:
        """Hold the case for this transaction, while it may still change.

        Raises:
            FrozenError: it was promised to the customer.
        """
        held: ValueCase = ValueCase.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if Freezing.objects.filter(value_case=held).exists():
            raise FrozenError(
                _("This value case was promised to the customer, so it no longer changes. Make a new version of it.")
            )
        return held

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields while it is a draft.

        Raises:
            FrozenError: it was promised to the customer.
            ValidationError: a value is not valid.
        """
        with transaction.atomic():
            self.hold_open()
            return super().change(by=by, now=now, **values)

    def add_line(self, *, by: User | None, now: datetime, **fields: Any) -> ValueLine:
        """Add a line of value at the end.

        Raises:
            FrozenError: it was promised to the customer.
            ValidationError: a field is not valid, or its units do not go together.
        """
        del by, now
        with transaction.atomic():
            self.hold_open()
            need = fields.get("need")
            fields["pain"] = fields.get("pain") or (need and need.pain)
            last = self.lines.aggregate(last=models.Max("position"))["last"] or 0
            line: ValueLine = self.lines.model(value_case=self, position=last + 1, **fields)
            line.full_clean()
            line.save()
        return line

    def freeze(self, *, by: User | None, now: datetime) -> Freezing:
        """Promise the case to the customer: from now on it does not change. A second time changes nothing."""
        with transaction.atomic():
            held = ValueCase.objects.select_for_update(of=("self",)).get(pk=self.pk)
            freezing, first = Freezing.objects.get_or_create(value_case=held, defaults={"at": now, "by": by})
            if first:
                value = self.value(Level.EXPECTED)
                self.study.tell(
                    "value_case.frozen",
                    by=by,
                    at=now,
                    subject=("value_case", self.pk),
                    key=f"value_case.frozen:{self.pk}",
                    value_case=self.name,
                    monthly_value=str(value.amount),
                    value=str(value.amount),
                    currency=self.currency,
                    base_value=_base_value(value, at=now),
                    lines=self.lines.count(),
                )
        self.freezing = freezing
        return freezing

    def new_version(self, *, by: User | None, now: datetime) -> ValueCase:
        """Copy the case with its lines and what the customer said to them, as a draft that may change."""
        with transaction.atomic():
            copy = ValueCase.objects.draft(
                by=by,
                now=now,
                study=self.study,
                name=self.name,
                currency=self.currency,
                investment_once=self.investment_once,
                investment_monthly=self.investment_monthly,
                months=self.months,
            )
            for line in self.ordered_lines:
                line.copy_to(copy)
            for assumption in self.assumptions.order_by("pk"):
                assumption.copy_to(copy)
        return copy

    def roi(
        self, level: str = Level.EXPECTED, *, more_once: Decimal | int = 0, more_monthly: Decimal | int = 0
    ) -> roi.Roi:
        """Reckon what the investment brings, with the improvements of that level; it may be so much more than the case says, or less."""
        return roi.roi(
            [line.reckoned(level) for line in self.lines.all()],
            currency=self.currency,
            investment=Investment(
                once=max(self.investment_once + more_once, Decimal(0)),
                monthly=max(self.investment_monthly + more_monthly, Decimal(0)),
            ),
            months=self.months,
        )

    @property
    def swings(self) -> tuple[risk.Swing, ...]:
        """How far each line moves what is left after the investment, the widest first."""
        return risk.tornado(self._worths, investment=self._investment, months=self.months)

    @property
    def spread(self) -> risk.Spread:
        """What comes of all lines together, each between its low and its high value."""
        return _spread(tuple(self._worths), investment=self._investment, months=self.months)

    @property
    def _worths(self) -> list[risk.Worth]:
        """What each line with a value in money is worth in a month."""
        found = []
        for line in self.ordered_lines:
            worth = [line.reckoned(level).monthly(currency=self.currency) for level in Level]
            if all(one is not None for one in worth):
                found.append(risk.Worth(line.name, *(one or Fraction(0) for one in worth)))
        return found

    @property
    def _investment(self) -> Investment:
        return Investment(once=self.investment_once, monthly=self.investment_monthly)

    def value(self, level: str = Level.EXPECTED) -> Money:
        """Return what all lines are worth together in a month, in whole smallest units."""
        worth = roi.monthly_value([line.reckoned(level) for line in self.lines.all()], currency=self.currency)
        return Money(roi.decimal(worth, places=4), self.currency).rounded()

    @property
    def ordered_lines(self) -> list[ValueLine]:
        """The lines in their order."""
        return sorted(self.lines.all(), key=lambda line: (line.position, line.pk))

    @property
    def monthly_value(self) -> Money:
        """What is expected to be gained in a month."""
        return self.value(Level.EXPECTED)


class Freezing(models.Model):
    """That a value case was promised to the customer, by whom and when."""

    value_case = models.OneToOneField(ValueCase, on_delete=models.CASCADE, related_name="freezing")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.value_case}: {self.at:%Y-%m-%d}"


def _base_value(value: Money, *, at: datetime) -> str | None:
    try:
        base: Decimal = Workspace.current().in_base(value, on=at.date()).amount
    except NoExchangeRateError:
        return None
    return str(base)

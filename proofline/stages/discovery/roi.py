"""Return on investment: pure reckoning, exact.

A month is 52/12 weeks. Payback is the first month whose cumulated return reaches the cumulated investment (once, plus monthly
for every month so far); without any value there is none. ROI over n months = (return − investment) / investment.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.stages.discovery.units import Unit, UnitError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Number = Decimal | Fraction | int

MOST_A_MONTH = 10**12
"""What a line, and a case, is worth in a month at most: beyond this the sums over ten years are no longer kept to the cent."""

HORIZONS = (12, 36)
"""Months over which the return is always told."""

DISCOUNT_A_YEAR = Decimal("0.10")
"""What a year's wait takes off a sum of money in the net present value, unless the caller says otherwise."""


@dataclass(frozen=True)
class Line:
    """One line of value: how much of what hurts, of how many people, how much better, and what a piece of it is worth."""

    name: str
    quantity: Number
    unit: str
    people: Number = 1
    improvement: Number = 0
    rate: Number | None = None
    rate_per: str = "h"

    def saved(self) -> Fraction:
        """Return quantity × people × improvement, in the line's unit."""
        return Fraction(self.quantity) * Fraction(self.people) * Fraction(self.improvement)

    def monthly(self, *, currency: str) -> Fraction | None:
        """Return what the line is worth in a month; None where things other than money have no rate.

        Raises:
            UnitError: unit, rate and currency do not go together.
        """
        return _monthly(self, currency)


@lru_cache(maxsize=10_000)  # a page asks for each line some twenty times
def _monthly(line: Line, currency: str) -> Fraction | None:
    unit = Unit.parse(line.unit)
    unit.check(currency=currency, rate_per=None if line.rate is None else line.rate_per)
    if line.rate is None and not unit.is_money:
        return None
    return line.saved() * Fraction(1 if line.rate is None else line.rate) * unit.a_month


@dataclass(frozen=True)
class Investment:
    """What the customer pays: once, and every month."""

    once: Number = 0
    monthly: Number = 0

    def by(self, month: int) -> Fraction:
        """Return what is paid by the end of a month."""
        return Fraction(self.once) + Fraction(self.monthly) * month


@dataclass(frozen=True)
class Roi:
    """What an investment brings. Amounts are exact; round them where they are shown."""

    monthly_value: Fraction
    investment: Investment
    months: int
    payback_month: int | None
    """None: the return never reaches the investment."""
    npv: Fraction
    """Net present value over `months`: every month's balance, discounted to today, minus what is paid once."""

    def over(self, months: int) -> Fraction | None:
        """Return the ROI over so many months as a share (2 is 200 %); None where nothing is invested."""
        invested = self.investment.by(months)
        return (self.returned(months) - invested) / invested if invested > 0 else None

    @property
    def shares(self) -> dict[int, Fraction | None]:
        """The ROI over a year, three years and the months looked at, by months."""
        return {months: self.over(months) for months in sorted({*HORIZONS, self.months})}

    def returned(self, month: int) -> Fraction:
        """Return the value reached by the end of a month."""
        return self.monthly_value * month

    def balances(self, months: int | None = None) -> list[Fraction]:
        """Return, for month 0 and each month after, what is returned minus what is invested by then."""
        return [self.returned(month) - self.investment.by(month) for month in range((months or self.months) + 1)]


def is_too_much(*worths: Fraction | None) -> bool:
    """Tell whether what lines are worth together in a month is more than we reckon with."""
    return sum(worth or 0 for worth in worths) > MOST_A_MONTH


def monthly_value(lines: Iterable[Line], *, currency: str) -> Fraction:
    """Return what the lines are worth together in a month; lines that have no value in money add nothing.

    Raises:
        UnitError: a line's units do not go together.
    """
    return sum((line.monthly(currency=currency) or Fraction(0) for line in lines), Fraction(0))


def roi(
    lines: Sequence[Line],
    *,
    currency: str,
    investment: Investment,
    months: int = 12,
    discount_a_year: Decimal = DISCOUNT_A_YEAR,
) -> Roi:
    """Reckon what the investment brings.

    Raises:
        UnitError: a line's units do not go together.
        ValueError: months is below 1, or an amount is negative.
    """
    if months < 1:
        raise ValueError(_("The months have to be at least 1."))
    if Fraction(investment.once) < 0 or Fraction(investment.monthly) < 0:
        raise ValueError(_("An investment can't be negative."))
    value = monthly_value(lines, currency=currency)
    return Roi(
        monthly_value=value,
        investment=investment,
        months=months,
        payback_month=_payback(value, investment),
        npv=_npv(value, investment, months=months, discount_a_year=discount_a_year),
    )


def _payback(value: Fraction, investment: Investment) -> int | None:
    if not value:
        return None
    once, gain = Fraction(investment.once), value - Fraction(investment.monthly)
    if gain > 0:
        return max(1, ceil(once / gain))
    return 1 if gain == 0 and once == 0 else None


def _npv(value: Fraction, investment: Investment, *, months: int, discount_a_year: Decimal) -> Fraction:
    a_month = Fraction((1 + discount_a_year) ** (Decimal(1) / 12))
    gain = value - Fraction(investment.monthly)
    return sum((gain / a_month**month for month in range(1, months + 1)), -Fraction(investment.once))


def decimal(value: Fraction, *, places: int = 2) -> Decimal:
    """Return an exact number as a decimal with so many places, halves away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0), digits, -places))


__all__ = ["Investment", "Line", "Roi", "Unit", "UnitError", "decimal", "monthly_value", "roi"]

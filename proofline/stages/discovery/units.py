"""Units of what hurts: a thing a period, such as "h/week", "CNY/month" or "tickets/month"."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from proofline.kit.money import currencies

MONTHS_A_YEAR = 12
WEEKS_A_YEAR = 52
A_MONTH: dict[str, Fraction] = {
    "week": Fraction(WEEKS_A_YEAR, MONTHS_A_YEAR),
    "month": Fraction(1),
    "year": Fraction(1, MONTHS_A_YEAR),
}
"""How often each period comes in a month; a month is 52/12 weeks."""

LONGEST_THING = 24


class UnitError(ValueError):
    """A unit can't be read, or two units do not go together. Its text is for people."""


@dataclass(frozen=True)
class Unit:
    """A thing (hours, money, pieces) a period."""

    thing: str
    period: str

    @classmethod
    def parse(cls, text: str) -> Unit:
        """Read "h/week", "CNY/month", "tickets/year".

        Raises:
            UnitError: it is not a thing, a slash and a known period.
        """
        thing, slash, period = (part.strip() for part in text.partition("/"))
        if not slash or not thing or len(thing) > LONGEST_THING or period not in A_MONTH:
            message = _("“%(unit)s” is not a unit. Write a thing and a period, such as h/week, h/month or CNY/month.")
            raise UnitError(message % {"unit": text})
        return cls(thing, period)

    def __str__(self) -> str:
        return f"{self.thing}/{self.period}"

    @property
    def is_money(self) -> bool:
        """Whether the thing is a currency."""
        return self.thing in currencies()

    @property
    def a_month(self) -> Fraction:
        """How often its period comes in a month."""
        return A_MONTH[self.period]

    def check(self, *, currency: str, rate_per: str | None) -> None:
        """Check that this unit, times a rate in the currency per `rate_per`, is money of that currency.

        Raises:
            UnitError: the units do not go together; says why.
        """
        if self.is_money and self.thing != currency:
            message = _("%(unit)s is not in %(currency)s, the currency of this value case; convert it first.")
            raise UnitError(message % {"unit": self, "currency": currency})
        if self.is_money and rate_per is not None:
            message = _("%(unit)s is money already; leave the rate empty.")
            raise UnitError(message % {"unit": self})
        if not self.is_money and rate_per is not None and rate_per != self.thing:
            message = _("%(unit)s can't be multiplied by a rate per %(per)s; the rate has to be per %(thing)s.")
            raise UnitError(message % {"unit": self, "per": rate_per, "thing": self.thing})

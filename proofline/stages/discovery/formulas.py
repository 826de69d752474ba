"""A line of value written out, so that a customer can check it: in numbers, and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from proofline.kit import formats
from proofline.kit.money import Money
from proofline.kit.spoken import spoken_once
from proofline.stages.discovery.roi import Line, decimal
from proofline.stages.discovery.units import Unit

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

PLACES = 4
PERCENT = 100
MOST_KEPT = 10_000
FULL_STOP_WITH_SPACE = "。"
"""The full stop that brings its own space."""


def thing_text(thing: str) -> str:
    """Write a unit's thing in the reader's language: h → h, 小时; what we do not know stays as it was typed."""
    known = {"h": pgettext("unit", "h"), "min": pgettext("unit", "min")}
    return known.get(thing, thing)


def period_text(period: str) -> str:
    """Write a period in the reader's language."""
    known = {"week": pgettext("unit", "week"), "month": pgettext("unit", "month"), "year": pgettext("unit", "year")}
    return known.get(period, period)


def unit_text(unit: str | Unit) -> str:
    """Write a unit in the reader's language: h/week, 小时/周."""
    parsed = unit if isinstance(unit, Unit) else Unit.parse(unit)
    return f"{thing_text(parsed.thing)}/{period_text(parsed.period)}"


def amount_text(value: Decimal | Fraction, unit: Unit) -> str:
    """Write an amount with its unit: 96 h/week, ¥50,000/month."""
    number = decimal(value, places=PLACES) if not hasattr(value, "as_tuple") else value
    if unit.is_money:
        return f"{formats.money(number, unit.thing)}/{period_text(unit.period)}"
    return f"{formats.number(number)} {unit_text(unit)}"


def share_text(share: Decimal) -> str:
    """Write a share as a percentage, with as many decimals as it has: 40%, 12.5%."""
    hundred = (share * PERCENT).normalize()
    digits = max(0, -int(hundred.as_tuple().exponent))
    return formats.percent(share, digits=digits)


def roi_text(share: Fraction | None) -> str:
    """Write a return on investment: 2 → 200%; a dash where nothing is invested."""
    return formats.percent(None if share is None else decimal(share, places=PLACES))


@dataclass(frozen=True)
class Formula:
    """How one line's value comes about."""

    line: Line
    currency: str

    @cached_property
    def unit(self) -> Unit:
        """The line's unit."""
        return Unit.parse(self.line.unit)

    @property
    def saved(self) -> str:
        """What goes away, with its unit: "96 h/week"."""
        return amount_text(self.line.saved(), self.unit)

    @property
    def money(self) -> str:
        """What that is worth a month, "" where it has no value in money."""
        worth = self.line.monthly(currency=self.currency)
        if worth is None:
            return ""
        return formats.money(Money(decimal(worth, places=PLACES), self.currency).rounded())

    @property
    @spoken_once(most=MOST_KEPT)
    def numbers(self) -> str:
        """The formula: "20 h/week × 12 people × 40% = 96 h/week; × ¥80/h × 52/12 = ¥33,280/month"."""
        parts = [amount_text(self.line.quantity, self.unit)]  # type: ignore[arg-type]
        if self.line.people != 1:
            parts.append(self._people())
        parts.append(share_text(self.line.improvement))  # type: ignore[arg-type]
        first = f"{' × '.join(parts)} = {self.saved}"
        return f"{first}; {rest}" if (rest := self._to_money()) else first

    def _to_money(self) -> str:
        if not self.money:
            return ""
        factors = [] if self.line.rate is None else [f"{self._rate()}/{thing_text(self.unit.thing)}"]
        factors += {"week": ["52/12"], "year": ["1/12"]}.get(self.unit.period, [])
        if not factors:
            return ""
        return "× " + " × ".join(factors) + f" = {self.money}/{period_text('month')}"

    def _rate(self) -> str:
        return formats.money(self.line.rate, self.currency)

    def _people(self) -> str:
        count = int(self.line.people)
        return ngettext("%(count)s person", "%(count)s people", count) % {"count": formats.number(count)}

    @property
    @spoken_once(most=MOST_KEPT)
    def words(self) -> str:
        """The formula as sentences that the customer can agree or disagree with."""
        text = ""
        for part in filter(None, (self.loss, self._gain(), self._worth())):
            text += part if not text or text.endswith(FULL_STOP_WITH_SPACE) else f" {part}"
        return text

    @property
    def loss(self) -> str:
        """What is lost today, as a sentence: the baseline."""
        values = {
            "name": self.line.name,
            "amount": amount_text(self.line.quantity, self.unit),  # type: ignore[arg-type]
            "people": self._people(),
        }
        if self.line.people == 1:
            return _("“%(name)s” costs %(amount)s.") % values
        return _("“%(name)s” costs %(people)s %(amount)s each.") % values

    def _gain(self) -> str:
        share = share_text(self.line.improvement)  # type: ignore[arg-type]
        return _("%(share)s of it goes away: %(saved)s.") % {"share": share, "saved": self.saved}

    def _worth(self) -> str:
        if self.line.rate is None:
            return _("That is %(money)s a month.") % {"money": self.money} if self._to_money() else ""
        values = {"rate": self._rate(), "money": self.money}
        if self.unit.thing == "h":
            return _("At %(rate)s an hour that is worth %(money)s a month.") % values
        return _("At %(rate)s each that is worth %(money)s a month.") % values

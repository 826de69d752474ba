"""What is reckoned: the numbers of one visitor, and what comes of them. A `Sheet` is kept as JSON and reckoned again when it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # noqa: TC003 - msgspec reads it
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from proofline.kit import formats
from proofline.kit.money import Money
from proofline.stages.discovery import risk, roi
from proofline.stages.discovery.drawings import payback, payback_text, tornado
from proofline.stages.discovery.formulas import Formula, roi_text, share_text
from proofline.stages.discovery.roi import Investment, decimal

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

YEAR, THREE_YEARS = roi.HORIZONS
CENT, TEN_THOUSANDTH = 2, 4


class SheetLine(Struct, frozen=True):
    """One line, as a visitor filled it in; `asked` names what they said themselves."""

    name: str
    unit: str
    quantity: Decimal
    people: int
    low: Decimal
    expected: Decimal
    high: Decimal
    rate: Decimal | None = None
    rate_per: str = ""
    metric: int | None = None
    pain: int | None = None
    asked: tuple[str, ...] = ()

    def reckoned(self, share: Decimal) -> roi.Line:
        """Return the line as plain numbers, with an improvement."""
        return roi.Line(self.name, self.quantity, self.unit, self.people, share, self.rate, self.rate_per)


class Sheet(Struct, frozen=True):
    """All numbers of one visitor, in one currency."""

    currency: str
    once: Decimal
    monthly: Decimal
    lines: tuple[SheetLine, ...]
    seats: int | None = None


def read(kept: dict[str, Any]) -> Sheet:
    """Return a sheet that was kept as JSON."""
    return msgspec.convert(kept, Sheet, strict=False)


def plain(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as JSON keeps it."""
    found: dict[str, Any] = msgspec.to_builtins(sheet)
    return found


@dataclass(frozen=True)
class Shown:
    """One line, written out."""

    name: str
    formula: Formula
    range_text: str


@dataclass(frozen=True)
class Outcome:
    """What comes of a sheet: net present value over three years, ranges over one."""

    sheet: Sheet

    @cached_property
    def roi(self) -> roi.Roi:
        """What the investment brings, as expected."""
        lines = [line.reckoned(line.expected) for line in self.sheet.lines]
        return roi.roi(lines, currency=self.sheet.currency, investment=self._investment, months=THREE_YEARS)

    @property
    def _investment(self) -> Investment:
        return Investment(once=self.sheet.once, monthly=self.sheet.monthly)

    @cached_property
    def _worths(self) -> list[risk.Worth]:
        found = []
        for line in self.sheet.lines:
            shares = (line.low, line.expected, line.high)
            worth = [line.reckoned(share).monthly(currency=self.sheet.currency) for share in shares]
            if worth[0] is not None:
                found.append(risk.Worth(line.name, *(one or Fraction(0) for one in worth)))
        return found

    @cached_property
    def swings(self) -> tuple[risk.Swing, ...]:
        """How far each line moves what is left after a year."""
        return risk.tornado(self._worths, investment=self._investment, months=YEAR)

    @cached_property
    def spread(self) -> risk.Spread:
        """What comes of all lines together in a year; the same for the same numbers."""
        return risk.spread(self._worths, investment=self._investment, months=YEAR)

    @property
    def lines(self) -> list[Shown]:
        """The lines with their formulas."""
        return [
            Shown(
                line.name,
                Formula(line.reckoned(line.expected), currency=self.sheet.currency),
                f"{share_text(line.low)} – {share_text(line.high)}" if line.low < line.high else "",
            )
            for line in self.sheet.lines
        ]

    @property
    def value(self) -> Money:
        """What is expected to be gained in a month, in whole smallest units."""
        return Money(decimal(self.roi.monthly_value, places=TEN_THOUSANDTH), self.sheet.currency).rounded()

    @property
    def invests(self) -> bool:
        """Whether anything is invested."""
        return bool(self.roi.investment.by(YEAR))

    @property
    def investment_text(self) -> str:
        """What is invested, in words; "" for nothing."""
        once = formats.money(self.sheet.once, self.sheet.currency)
        monthly = formats.money(self.sheet.monthly, self.sheet.currency)
        if self.sheet.once and self.sheet.monthly:
            return _("%(once)s once and %(monthly)s a month") % {"once": once, "monthly": monthly}
        if self.sheet.monthly:
            return _("%(monthly)s a month") % {"monthly": monthly}
        return _("%(once)s once") % {"once": once} if self.sheet.once else ""

    @property
    def payback_text(self) -> str:
        """When the investment is paid back."""
        return payback_text(self.roi)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """The result in words and numbers: what, how much."""
        currency, value = self.sheet.currency, self.spread.value
        low, high = (formats.money(round(one), currency) for one in (value.p10, value.p90))
        rows = []
        if self.invests:
            rows += [(_("Investment"), self.investment_text), (_("Payback"), self.payback_text)]
            for months in roi.HORIZONS:
                rows.append((_("ROI over %(months)s months") % {"months": months}, roi_text(self.roi.over(months))))
            npv = formats.money(decimal(self.roi.npv, places=0), currency)
            rows.append((_("Net present value over %(months)s months") % {"months": THREE_YEARS}, npv))
        if low != high:
            rows.append((_("Value a month, in 8 of 10 cases"), f"{low} – {high}"))
        return rows

    @property
    def payback_drawing(self) -> SafeString | str:
        """The chart of value against investment over a year."""
        year = roi.Roi(self.roi.monthly_value, self._investment, YEAR, self.roi.payback_month, self.roi.npv)
        return payback(year, currency=self.sheet.currency) if self.invests else ""

    @property
    def tornado_drawing(self) -> SafeString:
        """The chart of what moves the outcome most."""
        return tornado(self.swings, currency=self.sheet.currency)

    @property
    def told(self) -> dict[str, Any]:
        """The result as plain numbers, for programs; shares are 2 for 200 %."""
        found, shares = self.spread, {months: self.roi.over(months) for months in roi.HORIZONS}
        return {
            "currency": self.sheet.currency,
            "monthly_value": str(decimal(self.roi.monthly_value, places=CENT)),
            "investment": {"once": str(self.sheet.once), "monthly": str(self.sheet.monthly)},
            "payback_month": self.roi.payback_month,
            "roi": {
                str(months): None if share is None else str(decimal(share, places=TEN_THOUSANDTH))
                for months, share in shares.items()
            },
            "npv": str(decimal(self.roi.npv, places=CENT)),
            "npv_months": THREE_YEARS,
            "range": {name: format(getattr(found.value, name), ".2f") for name in ("p10", "p50", "p90")},
            "paid_back_in_a_year": found.paid_back,
            "swings": [
                {"name": swing.name, "low": str(decimal(swing.low)), "high": str(decimal(swing.high))}
                for swing in self.swings
            ],
            "lines": [
                {"name": line.name, "words": line.formula.words, "numbers": line.formula.numbers} for line in self.lines
            ],
        }

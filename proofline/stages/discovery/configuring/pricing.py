"""What a configuration costs and why: list prices, then the price rules in their order, each with its amount.

Kinds are applied in the order of `ORDER`, each to what those before it left. To a line applies, of each kind, at most one rule: the first that
holds for it, rules of its own product before those of all, larger bundles before smaller ones, an industry before all, then as written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

ORDER = ("currency", "tier", "volume", "bundle", "term", "segment", "date")
CENT = Decimal("0.01")
WHOLE = Decimal(100)
NOTHING = Decimal("0.00")


class NoRateError(LookupError):
    """A list price can't be said in the currency that is asked for."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one, other)
        self.one, self.other = one, other


@dataclass(frozen=True)
class Line:
    """A part that is sold: so many at a list price each, a month or once."""

    key: str
    product: int
    quantity: int
    price: Decimal
    currency: str
    is_once: bool = False


@dataclass(frozen=True)
class Discount:
    """A price rule as it is applied; the words of its fields are those of `PriceRule`."""

    id: int
    kind: str
    product: int | None = None
    tier: str = ""
    least: int | None = None
    most: int | None = None
    parts: frozenset[str] = frozenset()
    sector: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    list_currency: str = ""
    currency: str = ""
    rate: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None

    @property
    def place(self) -> tuple[bool, int, bool, int]:
        """Where it stands among those of its kind."""
        return self.product is None, -len(self.parts), not self.sector, self.id

    def within(self, number: int | None) -> bool:
        """Whether a number is in its range."""
        if self.least is None and self.most is None:
            return True
        return (
            number is not None
            and (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
        )


@dataclass(frozen=True)
class Sale:
    """For whom, how much, how long and when. `chosen` is all that is in, the modules of a tier too."""

    months: int
    currency: str
    on: date
    chosen: frozenset[str] = frozenset()
    sector: str = ""
    employees: int | None = None


@dataclass(frozen=True)
class Step:
    """What a rule makes of the price: so much more or less a month and once. Without a rule, the list price."""

    rule: Discount | None
    monthly: Decimal
    once: Decimal


@dataclass(frozen=True)
class Price:
    """A price with its explanation: the amounts of the steps add up to it, to the cent."""

    currency: str
    months: int
    steps: list[Step]
    lines: Mapping[str, Decimal]
    """What is left of each line."""
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    """What a unit of each other list currency was taken for."""

    @cached_property
    def monthly(self) -> Decimal:
        """What a month costs."""
        return sum((step.monthly for step in self.steps), NOTHING)

    @cached_property
    def once(self) -> Decimal:
        """What is paid once."""
        return sum((step.once for step in self.steps), NOTHING)

    @property
    def total(self) -> Decimal:
        """What is paid over the months."""
        return self.monthly * self.months + self.once


def price(
    lines: Sequence[Line], rules: Sequence[Discount], *, sale: Sale, market: Callable[[str, str], Decimal]
) -> Price:
    """Return what the lines cost.

    Args:
        lines: what is sold; keys differ.
        rules: all price rules.
        sale: the circumstances.
        market: what a unit of one currency is worth in another, where no rule says so; raises `NoRateError`.
    """
    by_kind = {kind: sorted((one for one in rules if one.kind == kind), key=lambda one: one.place) for kind in ORDER}
    money = _Conversion(by_kind["currency"], sale.currency, market)
    once = {line.key for line in lines if line.is_once}
    left = {line.key: line.price * money.rate(line.currency) for line in lines}
    quantity = {line.key: line.quantity for line in lines}

    def sums() -> tuple[Decimal, Decimal]:
        worth = {key: (each * quantity[key]).quantize(CENT, ROUND_HALF_UP) for key, each in left.items()}
        paid_once = sum((worth[key] for key in once), NOTHING)
        return sum(worth.values(), NOTHING) - paid_once, paid_once

    steps = [Step(None, *sums())]
    steps += [Step(rule, NOTHING, NOTHING) for rule in money.used]
    for kind in ORDER[1:]:
        applied = {line.key: rule for line in lines if (rule := _first(by_kind[kind], line, sale))}
        for rule in dict.fromkeys(applied.values()):
            before = sums()
            for key in (key for key, one in applied.items() if one is rule):
                left[key] = _after(rule, left[key], money)
            after = sums()
            steps.append(Step(rule, after[0] - before[0], after[1] - before[1]))
    worth = {key: (each * quantity[key]).quantize(CENT, ROUND_HALF_UP) for key, each in left.items()}
    return Price(sale.currency, sale.months, steps, worth, money.rates)


class _Conversion:
    """List prices in the currency that is asked for: by the first rule that says so, else at the market's rate."""

    def __init__(self, rules: Sequence[Discount], currency: str, market: Callable[[str, str], Decimal]) -> None:
        self.rules, self.currency, self.market = rules, currency, market
        self.rates: dict[str, Decimal] = {}
        self.used: list[Discount] = []

    def rate(self, other: str) -> Decimal:
        """Return what a unit of the other currency is taken for."""
        if other == self.currency:
            return Decimal(1)
        if other not in self.rates:
            rule = next(
                (one for one in self.rules if (one.list_currency, one.currency) == (other, self.currency)), None
            )
            if rule is not None:
                self.used.append(rule)
            self.rates[other] = rule.rate if rule is not None and rule.rate else self.market(other, self.currency)
        return self.rates[other]


def _first(rules: Sequence[Discount], line: Line, sale: Sale) -> Discount | None:
    return next((rule for rule in rules if rule.product in {None, line.product} and _holds(rule, line, sale)), None)


def _holds(rule: Discount, line: Line, sale: Sale) -> bool:
    if rule.kind == "tier":
        return line.key == rule.tier
    if rule.kind == "volume":
        return line.key.startswith("t") and rule.within(line.quantity)
    if rule.kind == "bundle":
        return line.key in rule.parts and rule.parts <= sale.chosen
    if rule.kind == "term":
        return not line.is_once and rule.within(sale.months)
    if rule.kind == "segment":
        return rule.sector.casefold() in {"", sale.sector.casefold()} and rule.within(sale.employees)
    return (rule.starts_on is None or rule.starts_on <= sale.on) and (rule.ends_on is None or sale.on <= rule.ends_on)


def _after(rule: Discount, each: Decimal, money: _Conversion) -> Decimal:
    if rule.percent is not None:
        return each * (1 - rule.percent / WHOLE)
    off = (rule.amount or NOTHING) * money.rate(rule.currency)
    return max(each - off, NOTHING)

"""What is offered for pains: the cheapest parts of the catalogue that cover them and break no rule, why each is in, and what it costs.

Cheapest by list price over the months that are asked for; of several the one with the fewest parts. Price rules are applied to what was found:
a discount never makes a larger set the smaller one (docs/decisions/0020).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.records.models import ExchangeRate, NoExchangeRateError, Workspace
from proofline.stages.discovery.configuring.configuration import Conflict, hold_to
from proofline.stages.discovery.configuring.pricing import CENT, NoRateError, Sale, price
from proofline.stages.discovery.configuring.rules import Rule, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from proofline.stages.discovery.configuring.catalogue import Catalogue, Item
    from proofline.stages.discovery.configuring.pricing import Price
    from proofline.stages.discovery.configuring.rules import Part

    Market = Callable[[str, str], Decimal]


SECONDS_TO_SAY_WHY = 0.05
"""A page says at once why nothing can be offered; where the smallest reason takes longer to find, one of which no part can be left out has to do."""
MOST_PRICE = Decimal(10) ** 16
"""Prices are kept with 18 digits, two of them behind the point."""


@dataclass(frozen=True)
class Ask:
    """What an offer is asked for. `put_in` and `left_out` are keys of parts that somebody decided on."""

    pains: tuple[int, ...]
    currency: str
    on: date
    seats: int = 1
    months: int = 12
    put_in: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sector: str = ""
    employees: int | None = None
    product: int | None = None
    """The only product that is asked for."""


@dataclass(frozen=True)
class Offer:
    """What is bought (keys of tiers and packs, `a12` for the add-on of the module `m12`), in the catalogue's order, and all that is in with it."""

    bought: tuple[str, ...]
    inside: frozenset[str]
    why: Mapping[str, list[Part]]
    """For what is bought: the pains, rules and decisions that would not hold without it."""
    price: Price
    blocked: Mapping[str, list[Part]] = field(default_factory=dict)
    """For each part that can't be put in: what it would break."""


def market_on(day: date) -> Market:
    """Return what a unit of one currency is worth in another by the workspace's exchange rates of a day; it raises `NoRateError`."""
    workspace = Workspace.current()

    @cache
    def in_base(currency: str) -> Decimal:
        if currency == workspace.currency:
            return Decimal(1)
        rate = ExchangeRate.objects.filter(currency=currency, since__lte=day).order_by("-since").first()
        if rate is None:
            raise NoExchangeRateError(currency)
        return rate.rate

    def worth(one: str, other: str) -> Decimal:
        try:
            return in_base(one) / in_base(other)
        except NoExchangeRateError as error:
            raise NoRateError(one, other) from error

    return worth


def asked(catalogue: Catalogue, ask: Ask, market: Market) -> tuple[list[Part], Callable[[Item], Decimal]]:
    """Return all that an offer has to hold to, and what each item is worth to the solver."""
    units = _units(catalogue, ask.currency, market)

    def worth(item: Item) -> Decimal:
        times = 1 if item.key.startswith("p") else ask.months
        seats = max(ask.seats, item.seats) if item.key.startswith("t") else 1
        each = (item.price or Decimal(0)) * (units.get(item.currency) or Decimal(0))
        return (each * times * seats).quantize(CENT, ROUND_HALF_UP)

    out = {
        item.bought_as: f"rate:{item.currency}" if units[item.currency] is None else f"product:{ask.product}"
        for item in catalogue.items.values()
        if item.price is not None and (units[item.currency] is None or ask.product not in {None, item.product})
    }
    decisions = [Rule("at_least", (key,), 1, f"in:{key}") for key in ask.put_in if key in catalogue.items]
    decisions += [Rule("at_most", (key,), 0, f"out:{key}") for key in ask.left_out if key in catalogue.items]
    decisions += [Rule("at_most", (key,), 0, why) for key, why in out.items()]
    return [*catalogue.needs(ask.pains), *decisions, *catalogue.named], worth


def _units(catalogue: Catalogue, currency: str, market: Market) -> dict[str, Decimal | None]:
    """Return what a unit of each list currency is taken for; None where that is not known."""
    ours = {
        rule.list_currency: rule.rate
        for rule in reversed(catalogue.discounts)
        if rule.kind == "currency" and rule.currency == currency
    }
    found: dict[str, Decimal | None] = {}
    for other in {item.currency for item in catalogue.items.values() if item.price is not None}:
        try:
            found[other] = Decimal(1) if other == currency else ours.get(other) or market(other, currency)
        except NoRateError:
            found[other] = None
    return found


def offer(catalogue: Catalogue, ask: Ask, *, market: Market, look_at_rest: bool = False) -> Offer | Conflict:
    """Return what to offer, or the pains, rules and decisions that can't hold together; `look_at_rest` says of each other part whether it can be put in."""
    parts, worth = asked(catalogue, ask, market)
    variables = catalogue.variables(worth)
    found = hold_to(parts, variables, given=catalogue.given, seconds=SECONDS_TO_SAY_WHY)
    if isinstance(found, Conflict):
        return found
    chosen = {one.id for one in found}
    bought = tuple(item.bought_as for item in catalogue.items.values() if item.bought_as in chosen)
    inside = catalogue.closure(bought)
    blocked = _blocked(catalogue, parts, inside) if look_at_rest else {}
    return Offer(bought, inside, why(catalogue, bought, parts), priced(catalogue, bought, ask, market=market), blocked)


def why(catalogue: Catalogue, bought: Sequence[str], parts: Sequence[Part]) -> dict[str, list[Part]]:
    """Return for each thing that is bought what would not hold without it; where that is nothing alone, the pains that it eases."""
    found = {}
    for key in bought:
        others = catalogue.closure([one for one in bought if one != key])
        alone = [part for part in parts if not holds(part, others)]
        brings = catalogue.closure([key])
        found[key] = alone or [part for part in parts if not isinstance(part, Rule) and part.modules & brings]
    return found


def priced(catalogue: Catalogue, bought: Sequence[str], ask: Ask, *, market: Market) -> Price:
    """Return what is to be paid for what is bought, and why.

    Raises:
        NoRateError: a price can't be said in the currency.
    """
    sale = Sale(ask.months, ask.currency, ask.on, catalogue.closure(bought), ask.sector, ask.employees)
    lines = [catalogue.line(key, seats=ask.seats) for key in bought]
    return price(lines, catalogue.discounts, sale=sale, market=market)


def _blocked(catalogue: Catalogue, parts: Sequence[Part], inside: frozenset[str]) -> dict[str, list[Part]]:
    from pysat.solvers import Solver  # noqa: PLC0415 - it takes a while to load

    from proofline.stages.discovery.configuring.conflicts import Looked  # noqa: PLC0415 - as above

    variables = catalogue.variables(lambda _item: Decimal(0))
    with Solver("cadical195") as solver:
        looked = Looked(solver, variables, parts, catalogue.given)
        return {
            key: looked.said(looked.irreducible(within=[key]))
            for key in catalogue.items
            if key not in inside and not looked.together(range(len(parts)), within=[key])
        }


def found_for(catalogue: Catalogue, ask: Ask) -> tuple[Offer | Conflict | None, str]:
    """Return what is offered, or what can't hold together; where a price can't be said, None and why."""
    try:
        found = offer(catalogue, ask, market=market_on(ask.on), look_at_rest=True)
    except NoRateError as error:
        words = {"one": error.one, "other": error.other}
        return None, _("There is no exchange rate from %(one)s to %(other)s, and no price rule of currency.") % words
    if isinstance(found, Offer) and max(found.price.monthly, found.price.once) >= MOST_PRICE:
        return None, _("The price is too large to be kept. Ask for fewer seats, or check the catalogue's prices.")
    return found, ""

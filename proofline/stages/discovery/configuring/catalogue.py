"""The catalogue as the solver reads it: what is on offer, what eases which pain, and which rules hold.

A module is had in a tier or bought as an add-on: `m12` says that it is in, `a12` that it is bought, `t3` and `p5` that the tier and the pack are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazy
from django.utils.text import format_lazy

from proofline.records.models import Module as ModuleRecord
from proofline.records.models import Pain, ServicePack, Tier
from proofline.stages.discovery.configuring.pricing import Discount, Line
from proofline.stages.discovery.configuring.rules import Module, Need, Rule
from proofline.stages.discovery.models import CatalogueRule, PriceRule

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from proofline.records.models.catalogue import Named


@dataclass(frozen=True)
class Item:
    """A module, tier or service pack on offer. `price` is None for a module that no add-on price was given."""

    key: str
    name: str
    product: int
    product_name: str
    price: Decimal | None
    currency: str
    unlocks: frozenset[str] = frozenset()
    """The modules of a tier."""
    seats: int = 1
    """The fewest seats of a tier."""
    rank: int = 0

    @property
    def pk(self) -> int:
        """The record's number."""
        return int(self.key[1:])

    @property
    def bought_as(self) -> str:
        """What stands for its being paid for by itself."""
        return f"a{self.pk}" if self.key.startswith("m") else self.key


@dataclass(frozen=True)
class Catalogue:
    """All that is on offer, by key; what eases each pain; the rules."""

    items: Mapping[str, Item]
    pains: Mapping[int, tuple[str, frozenset[str]]]
    """The name of each pain and the modules that ease it."""
    rules: tuple[Rule, ...] = ()
    discounts: tuple[Discount, ...] = ()

    @classmethod
    def load(cls) -> Catalogue:
        """Read it from the record store, in a number of queries that does not depend on its size."""
        items = {**_tiers(), **_modules(), **_packs()}
        pains = {
            pain.pk: (_called(pain), frozenset(f"m{module.pk}" for module in pain.modules.all()))
            for pain in Pain.objects.prefetch_related("modules").order_by("name")
        }
        return cls(items, pains, tuple(_rules()), tuple(_discounts()))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each part is called: a tier with its product, a module with it where several products have one of that name."""
        same = Counter(item.name for item in self.items.values())
        found: dict[str, Any] = {}
        for key, item in self.items.items():
            found[key] = item.name
            if key.startswith("t"):
                found[key] = format_lazy("{} {}", item.product_name, item.name)
            elif same[item.name] > 1:
                found[key] = format_lazy("{} ({})", item.name, item.product_name)
        return found

    @cached_property
    def tiers(self) -> Mapping[int, list[str]]:
        """The tiers of each product that has some, from the lowest."""
        found: dict[int, list[str]] = {}
        for item in sorted(self.items.values(), key=lambda one: one.rank):
            if item.key.startswith("t"):
                found.setdefault(item.product, []).append(item.key)
        return found

    @cached_property
    def given(self) -> list[Rule]:
        """What having means: a tier brings its modules, a module is in only as part of a tier or as an add-on."""
        sources: dict[str, list[str]] = {key: [] for key in self.items if key.startswith("m")}
        rules = []
        for item in self.items.values():
            if item.key in sources and item.price is not None:
                sources[item.key].append(item.bought_as)
                rules.append(Rule("requires", (item.bought_as, item.key)))
            if item.unlocks:
                rules.append(Rule("requires", (item.key, *sorted(item.unlocks))))
                for module in item.unlocks:
                    sources[module].append(item.key)
        return rules + [Rule("only_with", (module, *having)) for module, having in sources.items()]

    @cached_property
    def named(self) -> list[Rule]:
        """The rules that a conflict may name: one tier of a product at most, add-ons only on a tier, and what was written."""
        ones = [Rule("at_most", tuple(tiers), 1, f"one:{product}") for product, tiers in self.tiers.items()]
        bases = [
            Rule("only_with", (item.bought_as, *self.tiers[item.product]), 0, f"base:{item.product}")
            for item in self.items.values()
            if item.key.startswith("m") and item.price is not None and item.product in self.tiers
        ]
        return [*(one for one in ones if len(one.modules) > 1), *bases, *self.rules]

    def needs(self, pains: Iterable[int]) -> list[Need]:
        """Return the pains as what has to be covered."""
        return [Need(f"pain:{pain}", self.pains[pain][1]) for pain in dict.fromkeys(pains) if pain in self.pains]

    def variables(self, worth: Callable[[Item], Decimal]) -> list[Module]:
        """Return what the solver decides on: what is bought has its worth, what is had by it costs nothing."""
        bought = [
            Module(item.bought_as, frozenset(), worth(item)) for item in self.items.values() if item.price is not None
        ]
        return bought + [Module(key, frozenset(), Decimal(0)) for key in self.items if key.startswith("m")]

    def closure(self, bought: Collection[str]) -> frozenset[str]:
        """Return all that is in with what is bought."""
        found = set(bought)
        for key in bought:
            found |= {f"m{key[1:]}"} if key.startswith("a") else self.items[key].unlocks
        return frozenset(found)

    def line(self, bought: str, *, seats: int) -> Line:
        """Return what is bought as a line of the price."""
        item = self.items[f"m{bought[1:]}" if bought.startswith("a") else bought]
        if item.price is None:
            raise LookupError(bought)
        quantity = max(seats, item.seats) if item.key.startswith("t") else 1
        return Line(item.key, item.product, quantity, item.price, item.currency, is_once=item.key.startswith("p"))


def _called(row: Named) -> str:
    """Return what it is called, in the language in which that is said."""
    return lazy(lambda: row.called, str)() if row.name_zh else row.called


def _modules() -> dict[str, Item]:
    rows = ModuleRecord.objects.select_related("product").order_by("product__name", "name")
    return {
        f"m{row.pk}": Item(
            f"m{row.pk}",
            _called(row),
            row.product_id,
            _called(row.product),
            row.monthly_price if row.currency else None,
            row.currency,
        )
        for row in rows
    }


def _tiers() -> dict[str, Item]:
    rows = Tier.objects.select_related("product").prefetch_related("modules").order_by("product__name", "rank")
    return {
        f"t{row.pk}": Item(
            key=f"t{row.pk}",
            name=_called(row),
            product=row.product_id,
            product_name=_called(row.product),
            price=row.seat_price,
            currency=row.currency,
            unlocks=frozenset(f"m{module.pk}" for module in row.modules.all()),
            seats=row.included_seats,
            rank=row.rank,
        )
        for row in rows
    }


def _packs() -> dict[str, Item]:
    rows = ServicePack.objects.select_related("product").order_by("product__name", "name")
    return {
        f"p{row.pk}": Item(f"p{row.pk}", _called(row), row.product_id, _called(row.product), row.fee, row.currency)
        for row in rows
    }


def _rules() -> list[Rule]:
    return [
        Rule(row.kind, tuple(link.key for link in _links(row)), row.number or 0, f"rule:{row.pk}")
        for row in CatalogueRule.objects.prefetch_related("parts").order_by("pk")
    ]


def _discounts() -> list[Discount]:
    return [discount_of(row) for row in PriceRule.objects.prefetch_related("parts").order_by("pk")]


def discount_of(row: PriceRule) -> Discount:
    """Return a price rule as it is applied."""
    return Discount(
        id=row.pk,
        kind=row.kind,
        product=row.product_id,
        tier=f"t{row.tier_id}" if row.tier_id else "",
        parts=frozenset(link.key for link in row.parts.all()),
        **{
            name: getattr(row, name)
            for name in (
                "least", "most", "sector", "starts_on", "ends_on", "list_currency", "currency", "rate", "percent", "amount",
            )
        },
    )  # fmt: skip


def _links(row: CatalogueRule) -> list[Any]:
    return sorted(row.parts.all(), key=lambda link: link.position)

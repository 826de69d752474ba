"""What contradicts itself in the catalogue: rules that can't hold together, what can never be sold, pains that nothing eases, prices that overlap or leave a gap."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from pysat.solvers import Solver

from proofline.kit import formats
from proofline.stages.discovery.configuring.configuration import SECONDS
from proofline.stages.discovery.configuring.conflicts import Looked, smallest
from proofline.stages.discovery.configuring.pricing import NoRateError
from proofline.stages.discovery.configuring.rules import Rule
from proofline.stages.discovery.configuring.saying import discount_text, name_of, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from proofline.stages.discovery.configuring.catalogue import Catalogue
    from proofline.stages.discovery.configuring.offering import Market
    from proofline.stages.discovery.configuring.pricing import Discount
    from proofline.stages.discovery.configuring.rules import Part

NEVER = {
    "m": "module_never_sold",
    "t": "tier_never_sold",
    "p": "pack_never_sold",
}
RANGED = frozenset({"volume", "term", "segment"})


@dataclass(frozen=True)
class Finding:
    """A contradiction: its kind, what is wrong, why, and the rules that have a part in it (`rule:7`, `price:3`)."""

    kind: str
    text: str
    why: tuple[str, ...] = ()
    rules: frozenset[str] = frozenset()


def check(catalogue: Catalogue, *, currency: str, market: Market) -> list[Finding]:
    """Return all contradictions, the worst first. `currency` is the one that prices have to be said in."""
    return [*check_rules(catalogue), *check_prices(catalogue), *_rates(catalogue, currency=currency, market=market)]


def check_rules(catalogue: Catalogue) -> list[Finding]:
    """Return what the rules make impossible."""
    variables = catalogue.variables(lambda _item: Decimal(0))
    needs = catalogue.needs(catalogue.pains)
    with Solver("cadical195") as solver:
        looked = Looked(solver, variables, [*catalogue.named, *needs], catalogue.given)
        rules = range(len(catalogue.named))
        if not looked.together(rules):
            found, _known = smallest(variables, catalogue.named, given=catalogue.given, seconds=SECONDS)
            return [_finding("rules", _("These rules can’t hold together, so nothing can be sold."), found, catalogue)]

        def against(some: Iterable[int], within: Sequence[str] = ()) -> list[Part] | None:
            if looked.together(some, within=within):
                return None
            return [one for one in looked.said(looked.irreducible(some, within=within)) if isinstance(one, Rule)]

        sold = {key: against(rules, [key]) for key in catalogue.items}
        eased = {need.id: against([*rules, at]) for at, need in enumerate(needs, len(rules))}
        bundles = {rule: against(rules, sorted(rule.parts)) for rule in catalogue.discounts if rule.kind == "bundle"}
    return [
        *(_never_sold(key, parts, catalogue) for key, parts in sold.items() if parts is not None),
        *(_never_eased(int(key[5:]), parts, catalogue) for key, parts in eased.items() if parts is not None),
        *(_never_together(rule, parts, catalogue) for rule, parts in bundles.items() if parts is not None),
    ]


def _never_sold(key: str, parts: Sequence[Part], catalogue: Catalogue) -> Finding:
    text = _("%(part)s can never be sold.") % {"part": name_of(key, catalogue)}
    in_tier = any(key in other.unlocks for other in catalogue.items.values())
    if key.startswith("m") and catalogue.items[key].price is None and not in_tier:
        return Finding(NEVER["m"], text, (_("It is in no tier and has no price as an add-on."),))
    return _finding(NEVER[key[0]], text, parts, catalogue)


def _never_eased(pain: int, parts: Sequence[Part], catalogue: Catalogue) -> Finding:
    name, modules = catalogue.pains[pain]
    text = _("Nothing on offer eases “%(pain)s”.") % {"pain": name}
    if not modules:
        return Finding("pain_never_eased", text, (_("No module is said to ease it."),))
    if not parts:
        return Finding(
            "pain_never_eased", text, (_("No module that eases it is in a tier or has a price as an add-on."),)
        )
    return _finding("pain_never_eased", text, parts, catalogue)


def _never_together(rule: Discount, parts: Sequence[Part], catalogue: Catalogue) -> Finding:
    text = _("A bundle can never be sold, so its price never applies: %(rule)s") % {
        "rule": discount_text(rule, catalogue)
    }
    return _finding("bundle_never_sold", text, parts, catalogue, f"price:{rule.id}")


def _finding(kind: str, text: str, parts: Sequence[Part], catalogue: Catalogue, *rules: str) -> Finding:
    written = {part.id for part in parts if part.id.startswith("rule:")}
    return Finding(kind, text, tuple(said(parts, catalogue)), frozenset(written | set(rules)))


def check_prices(catalogue: Catalogue) -> list[Finding]:
    """Return which price rules overlap, so that one of them does not apply, and where they leave a gap."""
    rules = sorted(catalogue.discounts, key=lambda rule: (rule.kind, _field(rule)))
    found = []
    for _key, group in groupby(rules, key=lambda rule: (rule.kind, _field(rule))):
        same = list(group)
        found += [_overlap(one, other, catalogue) for one, other in combinations(same, 2) if _overlaps(one, other)]
        if same[0].kind in RANGED:
            found += list(_gaps(same, catalogue))
    return found


def _field(rule: Discount) -> tuple[str, ...]:
    """Return among which rules of its kind it must be the only one that holds."""
    own = {
        "currency": (rule.list_currency, rule.currency),
        "tier": (rule.tier,),
        "bundle": (str(len(rule.parts)),),
        "segment": (rule.sector.casefold(),),
    }
    product = "" if rule.kind in {"currency", "tier"} else str(rule.product or "")
    return (product, *own.get(rule.kind, ()))


def _overlaps(one: Discount, other: Discount) -> bool:
    if one.kind == "bundle":
        return bool(one.parts & other.parts)
    if one.kind == "date":
        return (one.starts_on is None or other.ends_on is None or one.starts_on <= other.ends_on) and (
            other.starts_on is None or one.ends_on is None or other.starts_on <= one.ends_on
        )
    return (one.most is None or (other.least or 0) <= one.most) and (
        other.most is None or (one.least or 0) <= other.most
    )


def _overlap(one: Discount, other: Discount, catalogue: Catalogue) -> Finding:
    first, second = sorted((one, other), key=lambda rule: rule.place)
    text = _("Two price rules overlap; where both hold, only the first applies.")
    ways = (discount_text(first, catalogue), discount_text(second, catalogue))
    return Finding("prices_overlap", text, ways, frozenset({f"price:{one.id}", f"price:{other.id}"}))


def _gaps(rules: Sequence[Discount], catalogue: Catalogue) -> Iterator[Finding]:
    """Find numbers between two ranges, or above the last, that no range takes in."""
    ranged = sorted((rule for rule in rules if (rule.least, rule.most) != (None, None)), key=lambda one: one.least or 0)
    reached: Discount | None = None
    for rule in ranged:
        if reached is not None and reached.most is not None and (rule.least or 0) > reached.most + 1:
            yield _gap(reached, rule, catalogue)
        if reached is None or (reached.most is not None and (rule.most is None or rule.most > reached.most)):
            reached = rule
    if reached is not None and reached.most is not None and reached.kind != "segment":
        yield _gap(reached, None, catalogue)


def _gap(below: Discount, above: Discount | None, catalogue: Catalogue) -> Finding:
    words = {
        "from": formats.number((below.most or 0) + 1),
        "to": formats.number((above.least or 0) - 1) if above else "",
    }
    text = (
        _("Price rules leave a gap: none applies from %(from)s to %(to)s.")
        if above
        else _("Price rules leave a gap: none applies from %(from)s on.")
    ) % words
    rules = [below, *([above] if above else [])]
    return Finding(
        "prices_gap",
        text,
        tuple(discount_text(rule, catalogue) for rule in rules),
        frozenset(f"price:{rule.id}" for rule in rules),
    )


def _rates(catalogue: Catalogue, *, currency: str, market: Market) -> list[Finding]:
    said_by_rule = {
        rule.list_currency for rule in catalogue.discounts if (rule.kind, rule.currency) == ("currency", currency)
    }
    found = []
    others = {item.currency for item in catalogue.items.values() if item.price is not None and item.currency}
    for other in sorted(others - said_by_rule - {currency}):
        try:
            market(other, currency)
        except NoRateError:
            parts = [name_of(key, catalogue) for key, item in catalogue.items.items() if item.currency == other]
            text = _(
                "Prices in %(other)s can’t be said in %(currency)s: there is no exchange rate and no price rule of currency."
            )
            found.append(Finding("no_rate", text % {"other": other, "currency": currency}, tuple(parts)))
    return found

"""Pains, rules and price rules in the reader's words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit import formats
from proofline.stages.discovery.configuring.rules import Need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.stages.discovery.configuring.catalogue import Catalogue
    from proofline.stages.discovery.configuring.pricing import Discount
    from proofline.stages.discovery.configuring.rules import Part

WHOLE = Decimal(100)


def name_of(key: str, catalogue: Catalogue) -> str:
    """Return the name of a part; what is bought as an add-on goes by its module's."""
    return str(catalogue.names.get(f"m{key[1:]}" if key.startswith("a") else key, key))


def say(part: Part, catalogue: Catalogue) -> str:
    """Return what a need, rule or decision says."""
    if isinstance(part, Need):
        return _("Eases “%(pain)s”") % {"pain": catalogue.pains[int(part.id.partition(":")[2])][0]}
    origin, _colon, number = part.id.partition(":")
    if origin == "in":
        return _("%(part)s was put in") % {"part": name_of(number, catalogue)}
    if origin == "out":
        return _("%(part)s was left out") % {"part": name_of(number, catalogue)}
    if origin == "rate":
        part_name = name_of(part.modules[0], catalogue)
        return _("There is no exchange rate from %(currency)s, the currency of %(part)s") % {
            "currency": number,
            "part": part_name,
        }
    if origin in {"one", "base", "product"}:
        product = next(item.product_name for item in catalogue.items.values() if item.product == int(number))
        words = {
            "one": _("At most one tier of %(product)s"),
            "base": _("Add-ons of %(product)s come with one of its tiers"),
            "product": _("Only %(product)s is asked for"),
        }
        return words[origin] % {"product": product}
    return rule_text(part.kind, [name_of(key, catalogue) for key in part.modules], part.number)


def said(parts: Sequence[Part], catalogue: Catalogue) -> list[str]:
    """Return what each of them says, each sentence once."""
    return list(dict.fromkeys(say(part, catalogue) for part in parts))


def rule_text(kind: str, names: Sequence[str], number: int = 0) -> str:
    """Return a rule in words."""
    first, others = names[0], names[1:]
    if kind == "requires":
        return _("%(part)s requires %(others)s") % {"part": first, "others": formats.listed(others)}
    if kind == "only_with":
        return _("%(part)s only with %(others)s") % {"part": first, "others": _(" or ").join(others)}
    if kind == "excludes":
        return _("%(parts)s exclude each other") % {"parts": formats.listed(names)}
    words = {"number": number, "parts": formats.listed(names)}
    return (
        _("At least %(number)s of %(parts)s") if kind == "at_least" else _("At most %(number)s of %(parts)s")
    ) % words


def discount_text(rule: Discount, catalogue: Catalogue) -> str:
    """Return a price rule in words: when, and what it does."""
    return _("%(when)s: %(what)s") % {"when": _when(rule, catalogue), "what": _what(rule)}


def _when(rule: Discount, catalogue: Catalogue) -> str:
    if rule.kind == "tier":
        return name_of(rule.tier, catalogue)
    if rule.kind == "bundle":
        return _("%(parts)s together") % {
            "parts": formats.listed(name_of(key, catalogue) for key in sorted(rule.parts))
        }
    if rule.kind == "date":
        return _span(rule)
    if rule.kind == "currency":
        when = _("In %(currency)s") % {"currency": rule.currency}
    elif rule.kind == "volume":
        when = _range(rule, ngettext("%(number)s seat", "%(number)s seats", rule.most or rule.least or 0))
    elif rule.kind == "term":
        when = _range(rule, ngettext("%(number)s month", "%(number)s months", rule.most or rule.least or 0))
    else:
        ranged = rule.least is not None or rule.most is not None
        people = _range(rule, ngettext("%(number)s employee", "%(number)s employees", rule.most or rule.least or 0))
        when = " · ".join([*([rule.sector] if rule.sector else []), *([people] if ranged else [])])
    return when


def _range(rule: Discount, unit: str) -> str:
    low, high = rule.least, rule.most
    if high is None:
        return _("from %(from)s on") % {"from": unit % {"number": formats.number(low or 0)}}
    if low is None:
        return _("up to %(to)s") % {"to": unit % {"number": formats.number(high)}}
    return unit % {"number": formats.number(low) if low == high else f"{formats.number(low)}–{formats.number(high)}"}


def _span(rule: Discount) -> str:
    if rule.ends_on is None:
        return _("from %(from)s on") % {"from": formats.day(rule.starts_on)}
    if rule.starts_on is None:
        return _("until %(to)s") % {"to": formats.day(rule.ends_on)}
    return f"{formats.day(rule.starts_on)} – {formats.day(rule.ends_on)}"


def _what(rule: Discount) -> str:
    if rule.rate is not None:
        return _("%(list)s 1 = %(currency)s %(rate)s") % {
            "list": rule.list_currency,
            "currency": rule.currency,
            "rate": f"{rule.rate.normalize():f}",
        }
    if rule.percent is not None:
        share = formats.percent(abs(rule.percent) / WHOLE, digits=0 if rule.percent == int(rule.percent) else 2)
        return (_("%(share)s off") if rule.percent > 0 else _("%(share)s on top")) % {"share": share}
    money = formats.money(abs(rule.amount or 0), rule.currency)
    return (_("%(money)s off each") if (rule.amount or 0) > 0 else _("%(money)s on top of each")) % {"money": money}

"""What a customer may switch in a proposal, how it stands, and what it then costs and brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.money import Money
from proofline.records.models import Module
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.configuration import Conflict
from proofline.stages.discovery.configuring.offering import Ask, market_on, offer
from proofline.stages.discovery.configuring.pricing import NoRateError
from proofline.stages.discovery.configuring.saying import said
from proofline.stages.discovery.drawings import payback_text
from proofline.stages.discovery.roi import decimal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.stages.discovery.configuring.offering import Offer
    from proofline.stages.discovery.models import Configuration, Proposal, Wish

LETTERS = {"tier": "t", "pack": "p"}


class ForbiddenChoiceError(Exception):
    """What was chosen can't be sold together; the text says why."""


@dataclass(frozen=True)
class AddOn:
    """A module that the customer may switch. `price` is what a month of it costs, as money in words; "" where that depends."""

    module: Module
    is_on: bool
    was_on: bool
    price: str
    wish: Wish | None = None


@dataclass(frozen=True)
class Selection:
    """The add-ons of a proposal as the customer left them."""

    proposal: Proposal
    configuration: Configuration
    add_ons: list[AddOn]

    @property
    def changed(self) -> list[AddOn]:
        """Those that are not as we offered them."""
        return [one for one in self.add_ons if one.is_on != one.was_on]

    @cached_property
    def _found(self) -> tuple[Offer | None, str]:
        try:
            return offer_with(self.configuration, {one.module.pk: one.is_on for one in self.changed})[0], ""
        except ForbiddenChoiceError as error:
            return None, str(error)

    @property
    def trouble(self) -> str:
        """Why what was chosen can't be sold any more, "" where it can."""
        return self._found[1] if self.changed else ""

    @cached_property
    def price(self) -> tuple[Money, Money] | None:
        """What it costs a month and once, as chosen; None where that can't be said."""
        kept = self.configuration
        if not self.changed:
            return kept.monthly_price, kept.once_price
        found = self._found[0]
        return (Money(found.price.monthly, kept.currency), Money(found.price.once, kept.currency)) if found else None

    @property
    def difference(self) -> str:
        """How much more or less a month that is than what we offered."""
        more = self.price[0].amount - self.configuration.monthly if self.price else Decimal(0)
        sign = "+" if more > 0 else "−"
        return f"{sign}{formats.money(abs(more), self.configuration.currency)}" if more else ""

    @property
    def brings(self) -> list[str]:
        """When it is paid back and what it returns, as chosen; nothing where no investment is known in this currency."""
        case = self.proposal.value_case
        if case is None or self.price is None or case.currency != self.configuration.currency:
            return []
        monthly, once = (money.amount for money in self.price)
        found = case.roi(more_monthly=monthly - self.configuration.monthly, more_once=once - self.configuration.once)
        if not found.investment.by(found.months) or not case.monthly_value:
            return []
        share = found.over(found.months)
        words = {
            "share": formats.percent(decimal(share, places=4)) if share is not None else "",
            "months": found.months,
        }
        more = [_("%(share)s return on investment in %(months)s months") % words] if words["share"] else []
        return [payback_text(found), *more]


def selection_of(proposal: Proposal) -> Selection | None:
    """Return what may be switched: modules that are in without being needed, and those that were offered beside; None for nothing."""
    kept = proposal.configuration
    if kept is None:
        return None
    parts = {part.module_id: part for part in kept.ordered_parts if part.kind == "module" and part.module_id}
    optional = [pk for pk, part in parts.items() if not part.reasons]
    offered = proposal.offered_add_ons.order_by("module__name").values_list("module_id", flat=True)
    modules = Module.objects.in_bulk(list(dict.fromkeys([*optional, *offered])))
    if not modules:
        return None
    wishes = wishes_of(proposal)
    add_ons = []
    for pk in dict.fromkeys([*optional, *(pk for pk in offered if pk not in parts)]):
        module, part, wish = modules[pk], parts.get(pk), wishes.get(pk)
        price = part.price if part else module.monthly_price if module.currency == kept.currency else None
        words = formats.money(price, kept.currency) if price else ""
        add_ons.append(AddOn(module, wish.is_on if wish else part is not None, part is not None, words, wish))
    return Selection(proposal, kept, add_ons)


def wishes_of(proposal: Proposal) -> dict[int, Wish]:
    """Return the last wish of each module since wishes were taken into a configuration."""
    taken = proposal.wish_takings.order_by("-pk").first()
    rows = proposal.wishes.filter(at__gt=taken.at) if taken else proposal.wishes.all()
    return {wish.module_id: wish for wish in rows.order_by("pk")}


def offer_with(kept: Configuration, switched: Mapping[int, bool]) -> tuple[Offer, Ask, Catalogue]:
    """Return what is offered when modules are switched on or off in a configuration; its tiers and packs stay.

    Raises:
        ForbiddenChoiceError: a rule of the catalogue forbids it, or it has no price.
    """
    catalogue = Catalogue.load()
    plain = _ask(kept, switched)
    base = tuple(
        f"{LETTERS[part.kind]}{pk}"
        for part in kept.ordered_parts
        if part.kind in LETTERS and (pk := part.tier_id or part.pack_id)
    )
    found = _offer(catalogue, replace(plain, put_in=tuple(dict.fromkeys([*plain.put_in, *base]))))
    freely = _offer(catalogue, plain)
    ask = plain if freely.bought == found.bought else replace(plain, put_in=(*plain.put_in, *base))
    return (freely if ask is plain else found), ask, catalogue


def _offer(catalogue: Catalogue, ask: Ask) -> Offer:
    try:
        found = offer(catalogue, ask, market=market_on(ask.on))
    except NoRateError as error:
        raise ForbiddenChoiceError(_("This has no price in the currency of the proposal yet.")) from error
    if isinstance(found, Conflict):
        raise ForbiddenChoiceError(
            _("These can't go together: %(why)s") % {"why": "; ".join(said(found.parts, catalogue))}
        )
    return found


def _ask(kept: Configuration, switched: Mapping[int, bool]) -> Ask:
    asked, account = kept.asked, kept.study.account
    keys = {f"m{pk}": is_on for pk, is_on in switched.items()}
    put_in = [key for key in asked.get("put_in", ()) if key not in keys]
    left_out = [key for key in asked.get("left_out", ()) if key not in keys]
    return Ask(
        pains=tuple(asked.get("pains", ())),
        currency=kept.currency,
        on=kept.priced_on,
        seats=kept.seats,
        months=kept.months,
        put_in=(*put_in, *(key for key, is_on in keys.items() if is_on)),
        left_out=(*left_out, *(key for key, is_on in keys.items() if not is_on)),
        sector=account.sector,
        employees=account.employees,
        product=asked.get("product"),
    )

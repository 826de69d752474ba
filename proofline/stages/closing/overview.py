"""What an account is in closing: what it may bring and has brought, its offers, and who decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Sum

from proofline.kit.money import Money
from proofline.records.access import Seen
from proofline.records.adding import totals
from proofline.records.models import Contact
from proofline.stages.closing.mapping import Drawing, drawn
from proofline.stages.closing.models import Contract, Deal, DealPerson, Quote, gaps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from proofline.records.models import Account, User
    from proofline.stages.closing.models import QuoteOption
    from proofline.stages.closing.models.deals import DealQuerySet
    from proofline.stages.closing.models.quotes import QuoteQuerySet

MOST_PEOPLE, MOST_OTHERS = 200, 50
SHOWN = 8
OF_CONTRACT = ("sending", "acceptance", "withdrawal", "product", "option", "deal")
"""What the line of a contract says."""


@dataclass(frozen=True)
class Sold:
    """What the deals of an account come to, in the workspace's currency and in those without a rate."""

    open: list[Money]
    open_deals: int
    won: list[Money]
    won_deals: int


def sold_to(account: Account, *, user: User, today: date) -> Sold:
    """Return the sums of the open and of the won deals that the user may see."""
    open_, won = _open_sums(account.pk, user=user), _won_sums(account.pk, user=user)
    return Sold(
        totals((Money(amount, currency) for currency, amount, _n in open_ if amount), on=today),
        sum(number for _currency, _amount, number in open_),
        totals((Money(amount, currency) for currency, amount, _n in won if amount), on=today),
        sum(number for _currency, _amount, number in won),
    )


_open_sums = Seen[tuple[str, Decimal, int]](
    Deal,
    lambda rows, account: (
        rows.filter(account=account).open().values_list("currency").annotate(Sum("amount"), Count("pk"))
    ),
)
_won_sums = Seen[tuple[str, Decimal, int]](
    Deal,
    lambda rows, account: (
        rows.filter(account=account).won().values_list("won__currency").annotate(Sum("won__amount"), Count("pk"))
    ),
)


def deals_with(account: Account, *, user: User) -> list[Deal]:
    """Return the account's newest deals that the user may see, the open ones first."""
    return open_first(_newest(account.pk, user=user))


def newest(deals: DealQuerySet) -> DealQuerySet:
    """Return the newest of some deals, with what a line says of them."""
    return deals.select_related("stage", "owner", "won", "lost").order_by("-opened_at", "-pk")[:SHOWN]


def open_first(deals: Iterable[Deal]) -> list[Deal]:
    """Return deals in their order, the open ones first."""
    return sorted(deals, key=lambda deal: deal.is_closed)


_newest = Seen[Deal](Deal, lambda rows, account: newest(rows.filter(account=account)))


def contracts_with(account: Account, *, user: User) -> list[Contract]:
    """Return the account's newest contracts that were not taken back."""
    return _contracts(account.pk, user=user)


_contracts = Seen[Contract](
    Contract,
    lambda rows, account: (
        rows.filter(account=account, withdrawal=None).select_related(*OF_CONTRACT).order_by("-pk")[:SHOWN]
    ),
)


@dataclass(frozen=True)
class Offer:
    """A quote that stands, with what was chosen of it or is recommended."""

    quote: Quote
    state: str
    """`draft`, `sent`, `chosen` or `expired`."""
    option: QuoteOption | None


def offers_to(account: Account, *, user: User, today: date) -> list[Offer]:
    """Return the newest quotes that no later one replaced."""
    return [_offer(quote, today=today) for quote in _standing(account.pk, user=user)]


def _not_replaced(quotes: QuoteQuerySet, account: int) -> QuoteQuerySet:
    later = Quote.objects.filter(deal=OuterRef("deal"), version__gt=OuterRef("version"), sending__isnull=False)
    found = quotes.filter(Q(choice__isnull=False) | ~Exists(later), deal__account=account)
    return found.select_related("deal", "sending", "choice__option").prefetch_related("options").order_by("-pk")[:SHOWN]


_standing = Seen[Quote](Quote, _not_replaced)


def _offer(quote: Quote, *, today: date) -> Offer:
    if quote.is_chosen:
        return Offer(quote, "chosen", quote.choice.option)
    options = sorted(quote.options.all(), key=lambda option: (not option.recommended, option.position))
    waiting = "expired" if quote.valid_until < today else "sent"
    return Offer(quote, waiting if quote.is_sent else "draft", options[0] if options else None)


@dataclass(frozen=True)
class Placed:
    """A contact of the account and their parts in its deals, the newest open deal first."""

    contact: Contact
    parts: list[DealPerson] = field(default_factory=list)

    @property
    def part(self) -> DealPerson | None:
        """The part that counts: in the newest open deal, else in the newest."""
        return self.parts[0] if self.parts else None


@dataclass(frozen=True)
class DecisionMap:
    """Who decides at an account, and what each open deal still lacks."""

    placed: list[Placed]
    gaps: list[tuple[Deal, list[str]]]

    @property
    def drawing(self) -> Drawing:
        """The map of those whose deals are open; of all, where none is."""
        parts = [one.parts[0] for one in self.placed]
        is_open = any(not part.deal.is_closed for part in parts)
        return drawn([part for part in parts if not (is_open and part.deal.is_closed)], is_open=is_open)


def decision_map_of(account: Account, *, user: User) -> DecisionMap:
    """Return who has a part in the account's deals that the user may see, who weighs most first, and the gaps of open deals."""
    parts = sorted(_parts(account.pk, user=user), key=lambda part: part.deal.is_closed)
    by_contact: dict[int, Placed] = {}
    of_deal: dict[int, list[DealPerson]] = {}
    for part in parts:
        by_contact.setdefault(part.contact_id, Placed(part.contact)).parts.append(part)
        of_deal.setdefault(part.deal_id, []).append(part)
    placed = sorted(by_contact.values(), key=lambda one: (one.parts[0].deal.is_closed, -one.parts[0].influence))
    found = [(people[0].deal, gaps(people)) for people in of_deal.values() if not people[0].deal.is_closed]
    return DecisionMap(placed, [(deal, lacks) for deal, lacks in found if lacks])


_parts = Seen[DealPerson](
    Deal,
    lambda rows, account: (
        DealPerson.objects.filter(deal__in=rows.filter(account=account))
        .select_related("contact", "deal__won", "deal__lost")
        .order_by("-deal__opened_at", "-deal_id", "pk")[:MOST_PEOPLE]
    ),
)


def others_at(account: Account, decides: DecisionMap, *, user: User) -> list[Contact]:
    """Return the account's people that the user may see who have no part in its deals."""
    placed = [one.contact.pk for one in decides.placed]
    found = Contact.objects.visible_to(user).filter(account=account).exclude(pk__in=placed)
    return list(found.order_by("name", "pk")[:MOST_OTHERS])

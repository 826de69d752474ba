"""The board: columns of open deals with their counts and sums, and what is likely to come of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from proofline.kit.money import Money
from proofline.kit.remembering import Remembered
from proofline.records.models import ExchangeRate, Workspace
from proofline.stages.closing.models import STALLED_AFTER, DealStage

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from proofline.stages.closing.models import Deal
    from proofline.stages.closing.models.deals import DealQuerySet

CARDS = 15
FRESH, FADING = 7, 14


@dataclass(frozen=True)
class Card:
    """A deal on the board. `age` says how far it has faded: fresh, fading, old or stalled."""

    deal: Deal
    age: str
    days: int
    warnings: list[str]


@dataclass(frozen=True)
class Column:
    """A stage on the board: how many deals stand in it, their sum in the workspace's currency, and some of them."""

    stage: DealStage
    count: int
    sum: Money
    apart: Sequence[Money]
    """What is not in the sum, since its currency has no rate."""
    cards: list[Card]
    next: int | None
    """The offset of the cards that follow; None when these are the last."""


@dataclass(frozen=True)
class Forecast:
    """All open deals: count, sum, what is likely to come of them (Σ amount × probability of the stage), and how many are stalled."""

    count: int
    sum: Money
    apart: Sequence[Money]
    """What is not in the sum, since its currency has no rate."""
    weighted: Money
    weighted_apart: Sequence[Money]
    stalled: int


@dataclass(frozen=True)
class Board:
    """The whole board."""

    columns: list[Column]
    forecast: Forecast


class Rates:
    """Today's exchange rates to the workspace's currency, read once."""

    def __init__(self, *, on: date) -> None:
        self.currency = Workspace.current().currency
        rates = ExchangeRate.objects.filter(since__lte=on).order_by("since")
        self.rates = {rate.currency: rate.rate for rate in rates} | {self.currency: Decimal(1)}

    def in_base(self, amount: Decimal | None, currency: str) -> Money:
        """Return the amount in the workspace's currency; one without a rate counts as nothing."""
        return Money((amount or Decimal(0)) * self.rates.get(currency, Decimal(0)), self.currency).rounded()

    def zero(self) -> Money:
        """Return nothing, in the workspace's currency."""
        return Money.zero(self.currency)


@dataclass(frozen=True)
class Sums:
    """Deals of a stage: how many, what they come to in the workspace's currency, and apart from it what has no rate."""

    count: int
    money: Money
    apart: tuple[Money, ...] = ()

    def plus(self, count: int, amount: Decimal | None, currency: str, *, rates: Rates) -> Sums:
        """Return these with more deals, all of one currency."""
        if currency in rates.rates or not amount:
            return replace(self, count=self.count + count, money=self.money + rates.in_base(amount, currency))
        return replace(self, count=self.count + count, apart=(*self.apart, Money(amount, currency)))


@dataclass(frozen=True)
class Asked:
    """Deals to be added up. `key` tells them from others: who looks, through which filters."""

    deals: DealQuerySet
    key: Hashable
    now: datetime
    today: date


@dataclass(frozen=True)
class Totals:
    """The open deals added up: by stage, and the forecast."""

    stages: Mapping[int, Sums]
    forecast: Forecast


def _added(asked: Asked) -> Totals:
    rates = Rates(on=asked.today)
    totals = stage_totals(asked.deals, rates=rates)
    stages = DealStage.objects.ladder()
    line = forecast(asked.deals, stages=stages, totals=totals, zero=rates.zero(), now=asked.now)
    return Totals(totals, line)


added = Remembered(_added, key=lambda asked: (asked.key, asked.today), seconds=15)
"""Deals added up: a sum over all of them, which many ask for again and again."""


def board(asked: Asked) -> Board:
    """Return the board of the open ones among the deals."""
    totals = added(asked)
    columns = [
        column(asked.deals, stage=stage, totals=totals.stages[stage.pk], offset=0, now=asked.now, today=asked.today)
        for stage in DealStage.objects.ladder()
    ]
    return Board(columns=columns, forecast=totals.forecast)


def stage_totals(deals: DealQuerySet, *, rates: Rates) -> dict[int, Sums]:
    """Return the sums of the open deals by stage, in one query."""
    totals: dict[int, Sums] = defaultdict(lambda: Sums(0, rates.zero()))
    rows = deals.open().order_by("currency").values_list("stage_id", "currency")
    for stage, currency, count, total in rows.annotate(n=Count("pk"), total=Sum("amount")):
        totals[stage] = totals[stage].plus(count, total, currency, rates=rates)
    return totals


def column(
    deals: DealQuerySet,
    *,
    stage: DealStage,
    totals: Sums,
    offset: int,
    now: datetime,
    today: date,
) -> Column:
    """Return a stage's column from the given card on, those that came last to the stage first."""
    found = list(
        deals.open()
        .filter(stage=stage)
        .select_related("account", "owner", "won", "lost")
        .order_by("-stage_since", "-pk")[offset : offset + CARDS + 1]
    )
    return Column(
        stage=stage,
        count=totals.count,
        sum=totals.money,
        apart=totals.apart,
        cards=[card(deal, now=now, today=today) for deal in found[:CARDS]],
        next=offset + CARDS if len(found) > CARDS else None,
    )


def card(deal: Deal, *, now: datetime, today: date) -> Card:
    """Return a deal as it stands on the board."""
    days = deal.days_in_stage(now=now)
    age = "fresh" if days < FRESH else "fading" if days < FADING else "old" if days <= STALLED_AFTER.days else "stalled"
    return Card(deal=deal, age=age, days=days, warnings=deal.warnings(now=now, today=today))


def forecast(
    deals: DealQuerySet, *, stages: list[DealStage], totals: dict[int, Sums], zero: Money, now: datetime
) -> Forecast:
    """Return what is likely to come of the open deals; `zero` is nothing in the workspace's currency."""
    parts = [(totals[stage.pk], stage.probability) for stage in stages]
    weighted = Money.total([one.money * share for one, share in parts], currency=zero.currency)
    return Forecast(
        count=sum(one.count for one, _share in parts),
        sum=Money.total([one.money for one, _share in parts], currency=zero.currency),
        apart=by_currency(money for one, _share in parts for money in one.apart),
        weighted=weighted.rounded(),
        weighted_apart=by_currency(money * share for one, share in parts for money in one.apart),
        stalled=deals.stalled(now=now).count(),
    )


def by_currency(amounts: Iterable[Money]) -> list[Money]:
    """Return amounts added up by currency, in the order of their codes; what comes to nothing is left out."""
    found: dict[str, Money] = {}
    for money in amounts:
        found[money.currency] = found.get(money.currency, Money.zero(money.currency)) + money
    return [money.rounded() for _code, money in sorted(found.items()) if money]

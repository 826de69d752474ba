"""What tiers cost a customer by themselves, with the price rules: for whoever offers them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.discovery.configuring.catalogue import discount_of
from proofline.stages.discovery.configuring.offering import market_on
from proofline.stages.discovery.configuring.pricing import Line, NoRateError, Sale, price
from proofline.stages.discovery.models import PriceRule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from proofline.records.models import Account, Tier


def tier_prices(
    tiers: Iterable[Tier], *, account: Account | None, currency: str, months: int, on: date
) -> dict[int, Decimal]:
    """Return what a month of each tier costs with the seats that it includes, by the tier's number.

    A tier whose price can't be said in the currency is left out.
    """
    rules = [discount_of(row) for row in PriceRule.objects.prefetch_related("parts").order_by("pk")]
    market = market_on(on)
    found = {}
    for tier in tiers:
        key = f"t{tier.pk}"
        line = Line(key, tier.product_id, tier.included_seats, tier.seat_price, tier.currency)
        inside = frozenset({key, *(f"m{module.pk}" for module in tier.modules.all())})
        sale = Sale(
            months, currency, on, inside, account.sector if account else "", account.employees if account else None
        )
        try:
            found[tier.pk] = price([line], rules, sale=sale, market=market).monthly
        except NoRateError:
            continue
    return found

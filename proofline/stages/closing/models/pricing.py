"""What a contract costs: the option that it is drafted from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from proofline.kit.money import Money
from proofline.stages.closing.models.options import MONTHS_A_YEAR, QuoteOption

if TYPE_CHECKING:
    from proofline.stages.closing.models.deals import Deal


def offered(deal: Deal) -> QuoteOption | None:
    """Return the option that the customer chose last, else the recommended one of the quote sent last."""
    chosen = deal.quotes.filter(choice__isnull=False).order_by("-version").first()
    if chosen:
        return QuoteOption.objects.select_related("quote").get(pk=chosen.choice.option_id)
    sent = deal.quotes.filter(sending__isnull=False).order_by("-version").first()
    return sent.options.select_related("quote").order_by("-recommended", "position").first() if sent else None


def price(deal: Deal, option: QuoteOption | None) -> dict[str, Any]:
    """Return the price fields of a contract: the option's, else a twelfth of the deal's amount a month, in whole units."""
    if option:
        return {
            "monthly": option.monthly,
            "once": option.once,
            "currency": option.quote.currency,
            "seats": option.seats,
        }
    yearly = deal.value or Money.zero(deal.currency)
    return {
        "monthly": (yearly / MONTHS_A_YEAR).amount.quantize(Decimal(1), rounding=ROUND_HALF_UP),
        "once": Decimal(0),
        "currency": deal.currency,
        "seats": 1,
    }

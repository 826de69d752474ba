"""What was configured for a deal's customer, as an option of the deal's quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.records.models import Tier
    from proofline.stages.closing.models.deals import Deal
    from proofline.stages.closing.models.options import QuoteOption
    from proofline.stages.closing.models.quotes import Quote
    from proofline.stages.discovery.models import Configuration

NAME_LENGTH = 120


def configured_for(deal: Deal) -> Configuration | None:
    """Return what was configured for the deal's customer last."""
    return deal.study.last_configuration if deal.study else None


def newer_than(quote: Quote) -> Configuration | None:
    """Return what was configured since for the quote's customer, in its currency; None where the quote offers the last."""
    kept = configured_for(quote.deal)
    if kept is None or kept.currency != quote.currency:
        return None
    offered = {option.configuration_id for option in quote.options.all()}
    since = kept.created_at > quote.created_at or bool(offered - {None})
    return kept if since and kept.pk not in offered else None


def place_for(kept: Configuration, options: Sequence[QuoteOption]) -> QuoteOption:
    """Return the option in whose place a configuration is offered: an earlier one, else its own tier, else the middle one."""
    tiers = {part.tier_id for part in kept.ordered_parts if part.tier_id}
    earlier = next((option for option in options if option.configuration_id), None)
    own = next((option for option in options if option.tier_id in tiers), None)
    return earlier or own or options[min(1, len(options) - 1)]


def put_in(kept: Configuration, option: QuoteOption) -> None:
    """Let an option offer what was configured, as the one that is recommended; it is not saved."""
    for name, value in _values(kept, tier=option.tier).items():
        setattr(option, name, value)


def _values(kept: Configuration, *, tier: Tier | None) -> dict[str, Any]:
    parts = kept.ordered_parts
    modules = [name for part in parts for name in ([part.name] if part.kind == "module" else part.unlocks)]
    return {
        "configuration": kept,
        "tier": tier if tier and tier.pk in {part.tier_id for part in parts} else None,
        "name": " + ".join(part.name for part in parts)[:NAME_LENGTH],
        "seats": max((part.quantity for part in parts if part.kind == "tier"), default=kept.seats),
        "monthly": kept.monthly,
        "once": kept.once,
        "modules": modules + [part.name for part in parts if part.kind == "pack"],
        "recommended": True,
    }

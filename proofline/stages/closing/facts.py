"""The facts that this room records on the timeline, and what they carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop as _

from proofline.records.models import NoExchangeRateError, Workspace
from proofline.timeline import catalogue

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.kit.money import Money
    from proofline.stages.closing.models import Deal

SECONDS_A_DAY = 86_400


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("deal.created", sentence=_("opened the deal {name}"))
    catalogue.declare("deal.changed", sentence=_("changed the deal {name}"))
    catalogue.declare("deal.planned", sentence=_("planned “{next_step}” for the deal {name}"))
    catalogue.declare("deal.moved", sentence=_("moved the deal {name} from {from_stage} to {to_stage}"))
    catalogue.declare("deal.won", sentence=_("won the deal {name}"))
    catalogue.declare("deal.lost", sentence=_("lost the deal {name}"))
    catalogue.declare("deal.reopened", sentence=_("reopened the deal {name}"))
    catalogue.declare("person.placed", sentence=_("placed {person} in the decision map of {name}"))
    catalogue.declare("quote.drafted", sentence=_("drafted quote {version} for {name}"))
    catalogue.declare(
        "quote.configured",
        sentence=_("put version {configuration} of what was configured into quote {version} for {name}"),
    )
    catalogue.declare("quote.sent", sentence=_("sent quote {version} for {name}"))
    catalogue.declare("quote.chosen", sentence=_("{person} chose {option} in quote {version}"))
    catalogue.declare("contract.drafted", sentence=_("drafted contract {number}"))
    catalogue.declare("contract.sent", sentence=_("sent contract {number}"))
    catalogue.declare("contract.withdrawn", sentence=_("took contract {number} back"))
    catalogue.declare("contract.accepted", sentence=_("{person} signed contract {number}"))


def deal_properties(deal: Deal) -> dict[str, Any]:
    """Return what every fact of a deal carries: its slices by the names that people see, and the ids of owner, team.

    Amounts are decimals as text.
    """
    owner = deal.owner
    return {
        "deal": deal.pk,
        "name": deal.name,
        "study_id": deal.study_id,
        "owner": str(owner or ""),
        "owner_id": owner and owner.pk,
        "team": str((owner and owner.team) or ""),
        "team_id": owner and owner.team_id,
        "product": str(deal.product or ""),
        "source": deal.source,
        "sector": deal.sector,
        "stage": deal.stage.name,
        "amount": None if deal.amount is None else str(deal.amount),
        "currency": deal.currency,
    }


def outcome_properties(
    deal: Deal, *, at: datetime, value: Money | None, workspace: Workspace | None = None
) -> dict[str, Any]:
    """Return what the facts `deal.won` and `deal.lost` add: value, base_value, currency and days.

    `base_value` is in the workspace's currency. `days` counts from the opening of the deal, to two decimals. `base_value` is None where no exchange rate is known.
    """
    return {
        "value": str(value.amount) if value else None,
        "base_value": base_value(value, at=at, workspace=workspace),
        "currency": value.currency if value else deal.currency,
        "days": round((at - deal.opened_at).total_seconds() / SECONDS_A_DAY, 2),
    }


def base_value(value: Money | None, *, at: datetime, workspace: Workspace | None = None) -> str | None:
    """Return an amount in the workspace's currency as text, or None where there is none or no rate is known."""
    if value is None:
        return None
    try:
        return str((workspace or Workspace.current()).in_base(value, on=at.date()).amount)
    except NoExchangeRateError:
        return None

"""An account from all sides through the API: what its page shows, for what the token's user may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Router

from proofline.config import overview
from proofline.config.api_overview_shapes import OverviewOut
from proofline.insight import use
from proofline.kit.clock import local_day
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.models import Account, Workspace
from proofline.stages.closing import overview as closing
from proofline.stages.delivery import overview as delivery

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from proofline.records.models import Contact, User
    from proofline.stages.closing.models import Deal, DealPerson
    from proofline.stages.delivery.models import Project
    from proofline.stages.growth.overview import Health

router = Router(tags=["overview"])


@router.get("/accounts/{int:pk}/overview", response=OverviewOut)
def account_overview(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return an account from all sides: money, health, people, deals, quotes, contracts, value, delivery, tickets, product use."""
    user = user_of(request)
    account = load(Account, user=user, pk=pk)
    now = timezone.now()
    glance = overview.glance_at(account, user=user, now=now)
    return {
        "account_id": account.pk,
        "money": _money(glance),
        "health": _health(glance.health),
        **_closing(account, user=user, now=now),
        "value": delivery.value_of(account, user=user),
        "projects": [_project(project) for project in delivery.projects_of(account, user=user)],
        "tickets": delivery.tickets_of(account, user=user),
        "open_tickets": glance.tickets,
        "late_tickets": glance.late,
        "use": _use(account, user=user, now=now),
    }


def _money(glance: overview.Glance) -> dict[str, Any]:
    paying, sold = glance.paying, glance.sold
    return {
        "monthly": paying.monthly,
        "subscriptions": paying.subscriptions,
        "won": sold.won,
        "won_deals": sold.won_deals,
        "open": sold.open,
        "open_deals": sold.open_deals,
        "renewal_id": paying.renewal.pk if paying.renewal else None,
        "renewal_on": paying.renewal.ends_on if paying.renewal else None,
    }


def _health(health: Health) -> dict[str, Any] | None:
    last = health.last
    if last is None:
        return None
    tier = health.tier.tier if health.tier else None
    return {
        "score": last.score,
        "band": last.band,
        "tier": tier,
        "drivers": last.measures,
        "weeks": health.readings,
    }


def _closing(account: Account, *, user: User, now: datetime) -> dict[str, Any]:
    today = local_day(now, time_zone=Workspace.current().time_zone)
    decides = closing.decision_map_of(account, user=user)
    others = closing.others_at(account, decides, user=user)
    return {
        "people": [_person(one.contact, one.parts) for one in decides.placed] + [_person(one, []) for one in others],
        "gaps": [{"deal_id": deal.pk, "gaps": lacks} for deal, lacks in decides.gaps],
        "deals": [_deal(deal) for deal in closing.deals_with(account, user=user)],
        "quotes": [_offer(offer) for offer in closing.offers_to(account, user=user, today=today)],
        "contracts": closing.contracts_with(account, user=user),
    }


def _person(contact: Contact, parts: list[DealPerson]) -> dict[str, Any]:
    return {"contact_id": contact.pk, "name": contact.name, "title": contact.title, "parts": parts}


def _deal(deal: Deal) -> dict[str, Any]:
    value = deal.won.value if deal.state == "won" and deal.won.value else deal.value
    return {
        "id": deal.pk,
        "name": deal.name,
        "state": deal.state,
        "stage": deal.stage.name,
        "amount": value.amount if value else None,
        "currency": value.currency if value else deal.currency,
    }


def _offer(offer: closing.Offer) -> dict[str, Any]:
    quote, option = offer.quote, offer.option
    return {
        "id": quote.pk,
        "deal_id": quote.deal_id,
        "version": quote.version,
        "state": offer.state,
        "option": option.name if option else "",
        "monthly": option.monthly if option else None,
        "currency": quote.currency,
        "valid_until": quote.valid_until,
    }


def _project(project: Project) -> dict[str, Any]:
    gate = project.current_gate
    return {
        "id": project.pk,
        "name": project.name,
        "gate": gate.kind if gate else None,
        "went_live_at": project.went_live_at,
    }


def _use(account: Account, *, user: User, now: datetime) -> dict[str, Any] | None:
    found = use.read(account, user=user, now=now)
    if found is None:
        return None
    people = [
        {
            "name": one.name,
            "contact_id": one.contact.pk if one.contact else None,
            "times": one.times,
            "last": one.last,
        }
        for one in found.people
    ]
    return {
        "active": found.active,
        "active_before": found.active_before,
        "times": found.times,
        "modules": found.modules,
        "people": people,
    }

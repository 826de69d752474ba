"""What other facts lead to here: a qualified lead opens a deal, a win drafts the contract, a signature wins the deal.

`config/reactions.py` ties these functions to their facts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.kit.clock import local_day
from proofline.records.models import User, Workspace
from proofline.stages.closing.models import Contract, Deal
from proofline.stages.reach.models import Lead

if TYPE_CHECKING:
    from proofline.timeline.events import Fact


def open_deal_for_lead(fact: Fact) -> Deal | None:
    """Open the deal of a qualified lead, unless its qualification said otherwise or it has one."""
    if not fact.properties.get("open_deal", True):
        return None
    lead = Lead.objects.select_related("qualification__account", "qualification__contact").get(pk=fact.subject_id)
    known: Deal | None = Deal.objects.filter(lead=lead).first()
    if known:
        return known
    qualification = lead.qualification
    account = qualification.account
    deal: Deal = Deal.objects.open_deal(
        by=actor(fact),
        now=fact.at,
        name=f"{account or lead.company or lead.name}" + (f" · {lead.product}" if lead.product else ""),
        account=account,
        contact=qualification.contact,
        product=lead.product,
        owner=lead.owner or actor(fact),
        lead=lead,
        source=lead.source,
        sector=(account.sector if account else "") or lead.sector,
    )
    return deal


def draft_contract_for_deal(fact: Fact) -> Contract | None:
    """Draft the contract of a won deal, unless it has one or no account to be a party."""
    deal = Deal.objects.select_related("account", "product", "owner").get(pk=fact.subject_id)
    if deal.account is None or deal.contracts.standing().exists():
        return None
    today = local_day(fact.at, time_zone=Workspace.current().time_zone)
    contract: Contract = Contract.objects.draft(deal=deal, by=actor(fact), now=fact.at, today=today)
    return contract


def win_deal_of_contract(fact: Fact) -> None:
    """Win the deal of a signed contract for what its first year brings; one given up for lost is won after all."""
    contract = Contract.objects.select_related("deal").get(pk=fact.properties["contract"])
    deal = contract.deal
    if deal.state == "lost":
        deal.reopen(by=deal.owner, now=fact.at)
        deal = Deal.objects.get(pk=deal.pk)
    if not deal.is_closed:
        deal.win(by=deal.owner, now=fact.at, amount=contract.first_year)


def actor(fact: Fact) -> User | None:
    """Return the member of staff who did it, None for a customer or the system."""
    return User.objects.filter(pk=fact.by).first() if fact.by else None

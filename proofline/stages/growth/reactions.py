"""What a signed contract leads to here; wired in `config/reactions.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.closing.models import Contract
from proofline.stages.growth.models import Subscription

if TYPE_CHECKING:
    from proofline.timeline.events import Fact


def begin_subscription_for_contract(fact: Fact) -> Subscription | None:
    """Begin the subscription of a signed contract; one without a monthly price has none."""
    contract = Contract.objects.select_related("account", "product", "option__tier").get(pk=fact.properties["contract"])
    if not contract.monthly:
        return None
    subscription: Subscription = Subscription.objects.begin_for(contract, by=None, now=fact.at)
    return subscription

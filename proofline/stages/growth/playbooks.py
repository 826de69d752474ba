"""With which records playbooks of this room stand: customers; and in which states those are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.enablement.kinds import Kind
from proofline.kit.clock import local_day
from proofline.records.models import Account, Workspace
from proofline.stages.growth.models import Band, CustomerTier, HealthReading, Subscription
from proofline.stages.growth.models.subscriptions import REMIND_BEFORE

if TYPE_CHECKING:
    from datetime import datetime


def states() -> list[tuple[str, Any]]:
    """Return the tiers of customers, the bands of health, and that a renewal is near."""
    tiers = [(f"tier-{tier.value}", _("Customer tier: %(tier)s") % {"tier": tier.label}) for tier in CustomerTier.Tier]
    bands = [(f"health-{band.value}", _("Health: %(band)s") % {"band": band.label}) for band in Band]
    return [*tiers, *bands, ("renewal", _("within %(days)d days of a renewal") % {"days": max(REMIND_BEFORE).days})]


def states_of(account: Account, now: datetime) -> set[str]:
    """Return in which tier a customer is, how healthy, and whether a renewal is near."""
    found = set()
    if tier := CustomerTier.objects.filter(account=account).order_by("-at", "-pk").first():
        found.add(f"tier-{tier.tier}")
    if reading := HealthReading.objects.filter(account=account).order_by("-week").first():
        found.add(f"health-{reading.band}")
    soon = local_day(now, time_zone=Workspace.current().time_zone) + max(REMIND_BEFORE)
    if Subscription.objects.ending_by(soon).filter(account=account).exists():
        found.add("renewal")
    return found


def is_customer(account: Account) -> bool:
    """Tell whether an account has, or had, a subscription."""
    return Subscription.objects.filter(account=account).exists()


ACCOUNT = Kind(
    name="account",
    slug="accounts",
    label=_("Accounts"),
    stage="growth",
    model=Account,
    states=states,
    states_of=states_of,
    applies=is_customer,
)

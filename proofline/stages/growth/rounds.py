"""The weekly round: read health, wake up who is quiet, assess the tier, look for upgrades; one customer at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.stages.growth.models import Band, CustomerTier, HealthReading, Subscription, UpgradeSuggestion
from proofline.stages.growth.waking import wake_up_if_quiet

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.records.models import Account


def go_round(account: Account, *, week: date, now: datetime) -> HealthReading | None:
    """Do the round for an account and the week that begins on the Monday `week`. None when it has nothing to measure."""
    reading: HealthReading | None = HealthReading.objects.read(account, week=week, now=now)
    if reading is None:
        return None
    wake_up_if_quiet(account, week=week, now=now)
    CustomerTier.objects.assess(account, week=week, now=now)
    if reading.band == Band.RED:  # who is at risk is helped, not sold to
        return reading
    running = Subscription.objects.running().filter(account=account, ends_on__gte=week)
    for subscription in running.select_related("tier"):
        UpgradeSuggestion.objects.look(subscription, now=now)
    return reading

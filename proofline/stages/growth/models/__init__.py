"""Subscriptions, health, tiers, wake-ups, upgrade suggestions."""

from proofline.stages.growth.models.health import Band, Driver, HealthReading, Measure, band_of, combine
from proofline.stages.growth.models.subscriptions import (
    Cancellation,
    NotRunningError,
    Renewal,
    RenewalReminder,
    Subscription,
)
from proofline.stages.growth.models.tiering import CustomerTier
from proofline.stages.growth.models.upgrades import Dismissal, UpgradeSuggestion, next_tier
from proofline.stages.growth.models.waking import WakeUp

__all__ = [
    "Band",
    "Cancellation",
    "CustomerTier",
    "Dismissal",
    "Driver",
    "HealthReading",
    "Measure",
    "NotRunningError",
    "Renewal",
    "RenewalReminder",
    "Subscription",
    "UpgradeSuggestion",
    "WakeUp",
    "band_of",
    "combine",
    "next_tier",
]

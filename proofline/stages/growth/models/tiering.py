"""Customer tiers: high-value, growing, dormant, each with the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, NoExchangeRateError, Workspace
from proofline.stages.growth.models.health import WEEK, HealthReading
from proofline.stages.growth.models.subscriptions import Subscription
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import date, datetime

HIGH_VALUE_MONTHLY = Decimal(10_000)
"""From this monthly amount on, in the workspace's currency, a healthy customer is high-value."""
HEALTHY, ASLEEP = 60, Decimal(10)
GROWTH_WEEKS = 8


class TierQuerySet(VisibleQuerySet):
    """Tiers of customers."""

    def assess(self, account: Account, *, week: date, now: datetime) -> CustomerTier | None:
        """Put the account into its tier as of a week; a change is recorded. None for who is not a customer."""
        running = Subscription.objects.running().filter(account=account, ends_on__gte=week)
        if not running.exists():
            return None
        tier, why = _tier(account, week=week, monthly=monthly_in_base(running, on=week))
        with transaction.atomic():
            last = self.filter(account=account).order_by("-at", "-pk").first()
            if last and last.tier == tier:
                return last  # type: ignore[no-any-return]
            assessed: CustomerTier = self.create(account=account, tier=tier, why=why, at=now)
            facts.record(
                "account.tiered",
                at=now,
                account=account.pk,
                subject=("account", account.pk),
                properties={"name": account.name, "tier": str(tier), "why": why},
                key=f"account.tiered:{assessed.pk}",
            )
        return assessed

    def current(self) -> Any:
        """Keep each account's latest."""
        latest = CustomerTier.objects.filter(account=models.OuterRef("account")).order_by("-at", "-pk").values("pk")[:1]
        return self.filter(pk=models.Subquery(latest))


class CustomerTier(Visible):
    """The tier of a customer from a moment on."""

    class Tier(models.TextChoices):
        HIGH_VALUE = "high_value", _("High-value")
        GROWING = "growing", _("Growing")
        STEADY = "steady", _("Steady")
        DORMANT = "dormant", _("Dormant")

    class Why(models.TextChoices):
        QUIET = "quiet", _("Almost nobody logged in for four weeks.")
        LARGE = "large", _("Pays much and is healthy.")
        RISING = "rising", _("More people log in than eight weeks ago.")
        EVEN = "even", _("Use neither grows nor falls away.")

    owner_paths = ("account__owner",)
    write_area = "growth"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices)
    why = models.CharField(_("why"), max_length=12, choices=Why.choices)
    at = models.DateTimeField(_("since"))

    objects = TierQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="tier_latest")]

    def __str__(self) -> str:
        return f"{self.account}: {self.get_tier_display()}"


def monthly_in_base(subscriptions: models.QuerySet[Subscription], *, on: date) -> Decimal:
    """Return what the subscriptions pay a month in the workspace's currency; a currency without a rate counts as it is."""
    workspace = Workspace.current()
    total = Decimal(0)
    for subscription in subscriptions:
        try:
            total += workspace.in_base(subscription.price, on=on).amount
        except NoExchangeRateError:
            total += subscription.monthly
    return total


def _tier(account: Account, *, week: date, monthly: Decimal) -> tuple[str, str]:
    readings = list(
        HealthReading.objects.filter(account=account, week__lte=week, week__gt=week - GROWTH_WEEKS * WEEK).order_by(
            "week"
        )
    )
    rates = [reading.login_rate for reading in readings if reading.login_rate is not None]
    if len(rates) >= 4 and max(rates[-4:]) < ASLEEP:  # noqa: PLR2004 - four weeks
        return CustomerTier.Tier.DORMANT, CustomerTier.Why.QUIET
    score = readings[-1].score if readings else 0
    if monthly >= HIGH_VALUE_MONTHLY and score >= HEALTHY:
        return CustomerTier.Tier.HIGH_VALUE, CustomerTier.Why.LARGE
    if len(rates) >= 4 and rates[-1] >= rates[0] * Decimal("1.1") and rates[-1] > ASLEEP:  # noqa: PLR2004
        return CustomerTier.Tier.GROWING, CustomerTier.Why.RISING
    return CustomerTier.Tier.STEADY, CustomerTier.Why.EVEN

"""Upgrade suggestions: behaviour that says a customer has outgrown their tier."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.insight import usage
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Module, Tier, User
from proofline.stages.growth.models.subscriptions import Subscription
from proofline.timeline import facts

if TYPE_CHECKING:
    from typing import Any

SEATS_NEARLY_FULL = Decimal("0.9")
TRIES_THAT_COUNT = 3
LOOK_BACK = timedelta(days=28)


class SuggestionQuerySet(VisibleQuerySet):
    """Upgrade suggestions."""

    def open(self) -> Self:
        """Keep what nobody dismissed."""
        return self.filter(dismissal=None)

    def look(self, subscription: Subscription, *, now: datetime) -> UpgradeSuggestion | None:
        """Suggest the next tier when seats are nearly full, or features beyond the tier were tried; once a tier and reason."""
        upper = next_tier(subscription.tier)
        if upper is None:
            return None
        found = _nearly_full(subscription, now=now) or _tried_features(subscription, upper, now=now)
        if found is None:
            return None
        why, evidence = found
        with transaction.atomic():
            suggestion, first = self.get_or_create(
                subscription=subscription,
                tier=upper,
                why=why,
                defaults={"account": subscription.account, "evidence": evidence, "at": now},
            )
            if not first:
                return None
            facts.record(
                "upgrade.suggested",
                at=now,
                account=subscription.account_id,
                subject=("subscription", subscription.pk),
                properties={"name": str(subscription.account), "tier": upper.name, "why": str(why)},
                key=f"upgrade.suggested:{suggestion.pk}",
            )
        return suggestion  # type: ignore[no-any-return]


class UpgradeSuggestion(Visible):
    """That a customer seems to need the next tier, with the evidence."""

    class Why(models.TextChoices):
        SEATS = "seats", _("Seats are nearly full")
        FEATURES = "features", _("Features of the next tier are being tried")

    owner_paths = ("account__owner",)
    write_area = "growth"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="suggestions")
    tier = models.ForeignKey(Tier, on_delete=models.CASCADE, related_name="+", verbose_name=_("to the tier"))
    why = models.CharField(_("why"), max_length=12, choices=Why.choices)
    evidence = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "tier", "why"], name="suggestion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} → {self.tier}"

    def dismiss(self, *, by: User, now: datetime) -> None:
        """Put the suggestion aside; the first dismissal stands."""
        Dismissal.objects.get_or_create(suggestion=self, defaults={"by": by, "at": now})


class Dismissal(models.Model):
    """That a suggestion was put aside."""

    suggestion = models.OneToOneField(UpgradeSuggestion, on_delete=models.CASCADE, related_name="dismissal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.suggestion)


def next_tier(tier: Tier | None) -> Tier | None:
    """Return the step above on the product's ladder; None at the top, or without a tier."""
    if tier is None:
        return None
    found: Tier | None = Tier.objects.filter(product=tier.product_id, rank__gt=tier.rank).order_by("rank").first()
    return found


def _nearly_full(subscription: Subscription, *, now: datetime) -> tuple[str, dict[str, Any]] | None:
    active = usage.active_people(subscription.account_id, from_=now - LOOK_BACK, to=now)
    if active < SEATS_NEARLY_FULL * subscription.seats:
        return None
    return UpgradeSuggestion.Why.SEATS, {"active": active, "seats": subscription.seats}


def _tried_features(subscription: Subscription, upper: Tier, *, now: datetime) -> tuple[str, dict[str, Any]] | None:
    have = Module.objects.filter(tiers=subscription.tier).values_list("pk", flat=True)
    beyond = dict(upper.modules.exclude(pk__in=have).exclude(feature_key="").values_list("feature_key", "name"))
    used = usage.feature_use(subscription.account_id, from_=now - LOOK_BACK, to=now)
    tried = {name: used[key] for key, name in beyond.items() if used.get(key, 0) >= TRIES_THAT_COUNT}
    return (UpgradeSuggestion.Why.FEATURES, {"tried": tried}) if tried else None

"""What an account is in growth: what it pays a month, when that is renewed, and how well it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from proofline.kit.money import Money
from proofline.records.access import Seen
from proofline.records.adding import totals
from proofline.stages.growth.models import CustomerTier, HealthReading, Subscription

if TYPE_CHECKING:
    from datetime import date

    from proofline.records.models import Account, User

WEEKS = 12
WIDTH, HEIGHT = 120, 28


@dataclass(frozen=True)
class Paying:
    """What runs today."""

    monthly: list[Money]
    """A month of all subscriptions that run today, also of those that end without renewal."""
    subscriptions: int
    renewal: Subscription | None
    """The one that has to be renewed next; its end may have passed."""


def paid_by(account: Account, *, user: User, today: date) -> Paying:
    """Return what the account pays a month and what is to be renewed next."""
    found = Subscription.objects.visible_to(user).filter(account=account, starts_on__lte=today, ends_on__gte=today)
    sums = list(found.values("currency").annotate(total=Sum("monthly"), number=Count("pk")))
    return Paying(
        totals((Money(row["total"], row["currency"]) for row in sums), on=today),
        sum(row["number"] for row in sums),
        _renewing.first(account.pk, user=user),
    )


_renewing = Seen[Subscription](
    Subscription,
    lambda rows, account: (
        rows.running().filter(account=account).select_related("product", "tier").order_by("ends_on", "pk")[:1]
    ),
)


@dataclass(frozen=True)
class Health:
    """The readings of twelve weeks, the oldest first, and the tier."""

    readings: list[HealthReading]
    tier: CustomerTier | None

    @property
    def last(self) -> HealthReading | None:
        """The newest reading."""
        return self.readings[-1] if self.readings else None

    @property
    def change(self) -> int:
        """Points up or down since the first of the readings."""
        return self.readings[-1].score - self.readings[0].score if self.readings else 0

    @property
    def rise(self) -> int:
        """Points up; 0 when it did not rise."""
        return max(0, self.change)

    @property
    def fall(self) -> int:
        """Points down; 0 when it did not fall."""
        return max(0, -self.change)

    @property
    def points(self) -> str:
        """The scores as the points of a line in a box of 120 × 28."""
        step = WIDTH / max(1, len(self.readings) - 1)
        return " ".join(
            f"{place * step:.1f},{HEIGHT - 2 - reading.score * (HEIGHT - 4) / 100:.1f}"
            for place, reading in enumerate(self.readings)
        )


def health_of(account: Account, *, user: User) -> Health:
    """Return how well the account does."""
    return Health(_readings(account.pk, user=user)[::-1], _tiers.first(account.pk, user=user))


_readings = Seen[HealthReading](
    HealthReading, lambda rows, account: rows.filter(account=account).order_by("-week")[:WEEKS]
)
_tiers = Seen[CustomerTier](CustomerTier, lambda rows, account: rows.filter(account=account).order_by("-at", "-pk")[:1])

"""Health: how a customer uses what they bought, week by week, and what drives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.insight import usage
from proofline.kit.clock import local_day, start_of_day, start_of_week
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Module, Workspace
from proofline.stages.delivery.models import Ticket
from proofline.stages.growth.models.subscriptions import Subscription
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEK = timedelta(days=7)
LATE_TICKET, OPEN_TICKET = 25, 5
"""Points that a late and an open ticket cost of a hundred."""


class Measure(models.TextChoices):
    """What health is made of."""

    LOGIN_RATE = "login_rate", _("Login rate")
    FEATURE_USE = "feature_use", _("Feature use")
    TICKETS = "tickets", _("Tickets")


WEIGHTS = {Measure.LOGIN_RATE: Decimal(40), Measure.FEATURE_USE: Decimal(40), Measure.TICKETS: Decimal(20)}


class Band(models.TextChoices):
    """Gainsight's bands: 0–50 red, 51–75 yellow, 76–100 green."""

    RED = "red", _("At risk")
    YELLOW = "yellow", _("Watch")
    GREEN = "green", _("Healthy")


@dataclass(frozen=True)
class Driver:
    """One measure of a week: its score (0–100; None when it can't be measured) and the numbers behind it."""

    measure: str
    score: Decimal | None
    count: int = 0
    of: int = 0

    @property
    def label(self) -> str:
        """What it is called."""
        return str(Measure(self.measure).label)

    @property
    def words(self) -> str:
        """The numbers behind the score."""
        if self.score is None:
            return str(_("can't be measured: left out"))
        if self.measure == Measure.TICKETS:
            return str(_("%(late)d late, %(open)d open")) % {"late": self.count, "open": self.of}
        return str(_("%(part)d of %(whole)d")) % {"part": self.count, "whole": self.of}

    @property
    def weight(self) -> Decimal:
        """Its weight, before missing ones are left out."""
        return WEIGHTS[Measure(self.measure)]


def last_full_week(now: datetime) -> date:
    """Return the Monday of the last week that has ended in the workspace's time zone."""
    return start_of_week(local_day(now, time_zone=Workspace.current().time_zone)) - WEEK


def combine(drivers: Sequence[Driver]) -> int | None:
    """Return the weighted mean of the measures, 0–100; a missing measure is left out of the weights. None without any."""
    known = [driver for driver in drivers if driver.score is not None]
    total = sum(driver.weight for driver in known)
    if not total:
        return None
    mean = sum((driver.weight * (driver.score or 0) for driver in known), Decimal(0)) / total
    return int(mean.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def band_of(score: int) -> Band:
    """Return the band of a score."""
    if score <= 50:  # noqa: PLR2004 - the published bands
        return Band.RED
    return Band.YELLOW if score <= 75 else Band.GREEN  # noqa: PLR2004


def share(part: int, whole: int) -> Decimal | None:
    """Return a share in hundredths, at most 100; None of nothing."""
    return min(Decimal(100), Decimal(100 * part) / whole) if whole else None


def measure(account: Account, *, week: date) -> list[Driver]:
    """Measure the week that begins on the Monday `week`, in the workspace's time zone."""
    zone = Workspace.current().time_zone
    start, end = (start_of_day(day, time_zone=zone) for day in (week, week + WEEK))
    subscriptions = list(
        Subscription.objects.filter(account=account, starts_on__lt=week + WEEK, ends_on__gte=week).select_related(
            "tier"
        )
    )
    seats = sum(subscription.seats for subscription in subscriptions)
    active = usage.active_people(account.pk, from_=start, to=end)
    bought = set(
        Module.objects.filter(tiers__in=[s.tier for s in subscriptions if s.tier])
        .exclude(feature_key="")
        .values_list("feature_key", flat=True)
    )
    used = len(bought & usage.feature_use(account.pk, from_=start, to=end).keys())
    return [
        Driver(Measure.LOGIN_RATE, share(active, seats), active, seats),
        Driver(Measure.FEATURE_USE, share(used, len(bought)), used, len(bought)),
        _tickets(account, at=end),
    ]


def _tickets(account: Account, *, at: datetime) -> Driver:
    then_open = Ticket.objects.filter(account=account, opened_at__lt=at).exclude(solution__at__lt=at)
    late = then_open.filter(solve_due_at__lt=at).count()
    waiting = then_open.count()
    return Driver(Measure.TICKETS, Decimal(max(0, 100 - LATE_TICKET * late - OPEN_TICKET * waiting)), late, waiting)


class HealthQuerySet(VisibleQuerySet):
    """Health readings."""

    def read(self, account: Account, *, week: date, now: datetime) -> HealthReading | None:
        """Measure a week and keep the reading; reading a week again replaces it. None when nothing can be measured."""
        week = start_of_week(week)
        drivers = measure(account, week=week)
        score = combine(drivers)
        if score is None:
            return None
        values: dict[str, Any] = {
            "score": score,
            "band": band_of(score),
            "drivers": [_as_json(driver) for driver in drivers],
            "login_rate": drivers[0].score,
            "read_at": now,
        }
        with transaction.atomic():
            reading, _first = self.update_or_create(account=account, week=week, defaults=values)
            facts.record(
                "health.read",
                at=now,
                account=account.pk,
                subject=("account", account.pk),
                properties={"name": account.name, "score": score, "band": str(reading.band), "week": str(week)},
                key=f"health.read:{account.pk}:{week}",
            )
        return reading  # type: ignore[no-any-return]


def _as_json(driver: Driver) -> dict[str, Any]:
    score = None if driver.score is None else str(round(driver.score, 1))
    return {"measure": str(driver.measure), "score": score, "count": driver.count, "of": driver.of}


class HealthReading(Visible):
    """An account's health in one week, 0–100."""

    owner_paths = ("account__owner",)
    write_area = "growth"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    week = models.DateField(_("week from"))
    score = models.PositiveSmallIntegerField(_("health"))
    band = models.CharField(_("state"), max_length=10, choices=Band.choices)
    login_rate = models.DecimalField(_("login rate"), max_digits=5, decimal_places=2, null=True)
    drivers = models.JSONField(default=list)
    read_at = models.DateTimeField()

    objects = HealthQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "week"], name="health_once_a_week"),
            models.CheckConstraint(condition=models.Q(score__lte=100), name="health_score_range"),
        ]
        indexes = [models.Index(fields=["week", "score"], name="health_week")]

    def __str__(self) -> str:
        return f"{self.account}: {self.score}"

    @property
    def login_share(self) -> Decimal | None:
        """The login rate as a share of 0 to 1."""
        return None if self.login_rate is None else self.login_rate / 100

    @property
    def measures(self) -> list[Driver]:
        """What the score is made of."""
        return [
            Driver(row["measure"], None if row["score"] is None else Decimal(row["score"]), row["count"], row["of"])
            for row in self.drivers
        ]

"""What waits for a person in this room: renewals near, health at risk, upgrades to suggest."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit.clock import local_day
from proofline.kit.today import TodayItem
from proofline.records.models import Workspace
from proofline.records.roles import Role
from proofline.stages.growth.models import Band, HealthReading, Subscription, UpgradeSuggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from proofline.records.models import User

Row = TypeVar("Row", bound=Model)
NEAR = timedelta(days=60)
MOST = 100


def my_renewals(user: User, now: datetime) -> QuerySet[Subscription]:
    """Return the subscriptions of the user's customers that end within 60 days."""
    today = local_day(now, time_zone=Workspace.current().time_zone)
    found: QuerySet[Subscription] = Subscription.objects.visible_to(user).ending_by(today + NEAR)
    return _mine(found, user)


def my_risks(user: User, now: datetime) -> QuerySet[HealthReading]:
    """Return the readings of the last two weeks in which a customer of the user was at risk."""
    found: QuerySet[HealthReading] = HealthReading.objects.visible_to(user)
    since = local_day(now, time_zone=Workspace.current().time_zone) - timedelta(days=14)
    return _mine(found, user).filter(week__gte=since, band=Band.RED)


def my_suggestions(user: User) -> QuerySet[UpgradeSuggestion]:
    """Return the upgrades to suggest to the user's customers."""
    found: QuerySet[UpgradeSuggestion] = UpgradeSuggestion.objects.visible_to(user).open()
    return _mine(found, user)


def _mine(found: QuerySet[Row], user: User) -> QuerySet[Row]:
    """Keep the user's own customers; who leads others, or looks after all customers, is shown all that they see."""
    return found if user.role in {Role.MANAGER, Role.SUCCESS} else found.filter(account__owner=user)


def waiting(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield renewals near, customers at risk and upgrades to suggest."""
    zone = ZoneInfo(Workspace.current().time_zone)
    for subscription in my_renewals(user, now).select_related("account", "tier", "product").order_by("ends_on")[:MOST]:
        yield TodayItem(
            kind=_("Renewal near"),
            icon="refresh",
            title=str(subscription.account),
            note=subscription.plan,
            money=subscription.price,
            url=subscription.get_absolute_url(),
            due=datetime.combine(subscription.ends_on, time(18), zone),
            action=_("Renew"),
            action_url=reverse("growth:renewal_new", args=[subscription.pk]),
            dialog=True,
        )
    seen = set()
    for reading in my_risks(user, now).select_related("account").order_by("-week")[:MOST]:
        if reading.account_id not in seen:
            seen.add(reading.account_id)
            yield TodayItem(
                kind=_("Health at risk"),
                icon="heart-broken",
                tone="bad",
                title=str(reading.account),
                note=_("health %(score)d") % {"score": reading.score},
                url=reverse("growth:account_health", args=[reading.account_id]),
            )
    for suggestion in my_suggestions(user).select_related("account", "tier").order_by("-at")[:MOST]:
        yield TodayItem(
            kind=_("Ready for an upgrade"),
            icon="arrow-up-circle",
            title=str(suggestion.account),
            note=f"{suggestion.tier}: {suggestion.get_why_display()}",
            url=reverse("growth:account_health", args=[suggestion.account_id]),
        )

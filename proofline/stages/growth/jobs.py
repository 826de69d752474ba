"""Work of the room that runs by the clock."""

from __future__ import annotations

from django.utils import timezone

from proofline.kit.clock import local_day
from proofline.kit.jobs import job
from proofline.records.models import Account, Workspace
from proofline.stages.growth.models import Subscription
from proofline.stages.growth.models.health import last_full_week
from proofline.stages.growth.models.subscriptions import REMIND_BEFORE
from proofline.stages.growth.rounds import go_round


@job
def go_weekly_round() -> None:
    """Do the weekly round for every account with a running subscription."""
    now = timezone.now()
    week = last_full_week(now)
    subscribed = Subscription.objects.running().filter(ends_on__gte=week).values("account")
    for account in Account.objects.filter(pk__in=subscribed).select_related("owner").iterator(chunk_size=200):
        go_round(account, week=week, now=now)


@job
def remind_of_renewals() -> None:
    """Ask owners to prepare the renewals that are near."""
    now = timezone.now()
    today = local_day(now, time_zone=Workspace.current().time_zone)
    near = Subscription.objects.ending_by(today + max(REMIND_BEFORE)).filter(ends_on__gte=today)
    for subscription in near.select_related("account__owner", "tier", "product"):
        subscription.remind(today=today, now=now)

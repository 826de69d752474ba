"""The wake-up: a login rate under 30 % two weeks running."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models, transaction

from proofline.outreach.models import Message
from proofline.records.models import Account, Contact, Task
from proofline.stages.growth.models.health import WEEK, HealthReading
from proofline.timeline import facts

LOW_LOGIN_RATE = Decimal(30)
TEMPLATE = "Wake-up"


class WakeUp(models.Model):
    """That a customer who stopped logging in was turned to; one for each spell of quiet, which begins in `week`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "week"], name="wake_up_once_a_spell")]

    def __str__(self) -> str:
        return f"{self.account}: {self.week}"


def wake_up_if_quiet(account: Account, *, week: date, now: datetime) -> WakeUp | None:
    """Start the wake-up when the login rate was under 30 % in the week and in the week before it.

    It starts once for a spell: the weeks in a row under 30 %, named by its first. Returns it when it started now.
    """
    rates = dict(
        HealthReading.objects.filter(account=account, week__lte=week)
        .order_by("-week")
        .values_list("week", "login_rate")[:104]
    )
    spell = _start_of_spell(rates, week)
    if spell is None or spell > week - WEEK:
        return None
    with transaction.atomic():
        started, first = WakeUp.objects.get_or_create(account=account, week=spell, defaults={"at": now})
        if not first:
            return None
        _turn_to(account, started, now=now)
    return started


def _start_of_spell(rates: dict[date, Decimal | None], week: date) -> date | None:
    first = None
    while (rate := rates.get(week)) is not None and rate < LOW_LOGIN_RATE:
        first, week = week, week - WEEK
    return first


def _turn_to(account: Account, started: WakeUp, *, now: datetime) -> None:
    key = f"wake_up:{account.pk}:{started.week}"
    Task.objects.ask(
        key=key,
        kind=Task.Kind.WAKE_UP,
        title=account.name,
        owner=account.owner,
        account=account,
        due_at=now + timedelta(days=2),
        url=f"/health/{account.pk}/",
        created_at=now,
    )
    contact = Contact.objects.filter(account=account, email__isnull=False).order_by("pk").first()
    if contact:
        Message.objects.send_once(key=key, contact=contact, template=TEMPLATE, now=now, reason=TEMPLATE)
    facts.record(
        "wake_up.started",
        at=now,
        account=account.pk,
        subject=("account", account.pk),
        properties={"name": account.name, "week": str(started.week)},
        key=key,
    )

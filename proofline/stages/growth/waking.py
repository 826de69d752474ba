"""Waking a customer up: a login rate under 30 % two weeks running asks the owner to act and writes to the customer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from proofline.outreach.models import Template
from proofline.outreach.sending import send_once
from proofline.records.models import Task
from proofline.stages.delivery.mailing import champion_of
from proofline.stages.growth.models import HealthReading, WakeUp
from proofline.stages.growth.models.health import WEEK
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.records.models import Account

LOW_LOGIN_RATE = Decimal(30)
TEMPLATE = "Wake-up"
TEXTS = {
    "en": (
        "How is it going, {{ contact }}?",
        (
            "Hello {{ contact }},\n\nwe have seen little of {{ account }} lately. Half an hour with us often shows what stands in the "
            "way. When would suit you?\n\n{{ owner }}\n{{ company }}\n"
        ),
    ),
    "zh-hans": (
        "{{ contact }}，最近使用还顺利吗？",
        (
            "{{ contact }}，您好：\n\n我们注意到{{ account }}最近使用得比较少。花半小时一起看一看，往往就能找到问题所在。"
            "您什么时候方便？\n\n{{ owner }}\n{{ company }}\n"
        ),
    ),
}


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
        url=reverse("growth:account_health", args=[account.pk]),
        created_at=now,
    )
    contact = champion_of(account)
    if contact:
        Template.objects.offer(name=TEMPLATE, texts=TEXTS)
        send_once(key=key, contact=contact, template=TEMPLATE, now=now, reason=TEMPLATE)
    facts.record(
        "wake_up.started",
        at=now,
        account=account.pk,
        subject=("account", account.pk),
        properties={"name": account.name, "week": str(started.week)},
        key=key,
    )

"""What waits for a person in this room: next steps that are due, stalled deals, choices without a contract, unsigned contracts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit.clock import local_day
from proofline.kit.today import TodayItem
from proofline.records.models import Workspace
from proofline.stages.closing.models import Contract, Deal, Quote
from proofline.stages.closing.pipeline import Rates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet

    from proofline.records.models import User

MOST = 50
MOST_STALLED = 10
AHEAD = timedelta(days=7)
SIGNED_WITHIN = timedelta(days=5)


def my_steps(user: User, *, today: date) -> QuerySet[Deal]:
    """Return the user's open deals whose next step is due by today."""
    found: QuerySet[Deal] = Deal.objects.open().filter(owner=user, next_step_on__lte=today).exclude(next_step="")
    return found


def my_stalled(user: User, now: datetime) -> QuerySet[Deal]:
    """Return the user's deals that have stood too long in their stage, or have no next step."""
    found: QuerySet[Deal] = Deal.objects.stalled(now=now).filter(owner=user)
    return found


def my_deals(user: User, now: datetime) -> QuerySet[Deal]:
    """Return the user's open deals that wait for a step which is due."""
    return my_steps(user, today=_today(now))


def waiting(user: User, now: datetime) -> Iterator[TodayItem]:
    """Yield what waits for the user."""
    today = _today(now)
    rates = Rates(on=today)
    yield from _steps(user, today=today, rates=rates)
    yield from _stalled(user, now=now, today=today, rates=rates)
    yield from _chosen(user, rates=rates)
    yield from _unsigned(user, rates=rates)


def _steps(user: User, *, today: date, rates: Rates) -> Iterator[TodayItem]:
    found = my_steps(user, today=today + AHEAD).select_related("account").order_by("next_step_on", "pk")
    for deal in found[:MOST]:
        yield TodayItem(
            kind=_("Next step"),
            icon="arrow-right",
            title=deal.next_step,
            note=str(deal),
            url=deal.get_absolute_url(),
            money=rates.in_base(deal.amount, deal.currency),
            due=_end_of(deal.next_step_on) if deal.next_step_on else None,
            action=_("Plan the next"),
            action_url=reverse("closing:next_step", args=[deal.pk]),
            dialog=True,
        )


def _stalled(user: User, *, now: datetime, today: date, rates: Rates) -> Iterator[TodayItem]:
    found = my_stalled(user, now).exclude(next_step_on__lte=today + AHEAD, next_step__gt="")
    for deal in found.select_related("won", "lost").order_by("-amount", "pk")[:MOST_STALLED]:
        warnings = deal.warnings(now=now, today=today)
        yield TodayItem(
            kind=_("Stalled deal"),
            icon="alert-triangle",
            title=str(deal),
            note=", ".join(warnings),
            url=deal.get_absolute_url(),
            money=rates.in_base(deal.amount, deal.currency),
            due=_end_of(today),
            tone="warn",
            action=_("Plan the next step"),
            action_url=reverse("closing:next_step", args=[deal.pk]),
            dialog=True,
        )


def _chosen(user: User, *, rates: Rates) -> Iterator[TodayItem]:
    found = Quote.objects.filter(deal__owner=user, choice__isnull=False, deal__won=None, deal__lost=None)
    found = found.exclude(deal__contracts__withdrawal=None, deal__contracts__isnull=False)
    for quote in found.select_related("deal", "choice__option").order_by("-choice__at")[:MOST]:
        yield TodayItem(
            kind=_("Contract to draft"),
            icon="file-plus",
            title=str(quote.deal),
            note=_("%(name)s chose %(option)s") % {"name": quote.choice.name, "option": quote.choice.option},
            url=f"{quote.deal.get_absolute_url()}?tab=contract",
            money=rates.in_base(quote.deal.amount, quote.deal.currency),
            due=quote.choice.at + timedelta(days=1),
            action=_("Draft the contract"),
            action_url=reverse("closing:contract_drafts", args=[quote.deal_id]),
        )


def _unsigned(user: User, *, rates: Rates) -> Iterator[TodayItem]:
    found = Contract.objects.filter(deal__owner=user, sending__isnull=False, acceptance=None, withdrawal=None)
    for contract in found.select_related("account", "sending").order_by("sending__at")[:MOST]:
        yield TodayItem(
            kind=_("Unsigned contract"),
            icon="signature",
            title=f"{contract.account} · {contract.number}",
            note=contract.plan,
            url=contract.get_absolute_url(),
            money=rates.in_base(contract.total.amount, contract.currency),
            due=contract.sending.at + SIGNED_WITHIN,
        )


def _today(now: datetime) -> date:
    return local_day(now, time_zone=Workspace.current().time_zone)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), ZoneInfo(Workspace.current().time_zone))

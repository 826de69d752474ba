"""Renewals: reminded of in time, once; renewed, or let go."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from proofline.records.models import Task
from proofline.stages.growth.models import NotRunningError, RenewalReminder, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def test_a_renewal_carries_on_from_the_end(subscription: Subscription, sam: User, now: datetime) -> None:
    subscription.renew(months=12, monthly=Decimal(990), by=sam, now=now)
    fresh = Subscription.objects.get()
    assert (fresh.ends_on, fresh.monthly) == (date(2027, 12, 31), Decimal(990))


def test_what_was_cancelled_is_not_renewed(subscription: Subscription, sam: User, now: datetime) -> None:
    subscription.cancel(reason="Budget", by=sam, now=now)
    subscription.cancel(reason="Another", by=sam, now=now)
    assert Subscription.objects.get().cancellation.reason == "Budget"
    with pytest.raises(NotRunningError):
        subscription.renew(months=12, monthly=Decimal(1), by=sam, now=now)
    assert not Subscription.objects.running().exists()


@pytest.mark.parametrize(("days_before", "reminders"), [(61, 0), (60, 1), (31, 1), (30, 1), (0, 1), (-1, 0)])
def test_reminders_come_sixty_and_thirty_days_before(
    subscription: Subscription, now: datetime, days_before: int, reminders: int
) -> None:
    today = subscription.ends_on - timedelta(days=days_before)
    for _twice in range(2):
        subscription.remind(today=today, now=now)
    assert RenewalReminder.objects.count() == reminders


def test_two_reminders_ask_for_one_task(subscription: Subscription, sam: User, now: datetime) -> None:
    for days in (60, 30):
        subscription.remind(today=subscription.ends_on - timedelta(days=days), now=now)
    assert RenewalReminder.objects.count() == 2
    task = Task.objects.get()
    assert task.owner == sam
    assert "Heron Robotics" in str(task)


def test_renewing_in_the_browser(as_: As, subscription: Subscription, sam: User) -> None:
    address = f"/renewals/{subscription.pk}/renewal/"
    assert as_(sam).post(address, {"months": "0", "monthly": "950"}).status_code == 422
    assert as_(sam).post(address, {"months": "12", "monthly": "950"}).status_code == 302
    assert b"950" in as_(sam).get(f"/renewals/{subscription.pk}/").content
    assert as_(sam).post(f"/renewals/{subscription.pk}/cancellation/", {"reason": "Sold"}).status_code == 302
    assert b"Heron" not in as_(sam).get("/renewals/").content
    assert b"Heron" in as_(sam).get("/renewals/?state=cancelled").content


def test_outsiders_and_readers(as_: As, subscription: Subscription, olga: User, rita: User) -> None:
    for noun in ("", "renewal/", "cancellation/"):
        assert as_(olga).get(f"/renewals/{subscription.pk}/{noun}").status_code == 404
        assert as_(rita).get(f"/renewals/{subscription.pk}/{noun}").status_code == (403 if noun else 200)
    assert b"Heron" not in as_(olga).get("/renewals/").content

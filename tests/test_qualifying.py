"""Qualifying a lead: reach makes account and contact, and closing opens the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from proofline.records.models import Account, Contact
from proofline.stages.closing.models import Deal
from proofline.stages.reach.models import AlreadyDecidedError, Lead, disqualify, qualify

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import User

    As = Callable[[User], Client]


pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(sam: User, now: datetime) -> Lead:
    made: Lead = Lead.objects.capture(
        by=sam,
        now=now,
        origin="staff",
        name="Zhao Yun",
        company="Beiming Software",
        email="lilei@beiming.test",
        owner=sam,
    )
    return made


def test_qualifying_makes_account_contact_and_deal(as_: As, sam: User, lead: Lead) -> None:
    answer = as_(sam).post(f"/leads/{lead.pk}/qualification/", {"open_deal": "on"})
    assert answer.status_code == 302
    contact = Contact.objects.get(email="lilei@beiming.test")
    deal = Deal.objects.get(lead=lead)
    assert contact.account.name == "Beiming Software"
    assert (deal.account, deal.owner) == (contact.account, sam)


def test_qualifying_into_an_account_that_is_there(lead: Lead, sam: User, healthy: Account, now: datetime) -> None:
    done = qualify(lead, by=sam, now=now, account=healthy, open_deal=False)
    assert done.account == healthy
    assert not Deal.objects.exists()
    assert Account.objects.count() == 1


def test_a_lead_is_decided_once(lead: Lead, sam: User, now: datetime) -> None:
    qualify(lead, by=sam, now=now)
    with pytest.raises(AlreadyDecidedError):
        qualify(lead, by=sam, now=now)
    with pytest.raises(AlreadyDecidedError):
        disqualify(lead, by=sam, now=now, why="no_fit")
    assert Deal.objects.count() == 1

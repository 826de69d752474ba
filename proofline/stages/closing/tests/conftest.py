"""What the tests of this room begin with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from proofline.stages.closing.models import Contract, Deal, Quote

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Account, Contact, Product, User
    from proofline.stages.discovery.models import ValueCase

TODAY = date(2026, 11, 2)


@pytest.fixture
def deal(sam: User, healthy: Account, helen: Contact, suite: Product, now: datetime) -> Deal:
    """An open deal of Sam's with Heron Robotics."""
    opened: Deal = Deal.objects.open_deal(
        by=sam,
        now=now,
        name="Heron · Clarity",
        account=healthy,
        contact=helen,
        product=suite,
        amount=Decimal(12_000),
        currency="CNY",
        source="Google",
    )
    return opened


@pytest.fixture
def quote(deal: Deal, sam: User, now: datetime) -> Quote:
    """A draft of three tiers."""
    drafted: Quote = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    return drafted


@pytest.fixture
def contract(deal: Deal, sam: User, now: datetime) -> Contract:
    """A draft without a quote."""
    drafted: Contract = Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    return drafted


@pytest.fixture
def promised(deal: Deal, sam: User, now: datetime) -> ValueCase:
    """A frozen value case of the deal: 20 h/week × 40 % = 8 h/week."""
    from proofline.stages.discovery.models import ValueCase

    study = deal.begin_study(by=sam, now=now)
    case: ValueCase = ValueCase.objects.draft(by=sam, now=now, study=study, currency="CNY")
    case.add_line(
        by=sam,
        now=now,
        name="Copying figures by hand",
        quantity=Decimal(20),
        unit="h/week",
        low=Decimal("0.3"),
        expected=Decimal("0.4"),
        high=Decimal("0.5"),
        rate_amount=Decimal(80),
    )
    case.freeze(by=sam, now=now)
    return case

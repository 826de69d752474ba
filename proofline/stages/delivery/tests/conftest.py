"""A signed contract with one promise, and what it led to."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from proofline.records.models import ValueMetric
from proofline.stages.closing.models import Contract, Deal, Promise
from proofline.stages.delivery.models import Portal, Project

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Account, Product, User


@pytest.fixture
def metric(db: None) -> ValueMetric:
    del db
    made: ValueMetric = ValueMetric.objects.create(
        name="Reporting time saved",
        unit="h/week",
        formula="reports × 0.5 h",
        event="Report Generated",
        factor=Decimal("0.5"),
    )
    return made


@pytest.fixture
def contract(healthy: Account, sam: User, suite: Product, metric: ValueMetric, now: datetime) -> Contract:
    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron · Clarity", account=healthy, owner=sam, product=suite)
    made: Contract = Contract.objects.draft(deal=deal, by=sam, now=now, today=now.date())
    made.edit(monthly=Decimal(900), seats=10, months=12)
    Promise.objects.create(
        contract=made, metric=metric, name="Reporting", unit="h/week", baseline=Decimal(20), promised=Decimal(8)
    )
    return made


@pytest.fixture
def project(contract: Contract, dan: User, now: datetime) -> Project:
    made: Project = Project.objects.open_for(contract, by=dan, now=now, owner=dan)
    return made


@pytest.fixture
def portal(project: Project, now: datetime) -> str:
    """The address of the customer's portal."""
    return f"/portal/{Portal.of(project.account, now=now).token}/"

"""A subscriber, and a way to let their people use the product."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from proofline.stages.growth.models import Subscription
from proofline.timeline import inbox, projector
from proofline.timeline.models import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from proofline.records.models import Account, Product, User

MONDAY = date(2026, 10, 26)
"""The week before the cast's now."""


@pytest.fixture
def subscription(healthy: Account, suite: Product, sam: User, now: datetime) -> Subscription:
    made: Subscription = Subscription.objects.begin(
        account=healthy,
        product=suite,
        tier=suite.tiers.get(rank=1),
        seats=10,
        monthly=Decimal(900),
        currency="CNY",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        by=sam,
        now=now,
    )
    return made


@pytest.fixture
def use(healthy: Account, now: datetime) -> Callable[..., None]:
    """Return `use(people=3, week=MONDAY, feature="reports", times=1)`: so many people of the customer use a feature."""
    source = Source.add(name="Product", now=now)

    def use(*, people: int, week: date = MONDAY, feature: str = "reports", times: int = 1) -> None:
        events: list[dict[str, Any]] = [
            {"type": "group", "userId": f"p{n}", "groupId": "heron", "traits": {"domain": healthy.domain}}
            for n in range(people)
        ]
        events += [
            {
                "type": "track",
                "event": "Feature Used",
                "userId": f"p{n}",
                "properties": {"feature": feature},
                "timestamp": f"{week.isoformat()}T04:00:00Z",
                "messageId": f"{week}-{feature}-{n}-{time}",
                "context": {"groupId": "heron"},
            }
            for n in range(people)
            for time in range(times)
        ]
        inbox.append(source, events, received_at=now)
        projector.project_pending()

    return use

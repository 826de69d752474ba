"""What customers really reached, through the API: from it new promises begin."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ninja import Field, Router, Schema

from proofline.insight.reached import reached
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.models import Account, ValueMetric

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.insight.reached import Reached

router = Router(tags=["discovery"])


class SharesOut(Schema):
    """Improvements of some customers, 0.4 for 40 %: a quarter reached less than `low`, a quarter more than `high`."""

    customers: int
    low: Decimal
    middle: Decimal
    high: Decimal


class ReachedOut(Schema):
    all: SharesOut | None = Field(description="All measured customers, each by what was measured last.")
    alike: SharesOut | None = Field(
        description="Those of the account's industry, or of about its size where nobody of the industry was measured."
    )
    expected: SharesOut | None = Field(
        description="What to promise: those alike drawn toward all, and all toward the starting value, where they are few."
    )
    is_assumed: bool = Field(description="Whether it is the starting value of the catalogue alone.")


@router.get("/value-metrics/{int:pk}/reached", response=ReachedOut)
def value_metric_reached(request: HttpRequest, pk: int, account_id: int | None = None) -> Reached:
    """Return how much better customers became in a metric, and what to expect of an account."""
    user = user_of(request)
    metric = load(ValueMetric, user=user, pk=pk)
    return reached(metric, account=None if account_id is None else load(Account, user=user, pk=account_id))

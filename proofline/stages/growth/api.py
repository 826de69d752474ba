"""Subscriptions, renewals and health through the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.growth.models import CustomerTier, HealthReading, Subscription

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["growth"])


class SubscriptionOut(Schema):
    id: int
    account_id: int
    contract_id: int | None
    product_id: int | None
    tier_id: int | None
    seats: int
    monthly: Decimal
    currency: str
    starts_on: date
    ends_on: date
    cancelled: bool

    @staticmethod
    def resolve_cancelled(subscription: Subscription) -> bool:
        """Tell whether it will not be renewed."""
        return hasattr(subscription, "cancellation")


class RenewalIn(Given):
    months: int = Field(12, ge=1, le=120)
    monthly: Decimal | None = Field(None, ge=0, max_digits=18, decimal_places=2, description="Empty: as before.")


class CancellationIn(Given):
    reason: str = Field(min_length=1, max_length=250)


class HealthOut(Schema):
    id: int
    account_id: int
    week: date
    score: int
    band: str
    login_rate: Decimal | None
    drivers: list[dict[str, Any]]
    read_at: datetime


class CustomerTierOut(Schema):
    id: int
    account_id: int
    tier: str
    why: str
    at: datetime


@router.get("/subscriptions", response=Page[SubscriptionOut])
def subscriptions(request: HttpRequest, paging: PagingQuery, account_id: int | None = None) -> dict[str, Any]:
    """List the subscriptions that you may see."""
    found = Subscription.objects.visible_to(user_of(request)).select_related("cancellation")
    return page_of(found if account_id is None else found.filter(account_id=account_id), paging)


@router.get("/subscriptions/{int:pk}", response=SubscriptionOut)
def subscription(request: HttpRequest, pk: int) -> Subscription:
    """Return a subscription."""
    return load(Subscription, user=user_of(request), pk=pk)


@router.post("/subscriptions/{int:pk}/renewal", response={201: SubscriptionOut})
def renew(request: HttpRequest, pk: int, body: RenewalIn) -> Status[Subscription]:
    """Carry on from the day after the present end."""
    user = user_of(request)
    found = load(Subscription, user=user, pk=pk, write=True)
    monthly = found.monthly if body.monthly is None else body.monthly
    found.renew(months=body.months, monthly=monthly, by=user, now=timezone.now())
    return Status(201, found)


@router.post("/subscriptions/{int:pk}/cancellation", response={201: SubscriptionOut})
def cancel(request: HttpRequest, pk: int, body: CancellationIn) -> Status[Subscription]:
    """Let it end at its end."""
    user = user_of(request)
    load(Subscription, user=user, pk=pk, write=True).cancel(reason=body.reason, by=user, now=timezone.now())
    return Status(201, Subscription.objects.get(pk=pk))


@router.get("/health", response=Page[HealthOut])
def health(request: HttpRequest, paging: PagingQuery, account_id: int | None = None) -> dict[str, Any]:
    """List the readings of health that you may see; each is of one account and week."""
    found = HealthReading.objects.visible_to(user_of(request))
    return page_of(found if account_id is None else found.filter(account_id=account_id), paging)


@router.get("/customer-tiers", response=Page[CustomerTierOut])
def customer_tiers(request: HttpRequest, paging: PagingQuery, account_id: int | None = None) -> dict[str, Any]:
    """List which tier accounts moved to, and why."""
    found = CustomerTier.objects.visible_to(user_of(request))
    return page_of(found if account_id is None else found.filter(account_id=account_id), paging)

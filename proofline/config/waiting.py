"""The small counts in the sidebar: what waits for this user in each stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.stages.closing import today as closing
from proofline.stages.delivery import today as delivery
from proofline.stages.growth import today as growth
from proofline.stages.reach import today as reach

if TYPE_CHECKING:
    from proofline.records.models import User


def leads(user: User) -> int:
    """Return how many leads wait for the user's first answer."""
    return reach.my_leads(user, timezone.now()).count()


def signals(user: User) -> int:
    """Return how many need signals the user has to find out about."""
    return reach.my_signals(user, timezone.now()).count()


def deals(user: User) -> int:
    """Return how many of the user's deals need something."""
    return closing.my_deals(user, timezone.now()).count()


def gates(user: User) -> int:
    """Return how many gates the user's projects have to deliver."""
    return delivery.my_gates(user).values("project").distinct().count()


def tickets(user: User) -> int:
    """Return how many open tickets wait for the user."""
    return delivery.my_tickets(user).count()


def health(user: User) -> int:
    """Return how many of the user's customers are at risk."""
    return growth.my_risks(user, timezone.now()).values("account").distinct().count()


def renewals(user: User) -> int:
    """Return how many of the user's customers' renewals are near."""
    return growth.my_renewals(user, timezone.now()).count()

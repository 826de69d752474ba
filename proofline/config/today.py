"""Today: gathered from what the rooms say waits for a person, in the order of deadline and money."""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from proofline.kit.today import TodayItem
    from proofline.records.models import User

    Provider = Callable[[User, datetime], Iterable[TodayItem]]

# Each room's `today.waiting(user, now)`, in the order of the sale.
ROOMS = (
    "proofline.records",
    "proofline.stages.reach",
    "proofline.stages.discovery",
    "proofline.stages.closing",
    "proofline.stages.delivery",
    "proofline.stages.growth",
)
MOST = 20
"""How many items a group shows."""


@dataclass(frozen=True)
class Group:
    """Items of one time."""

    label: str
    tone: str
    items: list[TodayItem]
    more: int


@cache
def providers() -> list[Provider]:
    """Return what the rooms offer."""
    names = [f"{room}.today" for room in ROOMS]
    return [importlib.import_module(name).waiting for name in names if importlib.util.find_spec(name)]


def groups(*, user: User, now: datetime) -> list[Group]:
    """Return what waits for the user: overdue, due today, this week, later; within each, the largest amounts first."""
    items = [item for provider in providers() for item in provider(user, now)]
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [now, midnight + timedelta(days=1), midnight + timedelta(days=7)]
    labels = [(_("Overdue"), "bad"), (_("Today"), ""), (_("Within a week"), ""), (_("Later"), "")]
    found: list[list[TodayItem]] = [[], [], [], []]
    for item in items:
        place = next((index for index, end in enumerate(ends) if item.due and item.due < end), 3)
        found[place].append(item)
    return [_group(label, tone, waiting, now) for (label, tone), waiting in zip(labels, found, strict=True) if waiting]


def _group(label: str, tone: str, items: list[TodayItem], now: datetime) -> Group:
    ordered = sorted(items, key=lambda item: _weight(item, now))
    return Group(label=label, tone=tone, items=ordered[:MOST], more=max(0, len(ordered) - MOST))


def _weight(item: TodayItem, now: datetime) -> Any:
    amount = item.money.amount if item.money else Decimal(0)
    return -amount, item.due or now + timedelta(days=3650)

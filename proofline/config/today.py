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

from proofline.records.models import NoExchangeRateError, Workspace

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
FAR = timedelta(days=3650)
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
    workspace = Workspace.current()
    items = [item for provider in providers() for item in provider(user, now)]
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [now, midnight + timedelta(days=1), midnight + timedelta(days=7)]
    labels = [(_("Overdue"), "bad"), (_("Today"), ""), (_("Within a week"), ""), (_("Later"), "")]
    found: list[list[TodayItem]] = [[], [], [], []]
    for item in items:
        place = next((index for index, end in enumerate(ends) if item.due and item.due < end), 3)
        found[place].append(item)
    return [_group(label, tone, waiting, Weighing(workspace, now)) for (label, tone), waiting in zip(labels, found, strict=True) if waiting]


@dataclass(frozen=True)
class Weighing:
    """Orders items by their worth in the workspace's currency, then by when they are due."""

    workspace: Workspace
    now: datetime

    def __call__(self, item: TodayItem) -> Any:
        """Return the key to sort by, the weightiest first."""
        return -self._worth(item), item.due or self.now + FAR

    def _worth(self, item: TodayItem) -> Decimal:
        if item.money is None:
            return Decimal(0)
        try:
            return self.workspace.in_base(item.money, on=self.now.date()).amount
        except NoExchangeRateError:
            return item.money.amount


def _group(label: str, tone: str, items: list[TodayItem], weight: Weighing) -> Group:
    ordered = sorted(items, key=weight)
    return Group(label=label, tone=tone, items=ordered[:MOST], more=max(0, len(ordered) - MOST))

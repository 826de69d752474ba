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

from proofline.records.models import NoExchangeRateError, User, Workspace
from proofline.records.roles import Role, Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from proofline.kit.today import TodayItem

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
STEERING = {Role.ADMINISTRATOR, Role.MANAGER}
MOST_PEOPLE = 30
MOST = 20
"""How many items a group shows."""


@dataclass(frozen=True)
class Waiting:
    """An item and the person for whom it waits."""

    item: TodayItem
    person: User


@dataclass(frozen=True)
class Group:
    """What waits at one time."""

    label: str
    tone: str
    rows: list[Waiting]
    more: int


@cache
def providers() -> list[Provider]:
    """Return what the rooms offer."""
    names = [f"{room}.today" for room in ROOMS]
    return [importlib.import_module(name).waiting for name in names if importlib.util.find_spec(name)]


def team_of(user: User) -> list[User]:
    """Return the people whose work a manager or an administrator steers, at most `MOST_PEOPLE`; nobody for others."""
    if user.role not in STEERING:
        return []
    people = User.objects.filter(is_active=True, email__isnull=False).exclude(pk=user.pk)
    if user.scope != Scope.ALL:
        people = people.filter(team__in=user.team_and_below())
    return list(people.order_by("pk")[:MOST_PEOPLE])


def groups(*, people: Iterable[User], now: datetime) -> list[Group]:
    """Return what waits for the people: overdue, due today, this week, later; within each, the largest amounts first."""
    weight = Weighing(Workspace.current(), now)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    ends = [now, midnight + timedelta(days=1), midnight + timedelta(days=7)]
    labels = [(_("Overdue"), "bad"), (_("Today"), ""), (_("Within a week"), ""), (_("Later"), "")]
    found: list[list[Waiting]] = [[], [], [], []]
    for person in people:
        for item in (item for provider in providers() for item in provider(person, now)):
            place = next((index for index, end in enumerate(ends) if item.due and item.due < end), 3)
            found[place].append(Waiting(item, person))
    return [_group(label, tone, rows, weight) for (label, tone), rows in zip(labels, found, strict=True) if rows]


@dataclass(frozen=True)
class Weighing:
    """Orders items by their worth in the workspace's currency, then by when they are due."""

    workspace: Workspace
    now: datetime

    def __call__(self, row: Waiting) -> Any:
        """Return the key to sort by, the weightiest first."""
        return -self._worth(row.item), row.item.due or self.now + FAR

    def _worth(self, item: TodayItem) -> Decimal:
        if item.money is None:
            return Decimal(0)
        try:
            return self.workspace.in_base(item.money, on=self.now.date()).amount
        except NoExchangeRateError:
            return item.money.amount


def _group(label: str, tone: str, rows: list[Waiting], weight: Weighing) -> Group:
    ordered = sorted(rows, key=weight)
    return Group(label=label, tone=tone, rows=ordered[:MOST], more=max(0, len(ordered) - MOST))

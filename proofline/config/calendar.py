"""The calendar: gathered from what the rooms say belongs to a day, never more than the days shown."""

from __future__ import annotations

import importlib
import importlib.util
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from proofline.config.today import ROOMS
from proofline.kit import formats
from proofline.kit.clock import add_months
from proofline.records.models import User
from proofline.records.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet

    from proofline.kit.dates import DatedItem

    Provider = Callable[..., Iterable[DatedItem]]

A_DAY, WEEK = timedelta(days=1), 7
FIRST, LAST = date(1971, 1, 1), date(8999, 12, 1)


@cache
def providers() -> list[Provider]:
    """Return what the rooms offer: each room's `dates.between(first, last, viewer=, owners=)`."""
    names = [f"{room}.dates" for room in ROOMS]
    return [importlib.import_module(name).between for name in names if importlib.util.find_spec(name)]


def has_team(user: User) -> bool:
    """Tell whether the person sees others' days."""
    return user.scope != Scope.OWN


def owners(user: User, *, team: bool) -> QuerySet[User]:
    """Return whose days are shown: one's own, or those of one's team and below; everybody's for who sees all and has no team."""
    if not team or not has_team(user):
        return User.objects.filter(pk=user.pk)
    return User.objects.filter(team__in=user.team_and_below()) if user.team_id else User.objects.filter(is_active=True)


def between(first: date, last: date, *, viewer: User, team: bool) -> list[DatedItem]:
    """Return what the viewer may see from the first day to the last; one query or two a room."""
    whose = owners(viewer, team=team)
    items = [item for provider in providers() for item in provider(first, last, viewer=viewer, owners=whose)]
    return sorted(items, key=lambda item: (item.day, *item.order))


@dataclass(frozen=True)
class Day:
    """A day of the page."""

    day: date
    outside: bool = False
    is_today: bool = False
    items: list[DatedItem] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """The days of a page: a month in whole weeks, a week or a day."""

    view: str
    anchor: date
    first: date
    last: date

    @classmethod
    def of(cls, view: str, day: date) -> Span:
        """Return the span that holds the day; weeks begin as the language has it."""
        day = min(max(day, FIRST), LAST)
        start = formats.locale().first_week_day
        if view == "day":
            return cls(view, day, day, day)
        if view == "week":
            monday = day - timedelta(days=(day.weekday() - start) % WEEK)
            return cls(view, day, monday, monday + 6 * A_DAY)
        month = day.replace(day=1)
        end = add_months(month, 1) - A_DAY
        first = month - timedelta(days=(month.weekday() - start) % WEEK)
        return cls("month", month, first, end + timedelta(days=(start - 1 - end.weekday()) % WEEK))

    def moved(self, step: int) -> date:
        """Return the day on which the next span (1) or the one before (-1) stands."""
        if self.view == "month":
            return add_months(self.anchor, step)
        return self.anchor + step * (A_DAY if self.view == "day" else WEEK * A_DAY)

    def days(self, items: list[DatedItem], *, today: date) -> list[Day]:
        """Return its days with what belongs to them."""
        by_day: defaultdict[date, list[DatedItem]] = defaultdict(list)
        for item in items:
            by_day[item.day].append(item)
        count = (self.last - self.first).days + 1
        days = (self.first + number * A_DAY for number in range(count))
        month = self.anchor.month if self.view == "month" else 0
        return [Day(day, bool(month) and day.month != month, day == today, by_day[day]) for day in days]

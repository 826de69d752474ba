"""Days, months, and time that counts only while people are at work."""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import chinese_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

ONE_DAY = timedelta(days=1)
NONE = timedelta(0)
FRIDAY = 4
MONTHS = 12


def local_day(at: datetime, *, time_zone: str) -> date:
    """Return the day that a clock on the wall shows."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def start_of_day(day: date, *, time_zone: str) -> datetime:
    """Return midnight, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def start_of_week(day: date) -> date:
    """Return the Monday on or before the day."""
    return day - timedelta(days=day.weekday())


def month_key(at: datetime, *, time_zone: str) -> str:
    """Return the month as `YYYY-MM`."""
    return f"{local_day(at, time_zone=time_zone):%Y-%m}"


def add_months(day: date, months: int) -> date:
    """Return the same day in another month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, month_lengths.monthrange(year, month + 1)[1]))


@cache
def is_chinese_workday(day: date) -> bool:
    """Tell whether people in China work on the day: public holidays are off, make-up workdays are on.

    The State Council decrees holidays a year at a time; beyond the years that the package chinesecalendar knows (2004 to
    2026 in its release 1.11), Monday to Friday are taken for workdays.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() <= FRIDAY


class WorkingTimeError(ValueError):
    """The working hours are none, or the time asked for is negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """Working hours, the same on each Chinese workday, in a time zone (an IANA name). Results are in UTC.

    Raises:
        WorkingTimeError: the hours end before they begin.
    """

    time_zone: str
    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            message = f"Working hours from {self.opens} to {self.closes} are none."
            raise WorkingTimeError(message)

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on the day."""
        return is_chinese_workday(day)

    def is_working_time(self, at: datetime) -> bool:
        """Tell whether people work at that moment."""
        opening, closing = self.hours(local_day(at, time_zone=self.time_zone))
        return opening <= at < closing

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """Return when work begins and ends on a day; on a day off both are the same moment."""
        zone = ZoneInfo(self.time_zone)
        opening = datetime.combine(day, self.opens, zone).astimezone(UTC)
        closing = datetime.combine(day, self.closes, zone).astimezone(UTC)
        return (opening, closing) if self.is_working_day(day) else (opening, opening)

    def add(self, start: datetime, working_time: timedelta) -> datetime:
        """Return the moment by which so much working time has passed.

        Raises:
            WorkingTimeError: the time is negative.
        """
        if working_time < NONE:
            message = f"{working_time} is negative."
            raise WorkingTimeError(message)
        left, now = working_time, start.astimezone(UTC)
        if left == NONE:
            return now
        for day in _days_from(local_day(start, time_zone=self.time_zone)):
            opening, closing = self.hours(day)
            available = max(NONE, closing - max(now, opening))
            if available >= left:
                return max(now, opening) + left
            left -= available
        message = f"{working_time} after {start} is beyond the calendar."  # pragma: no cover - year 9999
        raise WorkingTimeError(message)  # pragma: no cover

    def add_hours(self, start: datetime, working_hours: float) -> datetime:
        """Return the moment by which so many working hours have passed."""
        return self.add(start, timedelta(hours=working_hours))

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return the end of work on the n-th working day after the day of `start`, which itself does not count."""
        return self.hours(self.shift(local_day(start, time_zone=self.time_zone), days))[1]

    def shift(self, day: date, working_days: int) -> date:
        """Return the n-th working day after the day; before it where n is negative; the day itself for 0."""
        step = ONE_DAY if working_days > 0 else -ONE_DAY
        for _number in range(abs(working_days)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from one moment to the other; negative where the second is earlier."""
        if end < start:
            return -self.working_time_between(end, start)
        last = local_day(end, time_zone=self.time_zone)
        spent = NONE
        for day in _days_from(local_day(start, time_zone=self.time_zone)):
            if day > last:
                break
            opening, closing = self.hours(day)
            spent += max(NONE, min(end, closing) - max(start, opening))
        return spent


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        if day == date.max:
            return
        day += ONE_DAY


class ClockState(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    LATE = "late"
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A promise to do something within a working time. Stopped late, it stays missed."""

    calendar: WorkingCalendar
    started: datetime
    allowed: timedelta
    stopped: datetime | None = None

    @property
    def due(self) -> datetime:
        """The last moment that keeps the promise, in UTC."""
        return self.calendar.add(self.started, self.allowed)

    def spent(self, now: datetime) -> timedelta:
        """Return the working time used so far, or until it stopped."""
        return self.calendar.working_time_between(self.started, self.stopped or now)

    def remaining(self, now: datetime) -> timedelta:
        """Return the working time left; negative once it is late."""
        return self.allowed - self.spent(now)

    def breached(self, now: datetime) -> bool:
        """Tell whether the promise is broken."""
        return (self.stopped or now) > self.due

    def state(self, now: datetime) -> ClockState:
        """Return where the clock stands."""
        if self.stopped:
            return ClockState.MISSED if self.breached(now) else ClockState.MET
        return ClockState.LATE if self.breached(now) else ClockState.RUNNING

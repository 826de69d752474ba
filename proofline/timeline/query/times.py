"""The time that a question asks for, and how it falls into hours, days, weeks and months of the workspace's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from proofline.kit.clock import add_months, local_day, start_of_day, start_of_week
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    Moment = date | datetime

FIRST = datetime(1900, 1, 2, tzinfo=UTC)
LAST = datetime(2299, 1, 1, tzinfo=UTC)
"""What the columnar store can hold."""
RELATIVE = re.compile(r"-(\d{1,5})([smhdwM])")
EXACT = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1)}
DAYS = {"d": 1, "w": 7}
POSSIBLE = ("2026-10-01", "2026-10-01T08:00:00", "-30d", "-12h", "-6M")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_INTERVALS = 5_000
NEAR = datetime(1970, 1, 9, tzinfo=UTC), datetime(2149, 1, 1, tzinfo=UTC)
"""Between these the store's days are smaller and quicker."""
BUCKETS = {
    "hour": "toTimeZone(toStartOfHour(at, {zone:String}), 'UTC')",
    "day": "toDate(at, {zone:String})",
    "week": "toMonday(at, {zone:String})",
    "month": "toStartOfMonth(at, {zone:String})",
}
"""SQL of the interval in which an event lies, hours in UTC, where none has the name of another; those far from today by `FAR`."""
FAR = BUCKETS | {"day": "toDate32(at, {zone:String})"}
EXTENDED = "enable_extended_results_for_datetime_functions = 1"
"""The setting that `FAR` needs."""


@dataclass(frozen=True)
class Range:
    """The time [start, end) that a question asks for, in UTC, seen in a time zone."""

    start: datetime
    end: datetime
    zone: str

    @property
    def is_near(self) -> bool:
        """Whether all of it lies where the store's days are smaller and quicker."""
        return NEAR[0] <= self.start and self.end <= NEAR[1]

    def intervals(self, interval: str) -> list[Moment]:
        """Return the beginnings of all intervals that lie in it at least in part, as `BUCKETS` gives them.

        Raises:
            QuestionError: there would be too many of them.
        """
        found: list[Moment] = []
        for one in self._intervals(interval):
            if len(found) >= MOST_INTERVALS:
                raise QuestionError("interval", "fine", given=interval)
            found.append(one)
        return found

    def _intervals(self, interval: str) -> Iterator[Moment]:
        last = self.end - timedelta(milliseconds=1)
        if interval == "hour":
            yield from self._hours(last)
            return
        day, ends = (bucket(at, interval=interval, zone=self.zone) for at in (self.start, last))
        while day <= ends:
            yield day
            day = following(day, interval=interval)

    def _hours(self, last: datetime) -> Iterator[datetime]:
        at, before = self.start, None
        while True:
            hour = hour_of(at, zone=self.zone)
            if hour > last:
                return
            if hour != before:
                yield hour
            at, before = hour + HOUR, hour


def range_of(*, from_: str | datetime, to: str | datetime | None, zone: str, now: datetime) -> Range:
    """Return the time that is asked for.

    Raises:
        QuestionError: a time can't be read, is out of what the store holds, or it ends before it begins.
    """
    start = FIRST if from_ == "all" else moment(from_, field="from", zone=zone, now=now)
    end = now if to is None else moment(to, field="to", zone=zone, now=now)
    if to is None and start >= end:
        end = start + timedelta(milliseconds=1)
    if start >= end:
        raise QuestionError("to", "ends", given=to)
    return Range(start, end, zone)


def moment(said: str | datetime, *, field: str, zone: str, now: datetime) -> datetime:
    """Return the moment, in UTC, that a day, a time or "-30d" says.

    Raises:
        QuestionError: it says none, or one that the store can't hold.
    """
    try:
        found = said.astimezone(UTC) if isinstance(said, datetime) else _read(said, zone=zone, now=now)
    except (ValueError, OverflowError):
        raise QuestionError(field, "time", possible=POSSIBLE, given=said) from None
    if not FIRST <= found <= LAST:
        raise QuestionError(field, "range", possible=[f"{FIRST.date()} … {LAST.date()}"], given=said)
    return found


def _read(said: str, *, zone: str, now: datetime) -> datetime:
    ago = RELATIVE.fullmatch(said)
    if ago and ago[1].isascii():
        return _ago(int(ago[1]), ago[2], zone=zone, now=now)
    if len(said) == len("2026-10-01"):
        return start_of_day(date.fromisoformat(said), time_zone=zone)
    found = datetime.fromisoformat(said)
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _ago(number: int, unit: str, *, zone: str, now: datetime) -> datetime:
    if unit in EXACT:
        return (now - number * EXACT[unit]).astimezone(UTC)
    today = local_day(now, time_zone=zone)
    day = add_months(today, -number) if unit == "M" else today - timedelta(days=number * DAYS[unit])
    return start_of_day(day, time_zone=zone)


def bucket(at: datetime, *, interval: str, zone: str) -> date:
    """Return the beginning of the day, week (Monday) or month in which a moment lies, as a clock on the wall shows it."""
    day = local_day(at, time_zone=zone)
    return {"day": day, "week": start_of_week(day), "month": day.replace(day=1)}[interval]


def hour_of(at: datetime, *, zone: str) -> datetime:
    """Return the beginning of the hour in which a moment lies, in UTC."""
    local = at.astimezone(ZoneInfo(zone))
    return (at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(UTC)


def following(day: date, *, interval: str) -> date:
    """Return the beginning of the next day, week or month."""
    if interval == "month":
        return add_months(day, 1)
    return day + DAY * (7 if interval == "week" else 1)


def read_interval(said: object, *, interval: str) -> Moment:
    """Return the beginning that JSON says.

    Raises:
        QuestionError: it says none.
    """
    try:
        if interval == "hour":
            return datetime.fromisoformat(str(said)).astimezone(UTC)
        return date.fromisoformat(str(said)[:10])
    except ValueError:
        raise QuestionError("at.interval", "time", given=said) from None

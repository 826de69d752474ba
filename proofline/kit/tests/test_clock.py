"""Working time on the Chinese calendar, and clocks that run on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.kit.clock import (
    Clock,
    ClockState,
    WorkingCalendar,
    WorkingTimeError,
    add_months,
    is_chinese_workday,
    month_key,
    start_of_day,
    start_of_week,
)

SHANGHAI = WorkingCalendar(time_zone="Asia/Shanghai", opens=time(9), closes=time(18))
BERLIN = WorkingCalendar(time_zone="Europe/Berlin", opens=time(8, 30), closes=time(17))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
SPANS = st.timedeltas(timedelta(0), timedelta(hours=300))
CALENDARS = st.sampled_from([SHANGHAI, BERLIN])


def at(text: str) -> datetime:
    """A moment by the clocks of Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2025-10-08", False),
        ("2027-10-01", True),
        ("2027-10-02", False),
    ],
)
def test_holidays_and_make_up_workdays(day: str, *, works: bool) -> None:
    """The State Council's decree for 2026; 2027 is not decreed yet, so only weekends are off."""
    assert is_chinese_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23T10:00", 2, "2026-11-23T12:00"),
        ("2026-11-23T17:00", 2, "2026-11-24T10:00"),
        ("2026-11-20T17:00", 2, "2026-11-23T10:00"),
        ("2026-11-21T12:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T07:00", 9, "2026-11-23T18:00"),
        ("2026-09-30T17:00", 2, "2026-10-08T10:00"),
        ("2026-10-09T17:00", 2, "2026-10-10T10:00"),
        ("2026-11-23T10:00", 24, "2026-11-25T16:00"),
    ],
)
def test_hours_pass_only_at_work(start: str, hours: float, end: str) -> None:
    assert SHANGHAI.add_hours(at(start), hours) == at(end)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23T10:00", 3, "2026-11-26T18:00"),
        ("2026-09-29T20:00", 3, "2026-10-09T18:00"),
        ("2026-10-09T09:00", 1, "2026-10-10T18:00"),
        ("2026-11-23T23:30", 0, "2026-11-23T18:00"),
    ],
)
def test_days_end_with_work_on_the_nth_working_day(start: str, days: int, end: str) -> None:
    assert SHANGHAI.add_days(at(start), days) == at(end)


def test_working_days_are_counted_backwards_too() -> None:
    assert SHANGHAI.shift(date(2026, 10, 8), -2) == date(2026, 9, 29)


@given(CALENDARS, MOMENTS, SPANS)
def test_time_added_is_the_time_between(calendar: WorkingCalendar, start: datetime, span: timedelta) -> None:
    assert calendar.working_time_between(start, calendar.add(start, span)) == span


@given(CALENDARS, MOMENTS, SPANS, SPANS)
def test_adding_twice_is_adding_the_sum(
    calendar: WorkingCalendar, start: datetime, one: timedelta, two: timedelta
) -> None:
    assert calendar.add(calendar.add(start, one), two) == calendar.add(start, one + two)


@given(CALENDARS, st.tuples(MOMENTS, MOMENTS, MOMENTS).map(sorted))
def test_time_between_adds_up(calendar: WorkingCalendar, moments: list[datetime]) -> None:
    first, second, third = moments
    if third - first > timedelta(days=400):
        third = min(third, first + timedelta(days=400))
        second = min(second, third)
    parts = calendar.working_time_between(first, second) + calendar.working_time_between(second, third)
    assert parts == calendar.working_time_between(first, third) == -calendar.working_time_between(third, first)


def test_working_time_is_told() -> None:
    assert SHANGHAI.is_working_time(at("2026-11-23T09:00"))
    assert not SHANGHAI.is_working_time(at("2026-11-23T18:00"))
    assert not SHANGHAI.is_working_time(at("2026-11-22T12:00"))


def test_hours_that_are_none_and_negative_times_are_refused() -> None:
    with pytest.raises(WorkingTimeError, match="none"):
        WorkingCalendar(time_zone="Asia/Shanghai", opens=time(18), closes=time(9))
    with pytest.raises(WorkingTimeError, match="negative"):
        SHANGHAI.add_hours(at("2026-11-23T10:00"), -1)


def test_a_clock_runs_and_gets_late() -> None:
    clock = Clock(calendar=SHANGHAI, started=at("2026-11-20T16:00"), allowed=timedelta(hours=4))
    assert clock.due == at("2026-11-23T11:00")
    before, after = at("2026-11-22T12:00"), at("2026-11-23T11:30")
    assert clock.remaining(before) == timedelta(hours=2)
    assert clock.state(before) is ClockState.RUNNING
    assert clock.remaining(after) == timedelta(minutes=-30)
    assert clock.breached(after)
    assert clock.state(after) is ClockState.LATE


def test_a_late_answer_stays_a_miss() -> None:
    started, allowed, later = at("2026-11-23T10:00"), timedelta(hours=1), at("2026-12-23T10:00")
    kept = Clock(calendar=SHANGHAI, started=started, allowed=allowed, stopped=at("2026-11-23T11:00"))
    missed = Clock(calendar=SHANGHAI, started=started, allowed=allowed, stopped=at("2026-11-23T11:00:01"))
    assert kept.state(later) is ClockState.MET
    assert kept.spent(later) == allowed
    assert missed.state(later) is ClockState.MISSED


def test_days_weeks_and_months() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 1, 15), -1) == date(2025, 12, 15)
    assert add_months(date(2026, 11, 30), 13) == date(2027, 12, 30)
    assert month_key(datetime(2026, 10, 31, 17, tzinfo=UTC), time_zone="Asia/Shanghai") == "2026-11"
    assert start_of_day(date(2026, 11, 23), time_zone="Asia/Shanghai") == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert start_of_week(date(2026, 11, 29)) == date(2026, 11, 23)

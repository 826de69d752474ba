"""Counts over time: intervals in the workspace's time zone, empty ones too; broken down, summed, per person."""

from datetime import UTC, date, datetime

import pytest

from proofline.timeline.query import QuestionError
from proofline.timeline.tests.histories import NEW_YORK, SHANGHAI, ask, behind, days, happened, is_, known

pytestmark = pytest.mark.django_db  # who became whom is asked of the records

OCTOBER = {"from_": "2026-10-01", "to": "2026-11-01"}


def test_days_begin_at_midnight_in_the_workspaces_time_zone():
    happened(("10-05 15:59", "A", 1), ("10-05 16:00", "A", 1), ("10-07 02:00", "A", 2))
    found = ask("trend", "A", zone=SHANGHAI, **OCTOBER)
    assert days(found) == {"2026-10-05": 1, "2026-10-06": 1, "2026-10-07": 1}
    assert days(ask("trend", "A", zone=NEW_YORK, **OCTOBER)) == {"2026-10-05": 2, "2026-10-06": 1}


def test_every_day_has_its_place_also_when_nothing_happened():
    happened(("10-05 03:00", "A", 1))
    found = ask("trend", "A", **OCTOBER)
    assert found.intervals == [date(2026, 10, day) for day in range(1, 32)]
    assert found.series[0].values == [int(day == 5) for day in range(1, 32)]
    assert ask("trend", "Nothing", **OCTOBER).series[0].values == [0] * 31


def test_the_night_when_clocks_go_back_has_two_hours_of_the_same_name():
    happened(("11-01 05:30", "A", 1), ("11-01 06:30", "A", 1), ("11-01 06:45", "A", 1))
    found = ask("trend", "A", zone=NEW_YORK, interval="hour", from_="2026-11-01", to="2026-11-02")
    assert len(found.intervals) == 25
    assert days(found) == {"2026-11-01 05:00:00+00:00": 1, "2026-11-01 06:00:00+00:00": 2}


def test_the_day_when_clocks_go_forth_is_one_hour_shorter():
    happened(("03-08 04:59", "A", 1), ("03-08 05:00", "A", 1), ("03-09 03:59", "A", 1), ("03-09 04:00", "A", 1))
    found = ask("trend", "A", zone=NEW_YORK, from_="2026-03-07", to="2026-03-10")
    assert found.series[0].values == [1, 2, 1]
    assert len(ask("trend", "A", zone=NEW_YORK, interval="hour", from_="2026-03-08", to="2026-03-09").intervals) == 23


def test_weeks_begin_on_monday_and_months_on_the_first():
    happened(("09-27 15:00", "A", 1), ("09-27 17:00", "A", 1), ("09-30 17:00", "A", 1), ("10-31 15:00", "A", 1))
    weeks = ask("trend", "A", interval="week", from_="2026-09-25", to="2026-11-01")
    assert days(weeks) == {"2026-09-21": 1, "2026-09-28": 2, "2026-10-26": 1}
    assert len(weeks.intervals) == 6
    assert days(ask("trend", "A", interval="month", from_="2026-09-01", to="2026-11-01")) == {
        "2026-09-01": 2,
        "2026-10-01": 2,
    }


def test_all_begins_with_the_first_event_also_long_ago():
    happened(("1955-03-05 03:00:00.000", "A", 1), ("10-05 03:00", "A", 1))
    found = ask("trend", "A", from_="all", interval="month")
    assert (found.intervals[0], found.series[0].values[0], found.series[0].total) == (date(1955, 3, 1), 1, 2)
    assert ask("trend", "Nothing", from_="all").series[0].total == 0


def test_the_beginning_belongs_to_the_time_and_the_end_does_not():
    happened(("10-04 16:00", "A", 1), ("10-05 15:59", "A", 1), ("10-05 16:00", "A", 1))
    assert ask("trend", "A", from_="2026-10-05", to="2026-10-06").series[0].total == 2


def test_people_count_once_over_all_though_they_come_every_day():
    happened(("10-05 03:00", "A", 1), ("10-06 03:00", "A", 1), ("10-06 03:01", "A", 2), ("10-06 03:02", "A", 0))
    [series] = ask("trend", "A", measure="people", **OCTOBER).series
    assert (series.total, sum(series.values)) == (2, 3)


def test_merged_people_count_once_and_accounts_are_those_of_their_people():
    happened(("10-05 03:00", "A", 1), ("10-05 03:01", "A", 2), ("10-05 03:02", "A", 3, {"account": 8}))
    known((2, 1, 0, 7), (1, 1, 0, 7))
    assert ask("trend", "A", measure="people", **OCTOBER).series[0].total == 2
    assert ask("trend", "A", measure="accounts", **OCTOBER).series[0].total == 2
    assert behind("trend", "A", at={}, **OCTOBER) == [1, 3]


def test_sums_and_means_take_numbers_however_they_came():
    happened(*[("10-05 03:00", "A", 1, {"value": value}) for value in (1, 2.5, "10.25", True, "ten", "nan", None, [3])])
    assert ask("trend", "A", measure="sum:value", **OCTOBER).series[0].total == 14.75
    means = ask("trend", "A", measure="mean:value", **OCTOBER).series[0]
    assert means.total == 14.75 / 4
    assert set(means.values) == {None, 14.75 / 4}
    assert ask("trend", "A", measure="sum:value", **OCTOBER).unit == "value"


def test_a_breakdown_gives_the_greatest_slices_and_the_rest_together():
    happened(
        *[
            ("10-05 03:00", "A", n, {"plan": plan})
            for n, plan in enumerate(["pro"] * 3 + ["basic"] * 2 + ["x", "y", None])
        ]
    )
    found = ask("trend", "A", by={"of": "property", "name": "plan"}, limit=2, **OCTOBER)
    assert [(one.key, one.total, one.others) for one in found.series] == [
        ("pro", 3, False),
        ("basic", 2, False),
        ("", 3, True),
    ]
    columns, rows = found.table()
    assert (columns, len(rows)) == (["Event", "Slice", "Time", "Figure"], 3 * 31)
    assert behind("trend", "A", at={"key": "basic"}, by={"of": "property", "name": "plan"}, **OCTOBER) == [3, 4]


@pytest.mark.parametrize(
    "evil",
    ["it's", "`", "{x:String}", '"', "a\0b", "中文 “引号”", "a\\", "%(x)s", "'; DROP TABLE events; --", "a b.c-d"],
)
def test_names_and_values_are_data_whatever_they_are(evil):
    happened(("10-05 03:00", evil, 1, {evil: evil}), ("10-05 03:00", "other", 2, {"other": evil}))
    assert ask("trend", (evil, is_(evil, evil)), **OCTOBER).series[0].total == 1
    assert ask("trend", (None, is_(evil, evil, "contains")), **OCTOBER).series[0].total == 1
    assert ask("trend", (None, is_(evil, None, "set")), **OCTOBER).series[0].total == 1
    [first, second] = ask("trend", None, by={"of": "property", "name": evil}, **OCTOBER).series
    assert {first.key, second.key} == {"", evil}
    assert behind("trend", None, at={"key": evil}, by={"of": "property", "name": evil}, **OCTOBER) == [1]


def test_hours_over_years_are_refused_instead_of_drawn():
    with pytest.raises(QuestionError, match="interval is too short for such a long time"):
        ask("trend", "A", interval="hour", from_="2020-01-01")


def test_until_now_means_now_and_relative_days_begin_at_midnight():
    happened(("10-25 15:59", "A", 1), ("10-25 16:00", "A", 1), ("11-02 01:59", "A", 1), ("11-02 02:00", "A", 1))
    found = ask("trend", "A", from_="-7d")
    assert (found.intervals[0], found.intervals[-1], found.series[0].total) == (
        date(2026, 10, 26),
        date(2026, 11, 2),
        2,
    )
    assert ask("trend", "A", from_="-1h", interval="hour").intervals == [
        datetime(2026, 11, 2, 1, tzinfo=UTC),
    ]


def test_people_behind_an_interval():
    happened(("10-05 03:00", "A", 1), ("10-06 03:00", "A", 2), ("10-06 04:00", "B", 3))
    assert behind("trend", "A", at={"event": 0, "interval": "2026-10-06"}, **OCTOBER) == [2]
    assert behind("trend", "A", None, at={"event": 1, "interval": "2026-10-06"}, **OCTOBER) == [2, 3]
    hour = {"event": 0, "interval": "2026-10-06T11:00:00+08:00"}
    assert behind("trend", "A", at=hour, interval="hour", **OCTOBER) == [2]

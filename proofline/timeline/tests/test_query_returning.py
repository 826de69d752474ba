"""Retention, lifecycle, stickiness: who comes back, and how often."""

from datetime import date

import pytest

from proofline.timeline.query import QuestionError
from proofline.timeline.tests.histories import ask, behind, happened, known

SEPTEMBER = date(2026, 9, 28)
FIVE_WEEKS = {"interval": "week", "from_": "2026-09-28", "to": "2026-10-26"}
ACTIVE = (
    ("09-28 03:00", "Start", 1),
    ("09-29 03:00", "Use", 1),
    ("10-05 03:00", "Use", 1),
    ("10-19 03:00", "Use", 1),
    ("09-30 03:00", "Start", 2),
    ("09-29 03:00", "Use", 2),  # before the start
    ("10-06 03:00", "Start", 3),
    ("10-12 03:00", "Start", 3),
    ("10-13 03:00", "Use", 3),
)


def test_retention_of_cohorts_by_week():
    happened(*ACTIVE)
    found = ask("retention", "Start", "Use", **FIVE_WEEKS)
    assert [(cohort.began.day, cohort.size, cohort.returned) for cohort in found.cohorts] == [
        (28, 2, [1, 1, 0, 1]),
        (5, 1, [0, 1, 0]),
        (12, 0, [0, 0]),
        (19, 0, [0]),
    ]
    assert found.cohorts[0].shares() == [0.5, 0.5, 0.0, 0.5]
    assert found.table()[0] == ["Began", "How many", "0", "1", "2", "3"]


def test_retention_of_one_event_and_of_merged_people():
    happened(("10-01 03:00", "Use", 1), ("10-03 03:00", "Use", 2), ("10-03 04:00", "Use", 3))
    known((2, 1))
    found = ask("retention", "Use", from_="2026-10-01", to="2026-10-04")
    assert [(cohort.size, cohort.returned) for cohort in found.cohorts] == [(1, [1, 0, 1]), (0, [0, 0]), (1, [1])]


def test_people_behind_a_cohort():
    happened(*ACTIVE)
    assert behind("retention", "Start", "Use", at={"cohort": "2026-09-28"}, **FIVE_WEEKS) == [1, 2]
    assert behind("retention", "Start", "Use", at={"cohort": "2026-09-28", "after": 1}, **FIVE_WEEKS) == [1]


def test_lifecycle_by_week():
    happened(("08-03 03:00", "Use", 1), ("10-06 03:00", "Use", 1), ("10-13 03:00", "Use", 1), ("10-06 03:00", "Use", 2))
    found = ask("lifecycle", "Use", interval="week", from_="2026-10-05", to="2026-10-26")
    assert found.intervals == [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 19)]
    assert found.counts == {"new": [1, 0, 0], "returning": [0, 1, 0], "resurrected": [1, 0, 0], "dormant": [0, 1, 1]}
    assert behind("lifecycle", "Use", at={"interval": "2026-10-12", "state": "dormant"}, interval="week") == [2]
    with pytest.raises(QuestionError, match="new, returning, resurrected, dormant"):
        behind("lifecycle", "Use", at={"interval": "2026-10-12", "state": "gone"}, interval="week")


def test_lifecycle_by_month_knows_long_and_short_months():
    happened(("01-31 03:00", "Use", 1), ("02-28 03:00", "Use", 1), ("03-31 03:00", "Use", 1))
    found = ask("lifecycle", "Use", interval="month", from_="2026-01-01", to="2026-05-01")
    assert found.counts == {
        "new": [1, 0, 0, 0],
        "returning": [0, 1, 1, 0],
        "resurrected": [0] * 4,
        "dormant": [0, 0, 0, 1],
    }


def test_stickiness_counts_days_in_the_workspaces_time_zone():
    happened(("10-05 15:59", "Use", 1), ("10-05 16:00", "Use", 1), ("10-05 03:00", "Use", 2), ("10-05 04:00", "Use", 2))
    assert ask("stickiness", "Use", from_="2026-10-05", to="2026-10-08").counts == [1, 1, 0]
    assert ask("stickiness", "Use", from_="2026-10-05", to="2026-10-08", zone="UTC").counts == [2, 0, 0]
    assert behind("stickiness", "Use", at={"active": 2}) == [1]
    columns, rows = ask("stickiness", "Use", from_="2026-10-05", to="2026-10-07").table()
    assert rows == [[1, 1, 0.5], [2, 1, 0.5]]
    assert columns == ["Active in", "How many", "Share"]


def test_nothing_happened():
    assert [cohort.size for cohort in ask("retention", "A", "B", from_="-2d").cohorts] == [0, 0, 0]
    assert sum(map(sum, ask("lifecycle", "A").counts.values())) == 0
    assert ask("stickiness", "A", from_="-1d").table()[1] == [[1, 0, None], [2, 0, None]]

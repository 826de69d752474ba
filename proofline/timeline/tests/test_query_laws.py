"""Whatever happened, the store's answers are those of the same analyses in plain Python; merged people count once."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.timeline.query import Filter, Question, Step, answer
from proofline.timeline.tests import plainly
from proofline.timeline.tests.histories import NEW_YORK, SHANGHAI, happened, known
from tests.fixtures.laws import cases

BEGINS = datetime(2026, 10, 10, tzinfo=UTC)
ENDS = datetime(2026, 11, 25, tzinfo=UTC)
MINUTES = int((ENDS - BEGINS).total_seconds() // 60)
ZONES = st.sampled_from([SHANGHAI, NEW_YORK, "Asia/Kolkata", "UTC"])
INTERVALS = st.sampled_from(["day", "week", "month"])
WINDOWS = st.sampled_from([timedelta(hours=1), timedelta(hours=6), timedelta(days=2), timedelta(days=30)])
STEPS = st.lists(st.sampled_from("ABC"), min_size=2, max_size=4)
_numbers = itertools.count(1)
CASES = cases(20)


@st.composite
def histories(draw, minutes=MINUTES - 1):
    """Events of up to five people, two of whom may turn out to be one."""
    times = draw(st.lists(st.integers(0, minutes), unique=True, max_size=14))
    happened_ = [
        (BEGINS + timedelta(minutes=at), draw(st.sampled_from("ABC")), draw(st.integers(1, 5))) for at in times
    ]
    merged = draw(st.dictionaries(st.sampled_from([3, 4, 5]), st.sampled_from([1, 2]), max_size=2))
    return happened_, merged


class Told:
    """A history in the store, under a source of its own; `events` is what it means."""

    def __init__(self, history):
        events, merged = history
        number = next(_numbers)
        self.source = f"law {number}"
        base = number * 10
        happened(*[(at, name, base + person, {"source": self.source}) for at, name, person in events])
        known(*[(base + person, base + into) for person, into in merged.items()])
        self.events = [(at, name, base + merged.get(person, person)) for at, name, person in events]

    def ask(self, kind, *names, zone="UTC", **fields):
        mine = (Filter("source", "is", values=(self.source,)),)
        steps = tuple(Step(name) for name in names)
        return answer(
            Question(kind, steps, where=mine, **({"from_": BEGINS, "to": ENDS} | fields)), zone=zone, now=ENDS
        )


DENSE = histories(60 * 24 * 4)
"""Within four days, so that windows and orders matter."""


@CASES
@given(history=histories(), zone=ZONES, interval=st.sampled_from(["hour", "day", "week", "month"]))
def test_a_trend_counts_events_and_people(history, zone, interval):
    told = Told(history)
    count, people = plainly.trend(told.events, "A", interval, zone)
    for measure, expected in (("events", count), ("people", people)):
        found = told.ask("trend", "A", zone=zone, interval=interval, measure=measure)
        [series] = found.series
        assert {at: value for at, value in zip(found.intervals, series.values, strict=True) if value} == expected
        assert found.intervals == sorted(set(found.intervals))
    assert series.total == len({person for _at, name, person in told.events if name == "A"})


@cases(60)
@given(history=DENSE, steps=STEPS, window=WINDOWS, order=st.sampled_from(["ordered", "strict", "any"]))
def test_a_funnel_counts_who_came_how_far(history, steps, window, order):
    if order == "any":
        steps = list(dict.fromkeys(steps))
    told = Told(history)
    found = told.ask("funnel", *steps, window=window, order=order)
    assert [step.count for step in found.steps] == plainly.funnel(told.events, steps, window, order)


@CASES
@given(history=DENSE, steps=STEPS, window=WINDOWS)
def test_a_funnel_tells_the_time_between_its_steps(history, steps, window):
    told = Told(history)
    found = told.ask("funnel", *steps, window=window)
    took = {place: step.seconds for place, step in enumerate(found.steps) if step.seconds is not None}
    assert took == pytest.approx(plainly.medians(told.events, steps, window))


@CASES
@given(history=histories(), start=st.sampled_from("AB"), zone=ZONES, interval=INTERVALS)
def test_retention_counts_who_came_back(history, start, zone, interval):
    told = Told(history)
    found = told.ask("retention", start, "A", zone=zone, interval=interval)
    cohorts = {
        cohort.began: (cohort.size, {n: count for n, count in enumerate(cohort.returned) if count})
        for cohort in found.cohorts
        if cohort.size
    }
    assert cohorts == plainly.retention(told.events, start, "A", interval, zone)


@CASES
@given(history=histories(), zone=ZONES, interval=INTERVALS)
def test_a_lifecycle_tells_new_returning_resurrected_and_dormant(history, zone, interval):
    told = Told(history)
    middle = BEGINS + timedelta(days=20)
    found = told.ask("lifecycle", None, zone=zone, interval=interval, from_=middle)
    expected = plainly.lifecycle(told.events, interval, zone)
    for state, counts in found.counts.items():
        assert dict(zip(found.intervals, counts, strict=True)) == {
            at: expected[state].get(at, 0) for at in found.intervals
        }


@CASES
@given(history=histories(), zone=ZONES, interval=INTERVALS)
def test_stickiness_counts_the_days_of_activity(history, zone, interval):
    told = Told(history)
    found = told.ask("stickiness", None, zone=zone, interval=interval)
    active = {number: count for number, count in enumerate(found.counts, start=1) if count}
    assert active == plainly.stickiness(told.events, interval, zone)


@CASES
@given(history=DENSE, first=st.sampled_from("AB"), window=WINDOWS)
def test_the_time_between_is_to_the_next_event(history, first, window):
    told = Told(history)
    found = told.ask("between", first, "A", window=window)
    took = plainly.between(told.events, first, "A", window)
    assert (found.count, sum(found.bins)) == (len(took), len(took))
    if took:
        middle = len(took) // 2
        assert found.quantiles[0.5] == pytest.approx((took[middle] + took[-middle - 1]) / 2)


@CASES
@given(history=DENSE, window=WINDOWS)
def test_paths_count_what_came_next(history, window):
    told = Told(history)
    found = told.ask("paths", "A", window=window)
    assert Counter({(one.step, one.source, one.target): one.count for one in found.links}) == Counter(
        plainly.links(told.events, "A", window, 6)
    )

"""How often something may be done."""

from types import SimpleNamespace

import pytest

from proofline.kit import pacing


@pytest.fixture
def clock(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(pacing.time, "monotonic", lambda: clock.now)
    return clock


def test_so_many_at_once_and_then_one_by_one(clock):
    pace = pacing.Pace(at_once=3, an_hour=60)
    assert [pace.wait("a") for _time in range(3)] == [0, 0, 0]
    assert pace.wait("a") == pytest.approx(60)
    assert pace.wait("b") == 0
    clock.now += 61
    assert pace.wait("a") == 0
    assert pace.wait("a") > 0


def test_more_than_the_bucket_holds_passes_when_it_is_full_and_is_paid_back(clock):
    buckets = pacing.Buckets()
    assert buckets.take("a", amount=10, rate=2, most=4) == 0
    assert buckets.take("a", amount=1, rate=2, most=4) == pytest.approx(3.5)
    clock.now += 3.5
    assert buckets.take("a", amount=1, rate=2, most=4) == 0


def test_keys_are_forgotten_before_they_fill_the_memory(clock, monkeypatch):
    monkeypatch.setattr(pacing, "MOST_KEYS", 20)
    pace = pacing.Pace(at_once=1, an_hour=1)
    for key in range(200):
        pace.wait(key)
    assert len(pace._buckets._levels) <= 20

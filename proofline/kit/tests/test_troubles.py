"""What the log says of something that is down: why, once; that it still is, once a minute; and that it is back."""

import logging

import pytest
from django.db import OperationalError

from proofline.kit import troubles
from proofline.kit.jobs import runtime
from proofline.kit.troubles import Trouble

GONE = OperationalError("Connection refused")
HEALTH, READING, WORK = "The health check failed", "It can't be read", "It stumbled"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def trouble(clock):
    return Trouble("The lamp", clock=clock)


@pytest.fixture
def said(caplog):
    """Return `said()`: what was logged since it was last asked."""

    def read():
        found = [record.getMessage() for record in caplog.records if record.name == troubles.log.name]
        caplog.clear()
        return found

    return read


def test_the_reason_is_told_when_it_changes_and_not_again(trouble, said):
    for _check in range(20):
        trouble.failed(HEALTH, GONE)
    assert said() == ["The lamp is down. The health check failed: Connection refused"]


def test_that_it_is_still_down_is_told_once_a_minute(trouble, clock, said):
    for _second in range(181):
        trouble.failed(HEALTH, GONE)
        clock.now += 1
    assert said()[1:] == [
        f"The lamp is still down after {seconds} s and {seconds + 1} failures. The health check failed: Connection refused"
        for seconds in (60, 120, 180)
    ]


def test_that_it_is_back_is_told_once(trouble, clock, said):
    trouble.passed(HEALTH)
    assert said() == []
    trouble.failed(HEALTH, GONE)
    clock.now += 75
    trouble.passed(HEALTH)
    trouble.passed(HEALTH)
    assert said()[1:] == ["The lamp is back after 75 s"]
    trouble.failed(HEALTH, GONE)
    assert said() == ["The lamp is down. The health check failed: Connection refused"]


def test_it_is_back_when_everything_that_failed_works(trouble, said):
    trouble.failed(WORK, GONE)
    trouble.failed(HEALTH, GONE)
    trouble.passed(READING)
    trouble.passed(HEALTH, READING)
    assert len(said()) == 1, "one line for all"
    trouble.passed(WORK)
    assert said() == ["The lamp is back after 0 s"]


def test_what_nobody_looked_at_for_long_is_told_anew(trouble, clock, said):
    trouble.failed(READING, GONE)
    clock.now += troubles.SECONDS_REMEMBERED + 1
    trouble.failed(HEALTH, GONE)
    assert len(said()) == 2
    trouble.passed(HEALTH)
    assert said() == ["The lamp is back after 0 s"]


def test_what_nobody_expects_is_told_with_where_it_was_once(trouble, caplog):
    for _time in range(3):
        trouble.failed(WORK, KeyError("wick"))
    trouble.failed(WORK, GONE)
    (record,) = caplog.records
    assert record.getMessage() == "The lamp is down. It stumbled: KeyError('wick')"
    assert record.exc_info[1].args == ("wick",)
    assert record.levelno == logging.ERROR


def test_a_reason_of_several_lines_is_one_line(trouble, said):
    trouble.failed(HEALTH, OperationalError("no\nsuch\n  table"))
    assert said() == ["The lamp is down. The health check failed: no such table"]


def test_the_job_runner_says_once_why_it_stumbles(said, monkeypatch):
    monkeypatch.setattr(runtime, "SECONDS_AFTER_ERROR", 0.0)
    monkeypatch.setattr(runtime, "close_old_connections", lambda: None)
    monkeypatch.setattr(runtime.connections, "close_all", lambda: None)
    runner = runtime.Runner(threads=0)
    turns = iter([True, True, False, True])

    def work():
        goes_wrong = next(turns, None)
        if goes_wrong is None:
            runner.stopping.set()
        if goes_wrong:
            raise GONE

    runner.repeat(work)
    assert said() == [
        "The job runner is down. work failed: Connection refused",
        "The job runner is back after 0 s",
        "The job runner is down. work failed: Connection refused",
        "The job runner is back after 0 s",
    ]

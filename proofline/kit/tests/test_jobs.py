"""A job exists if and only if its transaction commits, runs once, is tried again, and survives its worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from proofline.kit.jobs import PositionalArgumentsError, current_job, report, running, runtime, schedule, status
from proofline.kit.jobs.progress import JobState
from proofline.kit.jobs.running import claim, dead, prune, recover, revive, run, run_pending
from proofline.kit.models import Lease, Progress
from proofline.kit.tests.sample_jobs import break_down, count, note, ran, survive, tidy_up
from tests.fixtures import waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.kit.jobs import Job

pytestmark = pytest.mark.django_db
in_the_open = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ran.clear()
    monkeypatch.setattr(schedule, "_entries", {})
    yield
    runtime.stop()


def state(job: Any) -> JobState:
    found = status(job.id)
    assert found is not None
    return found.state


def later(**span: float) -> datetime:
    return timezone.now() + timedelta(**span)


def test_a_job_runs_once_and_is_done() -> None:
    job = note.enqueue(key="a")
    assert state(job) is JobState.WAITING
    assert run_pending() == 1
    assert run_pending() == 0
    assert ran == {"a": 1}
    assert state(job) is JobState.DONE
    assert note.get_result(job.id).return_value == "a"
    assert not Lease.objects.exists()


@in_the_open
def test_a_job_exists_if_and_only_if_its_transaction_commits() -> None:
    def give_up() -> None:
        with transaction.atomic():
            note.enqueue(key="never")
            raise KeyError

    with pytest.raises(KeyError):
        give_up()
    with transaction.atomic():
        note.enqueue(key="always")
    run_pending()
    assert ran == {"always": 1}


def test_arguments_have_names() -> None:
    with pytest.raises(PositionalArgumentsError, match="note takes its arguments by name"):
        note.enqueue("a")  # type: ignore[call-arg]
    assert not DBTaskResult.objects.exists()


def test_a_job_that_is_not_due_waits() -> None:
    note.using(run_after=later(hours=1)).enqueue(key="a")
    assert run_pending() == 0
    assert run_pending(now=later(hours=2)) == 1


def test_the_more_urgent_runs_first() -> None:
    note.enqueue(key="a")
    urgent = note.using(priority=10).enqueue(key="b")
    claimed = claim(now=timezone.now())
    assert claimed is not None
    assert str(claimed.task.pk) == urgent.id


def test_a_failed_job_is_tried_again_with_growing_pauses_and_then_is_dead() -> None:
    job = break_down.enqueue(key="a")
    assert run_pending() == 1
    assert state(job) is JobState.RETRYING
    assert run_pending(now=later(seconds=50)) == 0
    assert run_pending(now=later(seconds=70)) == 1
    assert run_pending(now=later(seconds=110)) == 0
    assert run_pending(now=later(seconds=130)) == 1
    assert run_pending(now=later(days=1)) == 0
    found = status(job.id)
    assert found is not None
    assert (found.state, found.attempts, found.error) == (JobState.DEAD, 3, "ValueError: a broke")
    assert found.finished
    assert [str(task.pk) for task in dead()] == [job.id]
    assert ran == {"a": 3}


def test_a_dead_job_can_be_revived() -> None:
    job = break_down.enqueue(key="a")
    assert not revive(job.id, now=timezone.now())
    while run_pending(now=later(days=1)):
        pass
    assert revive(job.id, now=timezone.now())
    assert state(job) is JobState.WAITING
    assert run_pending() == 1
    assert ran == {"a": 4}


def test_pauses_double_up_to_an_hour() -> None:
    assert [break_down.pause_after(attempt) for attempt in (1, 2, 3)] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert break_down.pause_after(500) == timedelta(hours=1)


def test_a_job_that_is_no_longer_declared_is_dead_at_once() -> None:
    job = note.enqueue(key="a")
    DBTaskResult.objects.update(task_path="proofline.kit.tests.sample_jobs.gone")
    run_pending()
    assert DBTaskResult.objects.get(pk=job.id).status == running.DEAD


def test_a_job_whose_worker_vanished_is_run_again_and_the_crash_counts() -> None:
    job = note.enqueue(key="a")
    assert claim(now=timezone.now())
    assert recover(now=later(seconds=25)) == 0
    assert recover(now=later(seconds=35)) == 1
    assert state(job) is JobState.RETRYING
    assert run_pending(now=later(seconds=60)) == 1
    found = status(job.id)
    assert found is not None
    assert (found.state, found.attempts) == (JobState.DONE, 2)


def test_crashes_alone_kill_a_job_in_the_end() -> None:
    job = break_down.enqueue(key="a")
    for day in range(3):
        assert claim(now=later(days=day))
        recover(now=later(days=day, minutes=1))
    assert state(job) is JobState.DEAD
    assert not ran


def test_a_beating_heart_keeps_the_lease() -> None:
    note.enqueue(key="a")
    claimed = claim(now=timezone.now())
    assert claimed is not None
    running.beat([claimed.token], now=later(seconds=25))
    assert recover(now=later(seconds=50)) == 0
    assert recover(now=later(seconds=60), alive=[claimed.token]) == 0
    assert recover(now=later(seconds=60)) == 1


@pytest.mark.parametrize("function", [break_down, note])
def test_a_worker_that_was_thought_dead_changes_nothing_any_more(function: Job[..., Any]) -> None:
    job = function.enqueue(key="a")
    slow = claim(now=timezone.now())
    assert slow is not None
    recover(now=later(minutes=1))
    second = claim(now=later(hours=1))
    assert second is not None
    run(slow)
    assert state(job) is JobState.RUNNING
    assert Lease.objects.get().token == second.token


@in_the_open
def test_of_many_workers_each_job_gets_exactly_one() -> None:
    for number in range(40):
        note.enqueue(key=str(number))

    def work() -> None:
        try:
            run_pending()
        finally:
            connections.close_all()

    waiting.at_once(*[work] * 4)
    assert len(ran) == 40
    assert set(ran.values()) == {1}
    assert all(len(task.worker_ids) == 1 for task in DBTaskResult.objects.all())


@in_the_open
def test_the_runner_is_woken_by_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "SECONDS_BETWEEN_LOOKS", 60)
    runtime.start()
    job, pause, end = note.enqueue(key="a"), threading.Event(), later(seconds=20)
    while state(job) is not JobState.DONE and timezone.now() < end:
        pause.wait(0.02)
    assert ran == {"a": 1}


@in_the_open
def test_a_job_whose_process_is_killed_runs_again() -> None:
    store = {key: str(value) for key, value in connection.settings_dict.items() if key in {"NAME", "HOST", "PORT"}}
    environment = os.environ | {"TEST_STORE": json.dumps(store)}
    job = survive.enqueue(key="a")
    with subprocess.Popen(
        [sys.executable, "-m", "proofline.kit.tests.worker"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert waiting.line(worker, "the job to begin") == "started\n"
        assert state(job) is JobState.RUNNING
        worker.kill()
    assert run_pending() == 0
    assert run_pending(now=later(seconds=35)) == 0
    assert run_pending(now=later(seconds=60)) == 1
    found = status(job.id)
    assert found is not None
    assert (found.state, found.attempts) == (JobState.DONE, 2)
    assert survive.get_result(job.id).return_value == 2


def test_progress_is_seen() -> None:
    job = count.enqueue(total=500)
    run_pending()
    found = status(job.id)
    assert found is not None
    assert (found.done, found.total, found.message, found.percent) == (500, 500, "500 of 500", 100)


def test_outside_of_a_job_nothing_is_reported() -> None:
    report(1, 2)
    assert current_job() is None
    assert not Progress.objects.exists()
    assert status("00000000-0000-0000-0000-000000000000") is None


def test_what_is_done_is_forgotten_after_a_week_and_the_dead_are_kept() -> None:
    count.enqueue(total=3)
    break_down.enqueue(key="a")
    while run_pending(now=later(days=1)):
        pass
    assert prune(now=later(days=6)) == 0
    assert prune(now=later(days=8)) == 1
    assert dead().count() == DBTaskResult.objects.count() == 1


class TestSchedule:
    """Times are those of Shanghai, UTC+8."""

    def test_a_job_is_enqueued_once_per_period(self) -> None:
        schedule.register("tidy", "01:00 daily", tidy_up)
        first = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
        assert schedule.tick(now=first) == []
        assert schedule.tick(now=first + timedelta(minutes=29)) == []
        assert schedule.tick(now=first + timedelta(minutes=30)) == ["tidy"]
        assert schedule.tick(now=first + timedelta(hours=20)) == []
        assert schedule.tick(now=first + timedelta(days=5)) == ["tidy"]
        assert schedule.tick(now=first + timedelta(days=5)) == []
        assert run_pending() == 2
        assert ran == {"tidied": 2}

    @pytest.mark.parametrize(
        ("when", "now", "due"),
        [
            ("01:00 daily", "2026-11-23T16:59", "2026-11-22T17:00"),
            ("01:00 daily", "2026-11-23T17:00", "2026-11-23T17:00"),
            ("08:30 monday", "2026-11-23T00:29", "2026-11-16T00:30"),
            ("08:30 monday", "2026-11-23T00:30", "2026-11-23T00:30"),
            ("08:30 monday", "2026-11-29T20:00", "2026-11-23T00:30"),
            (timedelta(minutes=15), "2026-11-23T12:14", "2026-11-23T12:00"),
        ],
    )
    def test_when_a_job_was_due(self, when: str | timedelta, now: str, due: str) -> None:
        entry = schedule.Entry("tidy", when, tidy_up)
        moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
        assert entry.last_due(moment) == datetime.fromisoformat(due).replace(tzinfo=UTC)

    @pytest.mark.parametrize("when", ["daily", "25:00 daily", "08:30 someday", timedelta(0)])
    def test_a_time_that_never_comes_is_refused(self, when: str | timedelta) -> None:
        with pytest.raises(schedule.ScheduleError):
            schedule.register("tidy", when, tidy_up)

    def test_a_name_is_taken_once(self) -> None:
        schedule.register("tidy", "01:00 daily", tidy_up)
        schedule.register("tidy", "01:00 daily", tidy_up)
        with pytest.raises(schedule.ScheduleError, match="tidy"):
            schedule.register("tidy", "02:00 daily", tidy_up)
        assert [entry.name for entry in schedule.entries()] == ["tidy"]

    @in_the_open
    def test_of_two_processes_one_enqueues(self) -> None:
        schedule.register("tidy", timedelta(minutes=1), tidy_up)
        schedule.tick(now=timezone.now())
        now, started = later(minutes=5), list[str]()

        def keep_time() -> None:
            started.extend(schedule.tick(now=now))
            connections.close_all()

        waiting.at_once(*[keep_time] * 3)
        assert started == ["tidy"]
        assert DBTaskResult.objects.count() == 1

"""How a job is claimed, run, tried again and buried. Every change of state is one conditional update."""

from __future__ import annotations

import logging
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django_tasks.base import TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max

from proofline.kit.jobs.declaring import Job
from proofline.kit.jobs.progress import CurrentJob, _current
from proofline.kit.jobs.waking import wake
from proofline.kit.models import Lease

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.models import QuerySet

    Task: TypeAlias = DBTaskResult[..., Any]

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
KEPT = timedelta(days=7)
READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
DONE, DEAD = TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED


class WorkerLostError(RuntimeError):
    """The process that ran the job was killed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours to run, as long as nobody else has taken its lease."""

    task: Task
    token: str


def ready(*, now: datetime) -> QuerySet[Task]:
    """Return the jobs that could run now, the most urgent first."""
    due = Q(run_after=get_date_max()) | Q(run_after__lte=now)
    return DBTaskResult.objects.filter(due, status=READY).order_by("-priority", "run_after", "enqueued_at")


def dead() -> QuerySet[Task]:
    """Return the jobs whose last attempt failed, the latest first."""
    return DBTaskResult.objects.filter(status=DEAD).order_by("-finished_at")


def claim(*, now: datetime) -> Claim | None:
    """Take the most urgent job; of several workers exactly one gets it. The attempt counts from here on."""
    if not ready(now=now).exists():
        return None
    token = secrets.token_hex(16)
    with transaction.atomic():
        task = ready(now=now).select_for_update(skip_locked=True).first()
        if task is None:
            return None
        task.status, task.started_at, task.worker_ids = RUNNING, now, [*task.worker_ids, token]
        ours = DBTaskResult.objects.filter(pk=task.pk, status=READY).update(
            status=task.status, started_at=task.started_at, worker_ids=task.worker_ids
        )
        if not ours:
            return None
        Lease.objects.create(task=task, token=token, expires_at=now + LEASE)
    return Claim(task, token)


def beat(tokens: Collection[str], *, now: datetime) -> None:
    """Prolong the leases of what runs in this process."""
    if tokens:
        Lease.objects.filter(token__in=tokens).update(expires_at=now + LEASE)


def run(claimed: Claim) -> bool:
    """Run a claimed job and record how it ended; False when it failed. No error of the job escapes."""
    task = claimed.task
    try:
        function = task.task
        with current(task), translation.override(settings.LANGUAGE_CODE):
            value = normalize_json(function.call(**task.args_kwargs["kwargs"]))
    except Exception as error:  # whatever a job raises is its failure, not the runner's
        logger.warning("Job %s (%s) failed in attempt %d", task.task_path, task.pk, len(task.worker_ids), exc_info=True)
        fail(claimed, error, now=timezone.now())
        return False
    now = timezone.now()
    with transaction.atomic():
        if released(claimed):
            _running(task).update(
                status=DONE, finished_at=now, return_value=value, exception_class_path="", traceback=""
            )
    return True


@contextmanager
def current(task: Task) -> Iterator[None]:
    """Let code know in which job it runs."""
    reset = _current.set(CurrentJob(task.pk, len(task.worker_ids)))
    try:
        yield
    finally:
        _current.reset(reset)


def fail(claimed: Claim, error: Exception, *, now: datetime) -> None:
    """Record a failed attempt: the job waits for its next one, or is dead after the last."""
    task, attempt = claimed.task, len(claimed.task.worker_ids)
    attempts, pause = limits(task, attempt)
    again = attempt < attempts
    with transaction.atomic():
        if not released(claimed):
            return
        _running(task).update(
            status=READY if again else DEAD,
            run_after=now + pause if again else task.run_after,
            finished_at=None if again else now,
            exception_class_path=f"{type(error).__module__}.{type(error).__qualname__}",
            traceback="".join(format_exception(error)),
        )
    if not again:
        logger.error("Job %s (%s) is dead after %d attempts", task.task_path, task.pk, attempt)


def limits(task: Task, attempt: int) -> tuple[int, timedelta]:
    """Return how many attempts a job has, and its pause after this one; a job that is no longer declared has none left."""
    try:
        function: Any = task.task
    except Exception:  # noqa: BLE001 - its module is gone or broken; the reason is in the traceback already
        return 0, timedelta(0)
    return (function.attempts, function.pause_after(attempt)) if isinstance(function, Job) else (1, timedelta(0))


def released(claimed: Claim) -> bool:
    """Give the lease back; False when it was no longer ours: we were thought dead, and another has the job."""
    ours, _rows = Lease.objects.filter(pk=claimed.task.pk, token=claimed.token).delete()
    if not ours:
        logger.warning("Job %s (%s) ended after its lease", claimed.task.task_path, claimed.task.pk)
    return bool(ours)


def _running(task: Task) -> QuerySet[Task]:
    return DBTaskResult.objects.filter(pk=task.pk, status=RUNNING)


def recover(*, now: datetime, alive: Collection[str] = ()) -> int:
    """Fail the attempts whose workers are dead, but for those that run here; returns how many there were."""
    lost = Lease.objects.filter(expires_at__lt=now).exclude(token__in=alive).select_related("task")
    found = list(lost)
    for lease in found:
        fail(Claim(lease.task, lease.token), WorkerLostError("The process that ran the job was killed."), now=now)
    return len(found)


def revive(job_id: UUID | str, *, now: datetime) -> bool:
    """Give a dead job all its attempts again, from now on; False when it is not dead."""
    key = job_id if isinstance(job_id, UUID) else UUID(job_id)
    revived = DBTaskResult.objects.filter(pk=key, status=DEAD).update(
        status=READY, worker_ids=[], run_after=now, finished_at=None
    )
    if revived:
        transaction.on_commit(wake)
    return bool(revived)


def prune(*, now: datetime) -> int:
    """Forget the jobs that were done more than a week ago; the dead are kept."""
    _total, by_model = DBTaskResult.objects.filter(status=DONE, finished_at__lt=now - KEPT).delete()
    return by_model.get(DBTaskResult._meta.label, 0)  # noqa: SLF001 - Django's public name for it


def run_pending(*, now: datetime | None = None, at_most: int = 10_000) -> int:
    """Run what is due, and what that enqueues, in this thread; returns how many attempts were made.

    For tests and the command line. With `now` in the future, jobs that wait for their time run, and those whose workers
    were killed are found.
    """
    made = 0
    recover(now=now or timezone.now())
    while made < at_most and (claimed := claim(now=now or timezone.now())):
        run(claimed)
        made += 1
    return made

"""What a running job knows of itself, and what others see of it."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from django_tasks.base import TaskResultStatus

if TYPE_CHECKING:
    from django_tasks_db.models import DBTaskResult

SECONDS_BETWEEN_REPORTS = 0.3


@dataclass(slots=True)
class CurrentJob:
    """The job that runs in this thread. `attempt` is 1 the first time."""

    id: UUID
    attempt: int
    reported_at: float = field(default=float("-inf"), repr=False)


_current: ContextVar[CurrentJob | None] = ContextVar("current_job", default=None)


class JobState(StrEnum):
    """Where a job stands. `RETRYING`: an attempt failed, another follows; `DEAD`: the last one failed."""

    WAITING = "waiting"
    RUNNING = "running"
    RETRYING = "retrying"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobStatus:
    """What a progress bar needs to know. `total` is 0 while it is not known."""

    state: JobState
    attempts: int
    done: int = 0
    total: int = 0
    message: str = ""
    error: str = ""

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {JobState.DONE, JobState.DEAD}

    @property
    def percent(self) -> int | None:
        """How much is done, in whole per cent; None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None


def current_job() -> CurrentJob | None:
    """Return the job that this code runs in; None outside of jobs."""
    return _current.get()


def report(done: int, total: int, message: str = "") -> None:
    """Note how far the current job has come; outside of jobs it does nothing.

    It may be called for every row: it writes a few times a second and at the end. Others see it when it commits, so a job
    that wants to be watched works in several transactions.
    """
    from proofline.kit.models import Progress  # noqa: PLC0415 - jobs are declared before models are loaded

    now, current = monotonic(), _current.get()
    if current is None or (done != total and now - current.reported_at < SECONDS_BETWEEN_REPORTS):
        return
    current.reported_at = now
    values = {"done": done, "total": total, "message": message[:250]}
    Progress.objects.update_or_create(task_id=current.id, defaults=values)


def status(job_id: UUID | str) -> JobStatus | None:
    """Return where a job stands; None for one that does not exist (finished jobs are kept for a week)."""
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - as above

    from proofline.kit.models import Progress  # noqa: PLC0415 - as above

    key = job_id if isinstance(job_id, UUID) else UUID(job_id)
    task = DBTaskResult.objects.filter(pk=key).first()
    if task is None:
        return None
    progress = Progress.objects.filter(pk=key).first() or Progress()
    return JobStatus(
        state=state_of(task),
        attempts=len(task.worker_ids),
        done=progress.done,
        total=progress.total,
        message=progress.message,
        error=task.traceback.strip().rpartition("\n")[2],
    )


def state_of(task: DBTaskResult[..., object]) -> JobState:
    """Translate a task's own state."""
    if task.status == TaskResultStatus.READY:
        return JobState.RETRYING if task.worker_ids else JobState.WAITING
    return {
        TaskResultStatus.RUNNING: JobState.RUNNING,
        TaskResultStatus.SUCCESSFUL: JobState.DONE,
        TaskResultStatus.FAILED: JobState.DEAD,
    }[TaskResultStatus(task.status)]

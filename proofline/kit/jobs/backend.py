"""The queue: rows in the record store; the runner in this process is woken when they commit."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_tasks_db.backend import DatabaseBackend

from proofline.kit.jobs.declaring import Job
from proofline.kit.jobs.waking import wake


class JobBackend(DatabaseBackend):
    """Django-tasks' database backend that wakes the runner."""

    task_class: Any = Job

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Store the job and wake the runner once it is committed."""
        result: Any = super().enqueue(task, args, kwargs)
        transaction.on_commit(wake)
        return result

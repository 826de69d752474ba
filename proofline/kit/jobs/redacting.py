"""Taking words out of what is kept of jobs: what they were asked, what they answered, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = ("args_kwargs", "return_value")


def redact(clean: Callable[[Any], Any]) -> int:
    """Let every job that is kept say what `clean` leaves of its texts and JSON; return how many changed.

    A job that is not done yet keeps what it was asked.
    """
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - jobs are declared before models are loaded

    from proofline.kit.jobs.running import DEAD, DONE  # noqa: PLC0415 - as above
    from proofline.kit.models import Progress  # noqa: PLC0415 - as above

    changed = 0
    for task in DBTaskResult.objects.only("pk", "status", "traceback", *ASKED).iterator(chunk_size=500):
        kept = ("traceback", *ASKED) if task.status in {DONE, DEAD} else ("traceback",)
        said = {name: getattr(task, name) for name in kept}
        quiet = {name: clean(value) for name, value in said.items()}
        if quiet != said:
            changed += DBTaskResult.objects.filter(pk=task.pk).update(**quiet)
    for progress in Progress.objects.exclude(message="").iterator(chunk_size=500):
        if (message := clean(progress.message)) != progress.message:
            Progress.objects.filter(pk=progress.pk).update(message=message)
    return changed

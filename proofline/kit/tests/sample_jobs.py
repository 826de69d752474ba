"""Jobs that the tests run."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from proofline.kit.jobs import current_job, job, report

ran: Counter[str] = Counter()


@job
def note(*, key: str) -> str:
    ran[key] += 1
    return key


@job(attempts=3, pause=timedelta(seconds=60))
def break_down(*, key: str) -> None:
    ran[key] += 1
    message = f"{key} broke"
    raise ValueError(message)


@job
def survive(*, key: str) -> int:
    """Hang in the first attempt, so that it can be killed."""
    current = current_job()
    assert current is not None
    if current.attempt == 1:
        print("started", flush=True)
        threading.Event().wait()
    ran[key] += 1
    return current.attempt


@job
def count(*, total: int) -> None:
    for done in range(1, total + 1):
        report(done, total, f"{done} of {total}")


@job
def tidy_up() -> None:
    ran["tidied"] += 1

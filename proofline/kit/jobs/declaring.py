"""How a function is declared to be a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar, overload

from django_tasks.base import DEFAULT_TASK_PRIORITY, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_tasks.base import TaskResult

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


class PositionalArgumentsError(TypeError):
    """A job was enqueued with arguments that have no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task[P, T]):
    """A function that runs in the background, at most `attempts` times, with growing pauses between."""

    attempts: int = ATTEMPTS
    pause: timedelta = FIRST_PAUSE

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> TaskResult[T]:
        """Put the job into the queue; it exists if and only if the surrounding transaction commits.

        Raises:
            PositionalArgumentsError: an argument has no name.
        """
        if args:
            message = f"{self.name} takes its arguments by name."
            raise PositionalArgumentsError(message)
        return Task.enqueue(self, *args, **kwargs)

    def pause_after(self, attempt: int) -> timedelta:
        """Return how long to wait after a failed attempt, the first being 1: twice as long each time, an hour at most."""
        doublings = min(attempt - 1, 30)
        pause: timedelta = self.pause * 2**doublings
        return min(pause, LONGEST_PAUSE)


@overload
def job(function: Callable[P, T], /) -> Job[P, T]: ...
@overload
def job(
    *, attempts: int = ATTEMPTS, pause: timedelta = FIRST_PAUSE, priority: int = DEFAULT_TASK_PRIORITY
) -> Callable[[Callable[P, T]], Job[P, T]]: ...
def job(
    function: Callable[P, T] | None = None,
    /,
    *,
    attempts: int = ATTEMPTS,
    pause: timedelta = FIRST_PAUSE,
    priority: int = DEFAULT_TASK_PRIORITY,
) -> Job[P, T] | Callable[[Callable[P, T]], Job[P, T]]:
    """Make a module's function a job. `pause` is the wait after the first failure; `priority` goes from -100 to 100."""

    def declare(function: Callable[P, T]) -> Job[P, T]:
        return Job(func=function, attempts=attempts, pause=pause, priority=priority)

    return declare(function) if function else declare

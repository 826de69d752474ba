"""The job runner inside the server process: a few threads that run jobs, and one whose heart beats for them."""

from __future__ import annotations

import threading
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING

from django.db import close_old_connections, connections
from django.utils import timezone

from proofline.kit.jobs import running, schedule, waking
from proofline.kit.models import Lease
from proofline.kit.troubles import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS = 2
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_BEATS = 5.0
SECONDS_AFTER_ERROR = 2.0
SECONDS_TO_STOP = 4.0
PRUNE_EVERY = timedelta(hours=6)


class Runner:
    """The threads of one process."""

    def __init__(self, *, threads: int = THREADS) -> None:
        self.stopping = threading.Event()
        self.trouble = Trouble("The job runner")
        self.tokens: set[str] = set()
        self.lock = threading.Lock()
        self.last_prune = monotonic() - PRUNE_EVERY.total_seconds()
        self.workers = [
            threading.Thread(target=self.repeat, args=(self.work,), name=f"jobs-{number}", daemon=True)
            for number in range(threads)
        ]
        self.heart = threading.Thread(target=self.repeat, args=(self.keep_alive,), name="jobs-heart", daemon=True)

    def start(self) -> None:
        """Begin."""
        for thread in [*self.workers, self.heart]:
            thread.start()

    def stop(self, *, seconds: float = SECONDS_TO_STOP) -> None:
        """Take no more jobs and wait for those that run; what is not done in time is left for the next runner."""
        self.stopping.set()
        waking.wake()
        end = monotonic() + seconds
        for thread in [*self.workers, self.heart]:
            thread.join(max(0.0, end - monotonic()))
        if left := self.alive():
            Lease.objects.filter(token__in=left).update(expires_at=timezone.now())

    def alive(self) -> list[str]:
        """Return the leases of what runs now."""
        with self.lock:
            return list(self.tokens)

    def repeat(self, step: Callable[[], None]) -> None:
        """Do one thing again and again until the end, whatever goes wrong with it."""
        check = f"{step.__name__} failed"
        while not self.stopping.is_set():
            try:
                close_old_connections()
                step()
            except Exception as error:  # noqa: BLE001 - as said
                self.trouble.failed(check, error)
                self.stopping.wait(SECONDS_AFTER_ERROR)
            else:
                self.trouble.passed(check)
        connections.close_all()

    def work(self) -> None:
        """Run the most urgent job, or wait for one."""
        heard = waking.rings()
        claimed = running.claim(now=timezone.now())
        if claimed is None:
            if not self.stopping.is_set():
                waking.wait(heard=heard, seconds=SECONDS_BETWEEN_LOOKS)
            return
        with self.lock:
            self.tokens.add(claimed.token)
        try:
            running.run(claimed)
        finally:
            with self.lock:
                self.tokens.discard(claimed.token)

    def keep_alive(self) -> None:
        """Prolong our leases, find jobs whose workers were killed, and keep the schedule."""
        now = timezone.now()
        alive = self.alive()
        running.beat(alive, now=now)
        if running.recover(now=now, alive=alive) or schedule.tick(now=now):
            waking.wake()
        if monotonic() - self.last_prune >= PRUNE_EVERY.total_seconds():
            running.prune(now=now)
            self.last_prune = monotonic()
        self.stopping.wait(SECONDS_BETWEEN_BEATS)


_runner: Runner | None = None


def start(*, threads: int = THREADS) -> None:
    """Start the runner of this process; a second call does nothing."""
    global _runner  # noqa: PLW0603 - one runner per process
    if _runner is None:
        _runner = Runner(threads=threads)
        _runner.start()


def stop(*, seconds: float = SECONDS_TO_STOP) -> None:
    """Stop the runner of this process, within the given seconds."""
    global _runner  # noqa: PLW0603 - as above
    if _runner is not None:
        _runner.stop(seconds=seconds)
        _runner = None

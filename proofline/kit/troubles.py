"""Telling in the log that something is down: why, once; that it still is, once a minute; and that it is back."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from django.db import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 60.0
SECONDS_REMEMBERED = 300.0
"""So long after a check last failed something counts as down without anybody looking."""


class Trouble:
    """Something that works or does not, as those see it who use it.

    Args:
        what: its name, as a line of the log begins.
        explained: errors that say by themselves what is wrong; of any other the log shows where it came from.
        clock: gives seconds.
    """

    def __init__(
        self,
        what: str,
        *,
        explained: tuple[type[Exception], ...] = (DatabaseError,),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._explained = explained
        self._clock = clock
        self._lock = threading.Lock()
        self._failing: set[str] = set()
        self._failures = 0
        self._since = self._last = self._told = 0.0

    def failed(self, check: str, error: BaseException) -> None:
        """Say that a check of it failed, and why."""
        reason = " ".join(str(error).split()) if isinstance(error, self._explained) else repr(error)
        with self._lock:
            now = self._clock()
            if self._failing and now - self._last > SECONDS_REMEMBERED:
                self._failing.clear()
            new = not self._failing
            if new:
                self._since, self._failures = now, 0
            self._failing.add(check)
            self._failures += 1
            self._last = now
            if not new and now - self._told < SECONDS_BETWEEN:
                return
            self._told = now
            after, failures = now - self._since, self._failures
        if new:
            shown = None if isinstance(error, self._explained) else error
            log.error("%s is down. %s: %s", self._what, check, reason, exc_info=shown)
        else:
            log.error(
                "%s is still down after %.0f s and %d failures. %s: %s", self._what, after, failures, check, reason
            )

    def passed(self, *checks: str) -> None:
        """Say what was just seen to work."""
        if self._failing.isdisjoint(checks):  # nearly always, and often asked
            return
        with self._lock:
            self._failing.difference_update(checks)
            back = not self._failing
            after = self._clock() - self._since
        if back:
            log.warning("%s is back after %.0f s", self._what, after)

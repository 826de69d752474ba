"""How often something may be done: a bucket of tokens for each key, kept by this process and filled steadily."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

MOST_KEYS = 50_000


class Buckets:
    """Buckets by key. A bucket that nobody has taken from is full."""

    def __init__(self) -> None:
        self._levels: dict[Hashable, tuple[float, float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: Hashable, *, amount: float = 1, rate: float, most: float) -> float:
        """Take tokens out; return the seconds to wait when they are not there, 0 when they were taken.

        `rate` tokens come a second, up to `most`. More than that at once pass when the bucket is full, and are paid back afterwards.
        """
        now = time.monotonic()
        with self._lock:
            level, at, _full = self._levels.get(key, (most, now, now))
            level = min(most, level + (now - at) * rate)
            needed = min(amount, most)
            left = level if level < needed else level - amount
            if key not in self._levels and len(self._levels) >= MOST_KEYS:
                self._forget(now)
            self._levels[key] = (left, now, now + (most - left) / rate)
            return (needed - level) / rate if level < needed else 0.0

    def _forget(self, now: float) -> None:
        """Forget buckets that are full again; when none is, those that will be first."""
        order = sorted(self._levels, key=lambda key: self._levels[key][2])
        full = sum(self._levels[key][2] <= now for key in order)
        for key in order[: max(full, MOST_KEYS // 10)]:
            del self._levels[key]


class Pace:
    """How often each key may do one thing: so many at once, and so many more an hour."""

    def __init__(self, *, at_once: int, an_hour: int) -> None:
        self.at_once, self.a_second = at_once, an_hour / 3600
        self._buckets = Buckets()

    def wait(self, key: Hashable) -> float:
        """Return 0 when it may be done now, which counts; else the seconds to wait."""
        return self._buckets.take(key, rate=self.a_second, most=self.at_once)

    def forget(self) -> None:
        """Begin anew, as a server does that starts."""
        self._buckets = Buckets()

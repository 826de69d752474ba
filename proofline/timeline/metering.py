"""What this process took in and did since it started, counted without a lock on the way of the events.

Each thread counts in numbers of its own; whoever asks adds them up. What a thread that ended had counted stays in the sum.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

ACCEPTED, RATE_LIMITED, FAILED, REFUSED = "accepted", "rate_limited", "failed", "refused"
"""What became of events: committed; answered with 429; answered with 503, not stored; kept in quarantine."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
EVENTS = (10.0, 100.0, 1_000.0, 5_000.0, 10_000.0, 20_000.0, 40_000.0, 80_000.0)
ROUND_SECONDS, ROUND_EVENTS = "round_seconds", "round_events"
BOUNDS = {ROUND_SECONDS: SECONDS, ROUND_EVENTS: EVENTS}
"""The histograms besides those of requests, with the upper bounds of their buckets."""


@dataclass
class Histogram:
    """How often values fell into each bucket, the last one without a bound; and their sum."""

    bounds: tuple[float, ...]
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def __post_init__(self) -> None:
        self.counts = self.counts or [0] * (len(self.bounds) + 1)

    def observe(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value

    def add(self, other: Histogram) -> None:
        """Add what another one counted."""
        self.counts = [mine + its for mine, its in zip(self.counts, other.counts, strict=True)]
        self.total += other.total


@dataclass
class Figures:
    """What was counted: events by source's id (None: our own facts) and what became of them, requests by status, rounds."""

    events: Counter[tuple[int | None, str]] = field(default_factory=Counter)
    requests: dict[int, Histogram] = field(default_factory=dict)
    rounds: dict[str, Histogram] = field(
        default_factory=lambda: {name: Histogram(bounds) for name, bounds in BOUNDS.items()}
    )
    projected: int = 0
    worked_at: float | None = None
    """When a round last ended, in seconds since 1970."""

    def add(self, other: Figures) -> None:
        """Add what another one counted, while its thread may go on counting."""
        self.events.update(other.events.copy())
        for status, histogram in other.requests.copy().items():
            self.requests.setdefault(status, Histogram(SECONDS)).add(histogram)
        for name, histogram in other.rounds.items():
            self.rounds[name].add(histogram)
        self.projected += other.projected
        self.worked_at = max((at for at in (self.worked_at, other.worked_at) if at is not None), default=None)


_own = threading.local()
_lock = threading.Lock()
_threads: list[tuple[threading.Thread, Figures]] = []
_ended = Figures()


def count(source: int | None, outcome: str, events: int) -> None:
    """Count events of a source by what became of them."""
    _mine().events[source, outcome] += events


def answered(status: int, seconds: float) -> None:
    """Count a request of the tracking API."""
    requests = _mine().requests
    histogram = requests.get(status)
    if histogram is None:
        histogram = requests[status] = Histogram(SECONDS)
    histogram.observe(seconds)


def projected(events: int, *, seconds: float) -> None:
    """Count a round of the projector."""
    mine = _mine()
    mine.projected += events
    mine.worked_at = time.time()
    mine.rounds[ROUND_SECONDS].observe(seconds)
    mine.rounds[ROUND_EVENTS].observe(events)


def figures() -> Figures:
    """Return what all threads of this process counted since it started."""
    with _lock:
        for thread, counted in [pair for pair in _threads if not pair[0].is_alive()]:
            _ended.add(counted)
            _threads.remove((thread, counted))
        found = Figures()
        for one in (_ended, *(counted for _thread, counted in _threads)):
            found.add(one)
    return found


def _mine() -> Figures:
    found: Figures | None = getattr(_own, "figures", None)
    if found is None:
        found = _own.figures = Figures()
        with _lock:
            _threads.append((threading.current_thread(), found))
    return found

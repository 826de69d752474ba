"""The bell between those who enqueue jobs and the threads that run them."""

from __future__ import annotations

import threading

_bell = threading.Condition()
_rings = 0


def rings() -> int:
    """Return how often the bell has rung: taken before looking for work, so that no ring is missed."""
    return _rings


def wake() -> None:
    """Wake all who wait."""
    global _rings  # noqa: PLW0603 - one bell per process
    with _bell:
        _rings += 1
        _bell.notify_all()


def wait(*, heard: int, seconds: float) -> None:
    """Wait until the bell rings again after `heard` rings, or the time is over."""
    with _bell:
        _bell.wait_for(lambda: _rings != heard, timeout=seconds)

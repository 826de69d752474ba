"""How many events a second a source may send: a token bucket for each, filled for two seconds."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofline.timeline.models import Source

SECONDS_HELD = 2.0
"""So long a source that kept quiet may send at once what it would have been allowed."""
_buckets: dict[int, tuple[float, float]] = {}
_lock = threading.Lock()


def overrun(source: Source, events: int) -> float:
    """Take events out of the source's bucket; return the seconds to wait when they are too many, 0 when they may pass.

    A request larger than the bucket passes when the bucket is full, and is paid back afterwards.
    """
    if source.rate is None:
        return 0.0
    most = source.rate * SECONDS_HELD
    now = time.monotonic()
    with _lock:
        level, at = _buckets.get(source.pk, (most, now))
        level = min(most, level + (now - at) * source.rate)
        needed = min(events, most)
        if level < needed:
            _buckets[source.pk] = (level, now)
            return (needed - level) / source.rate
        _buckets[source.pk] = (level - events, now)
    return 0.0

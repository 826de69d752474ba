"""How many events a second a source may send: a token bucket for each, filled for two seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.kit.pacing import Buckets

if TYPE_CHECKING:
    from proofline.timeline.models import Source

SECONDS_HELD = 2.0
"""So long a source that kept quiet may send at once what it would have been allowed."""
_buckets = Buckets()


def overrun(source: Source, events: int) -> float:
    """Take events out of the source's bucket; return the seconds to wait when they are too many, 0 when they may pass.

    A request larger than the bucket passes when the bucket is full, and is paid back afterwards.
    """
    if source.rate is None:
        return 0.0
    return _buckets.take(source.pk, amount=events, rate=source.rate, most=source.rate * SECONDS_HELD)

"""Putting messages into the inbox: the endpoint's own path, and that of whoever brings many at once.

What a request sent is kept as it came, packed. The projector reads it, and keeps aside what it can't read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.db import transaction

from proofline.timeline import waking
from proofline.timeline.models import Batch
from proofline.timeline.models.inbox import wrapped
from proofline.timeline.segment import LARGEST_BODY, MOST_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from proofline.timeline.models import Source

    Raw = bytes | msgspec.Raw

_encoder = msgspec.json.Encoder()


def append(
    source: Source | None,
    events: Iterable[dict[str, Any] | Raw],
    received_at: datetime,
    *,
    sent_at: datetime | None = None,
    context: dict[str, Any] | None = None,
    kind: str | None = None,
) -> int:
    """Commit messages to the inbox; return how many. What can't be read is kept aside later, and its neighbours pass.

    Args:
        source: who sends.
        events: Segment messages with their `type`, as dictionaries or as JSON.
        received_at: when they came.
        sent_at: when the client sent them, by its own clock, which is corrected by it.
        context: what holds for all of them.
        kind: the type of messages that do not say it.
    """
    raws = [_encoder.encode(event) if isinstance(event, dict) else bytes(event) for event in events]
    said = {"sentAt": sent_at, "context": context, "type": kind}
    head = _encoder.encode({name: value for name, value in said.items() if value is not None})
    for start in range(0, len(raws), MOST_EVENTS):
        some = raws[start : start + MOST_EVENTS]
        with transaction.atomic():
            Batch.add(
                kind=Batch.Kind.TRACKING,
                body=wrapped(head, b",".join(some)),
                count=len(some),
                received_at=received_at,
                source=source,
            )
            transaction.on_commit(waking.wake)
    return len(raws)


def parts(head: bytes, messages: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield batches with these messages, and how many are in each: as many as one request of Segment's may bring, else one that is larger."""
    start = size = 0
    room = LARGEST_BODY - len(wrapped(head, b""))
    for place, message in enumerate(messages):
        if place > start and (size + len(message) > room or place - start == MOST_EVENTS):
            yield wrapped(head, b",".join(messages[start:place])), place - start
            start, size = place, 0
        size += len(message) + 1
    if messages:
        yield wrapped(head, b",".join(messages[start:])), len(messages) - start

"""Which id an event has: the same message always the same one, so that it counts once."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from proofline.timeline.events import event_id
from proofline.timeline.models import Batch

if TYPE_CHECKING:
    from proofline.timeline.models.inbox import Read
    from proofline.timeline.segment import Scalar


def seed_of(batch: Read) -> bytes:
    """Return what sets the `messageId`s of the batch's source apart from those of others; b"" where they are events' ids already."""
    return b"" if batch.kind == Batch.Kind.REPLAY else b"message\0%d\0" % (batch.source or 0)


def id_of(key: Scalar, seed: bytes, batch: Read, position: int) -> str:
    """Return the event's id: of the client's `messageId` within its source, else of its place in the inbox."""
    if key is None or key == "":
        return event_id("batch", batch.pk, position)
    if not seed:
        return str(key)
    digest = _begun(seed).copy()
    digest.update(str(key).encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


@lru_cache(maxsize=256)
def _begun(seed: bytes) -> blake2b:
    return blake2b(seed, digest_size=16)

"""How much a request and a message may hold: by whose protocol they speak, so that no library sends what is refused here."""

from __future__ import annotations

from typing import NamedTuple

from proofline.timeline import segment


class Limits(NamedTuple):
    """Bytes of a request's body (as it comes, and unpacked) and of a message; how many events a request brings."""

    body: int
    event: int
    events: int


SEGMENT = Limits(segment.LARGEST_BODY, segment.LARGEST_EVENT, segment.MOST_EVENTS)
POSTHOG = Limits(6 * 1024 * 1024, 1024 * 1024, 20_000)
"""PostHog's library ends a batch with the event that takes it beyond 5 MB, and lets an event have 900 KB. A little more is left for
what stands around them and what telling them as messages adds; more events than these do not fit into its batch."""
DIALECT = "posthog"
"""What a batch of the inbox says in `dialect` when PostHog's limits hold for its messages."""


def of(dialect: object) -> Limits:
    """Return what holds for the messages of a batch, which may say in `dialect` whatever its client wrote there."""
    return POSTHOG if dialect == DIALECT else SEGMENT

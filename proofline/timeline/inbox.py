"""Putting messages into the inbox: the endpoint's own path, and that of whoever brings many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from django.db import transaction

from proofline.timeline import waking
from proofline.timeline.models import Batch, Quarantined
from proofline.timeline.segment import MOST_EVENTS, RefusedError, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from proofline.timeline.models import Source

    Raw = bytes | msgspec.Raw
    Refused = tuple[int, str, bytes]


class Appended(NamedTuple):
    """How many messages are in the inbox, and how many in quarantine."""

    accepted: int
    refused: int


def append(
    source: Source | None,
    events: Iterable[dict[str, Any] | Raw],
    received_at: datetime,
    *,
    sent_at: datetime | None = None,
    context: dict[str, Any] | None = None,
    kind: str | None = None,
) -> Appended:
    """Check messages and commit them to the inbox; a bad one goes to quarantine and its neighbours pass.

    Args:
        source: who sends.
        events: Segment messages with their `type`, as dictionaries or as JSON.
        received_at: when they came.
        sent_at: when the client sent them, by its own clock, which is corrected by it.
        context: what holds for all of them.
        kind: the type of messages that do not say it.
    """
    raws = [msgspec.json.encode(event) if isinstance(event, dict) else event for event in events]
    accepted = refused = 0
    for start in range(0, len(raws), MOST_EVENTS):
        good, bad = sort(raws[start : start + MOST_EVENTS], kind=kind)
        keep(good, bad, source=source, received_at=received_at, sent_at=sent_at, context=context)
        accepted += len(good)
        refused += len(bad)
    return Appended(accepted, refused)


def sort(raws: Sequence[Raw], *, kind: str | None = None) -> tuple[list[tuple[str, Raw]], list[Refused]]:
    """Return (type, JSON) of the good messages and (position, reason, JSON) of the bad ones."""
    good: list[tuple[str, Raw]] = []
    bad: list[Refused] = []
    for position, raw in enumerate(raws):
        try:
            good.append((read(raw, kind=kind).type or "", raw))
        except RefusedError as error:
            bad.append((position, str(error), bytes(raw)))
    return good, bad


def keep(
    good: Sequence[tuple[str, Raw]],
    bad: Sequence[Refused],
    *,
    source: Source | None,
    received_at: datetime,
    sent_at: datetime | None = None,
    context: dict[str, Any] | None = None,
) -> None:
    """Commit sorted messages: one row for the good ones, one for each bad one."""
    envelope = {
        "sent_at": sent_at,
        "context": context,
        "events": [(kind, msgspec.Raw(raw)) for kind, raw in good],
    }
    body = msgspec.json.encode(envelope)
    with transaction.atomic():
        batch = Batch.add(kind=Batch.Kind.TRACKING, body=body, count=len(good), received_at=received_at, source=source)
        if bad:
            # Positions of refused messages lie behind the good ones', which the projector may refuse too.
            numbered = [(len(good) + position, error, raw) for position, error, raw in bad]
            Quarantined.keep(batch=batch, refused=numbered, now=received_at)
        transaction.on_commit(waking.wake)

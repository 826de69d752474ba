"""From what the projector took to rows of the columnar store, and to the events that reactions see."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads it
from typing import TYPE_CHECKING, Any

import msgspec

from proofline.timeline.events import Event
from proofline.timeline.segment import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Taken(msgspec.Struct, kw_only=True, omit_defaults=True, gc=False):
    """An event on its way into the store; ids are 0 for nobody. Its properties stay the JSON that came.

    Encoded it is a row of the store, which passes over what is no column of it: `batch`, `history`, `again`.
    """

    batch: int
    id: str
    at: datetime
    received: datetime
    kind: str
    event: str
    person: int = 0
    contact: int = 0
    account: int = 0
    user: int = 0
    subject_kind: str = ""
    subject: int = 0
    source: str = ""
    flag: str = ""
    properties: msgspec.Raw = NOTHING
    context: msgspec.Raw = NOTHING
    history: bool = False
    again: bool = False
    """Tried again out of quarantine: it may be older than what is known of what is stored."""


_encoder = msgspec.json.Encoder()
_decode = msgspec.json.Decoder(dict[str, Any]).decode
OLD, FUTURE = "old", "future"
"""Flags: older than what is kept; said to lie in the future, and therefore taken as of its arrival."""


def lines(taken: Iterable[Taken]) -> bytes:
    """Return the events as the store takes them in, one JSON object a line."""
    return _encoder.encode_lines(taken)


def event_of(one: Taken) -> Event:
    """Return the event as reactions see it."""
    return Event(
        id=one.id,
        name=one.event,
        kind=one.kind,
        at=one.at,
        received_at=one.received,
        person=one.person or None,
        contact_id=one.contact or None,
        account_id=one.account or None,
        user_id=one.user or None,
        subject_kind=one.subject_kind,
        subject_id=one.subject or None,
        source=one.source,
        properties=_decode(one.properties),
        context=_decode(one.context),
        history=one.history,
    )

"""From events to rows of the columnar store."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from proofline.timeline.events import Event

DEEPEST = 5
MOST_PROPERTIES = 300
LONGEST_NAME = 200
CONTEXT = ("campaign", "page", "library")
"""What of the context can be filtered by; addresses of people's machines stay in the inbox."""
_encoder = msgspec.json.Encoder()


def lines(events: Iterable[Event]) -> bytes:
    """Return the events as the store takes them in, one JSON object a line."""
    return _encoder.encode_lines(map(row, events))


def row(event: Event) -> dict[str, Any]:
    """Return the columns of an event."""
    text, number = flat(event.properties)
    for part in CONTEXT:
        if part in event.context and len(text) < MOST_PROPERTIES:
            more, _numbers = flat({"context": {part: event.context[part]}})
            text |= more
    return {
        "id": str(uuid.UUID(event.id)),
        "at": event.at.isoformat(" ", "milliseconds")[:23],
        "received": event.received_at.isoformat(" ", "milliseconds")[:23],
        "kind": event.kind,
        "event": event.name,
        "person": event.person or 0,
        "contact": event.contact_id or 0,
        "account": event.account_id or 0,
        "user": event.user_id or 0,
        "subject_kind": event.subject_kind,
        "subject": event.subject_id or 0,
        "source": event.source,
        "text": text,
        "number": number,
        "properties": _encoder.encode(event.properties).decode(),
    }


def flat(properties: dict[str, Any]) -> tuple[dict[str, str], dict[str, float]]:
    """Return the properties as texts, and those that are numbers or booleans as numbers; nested ones have dotted names."""
    text: dict[str, str] = {}
    number: dict[str, float] = {}
    for name, value in _leaves(properties, prefix="", depth=1):
        if len(text) >= MOST_PROPERTIES:
            break
        text[name] = _text(value)
        if isinstance(value, int | float) and (counted := _number(value)) is not None:
            number[name] = counted
    return text, number


def _leaves(properties: dict[str, Any], *, prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in properties.items():
        name = f"{prefix}{key}"[:LONGEST_NAME]
        if isinstance(value, dict) and depth < DEEPEST:
            yield from _leaves(value, prefix=f"{name}.", depth=depth + 1)
        elif value is not None:
            yield name, value


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return _encoder.encode(value).decode()


def _number(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None

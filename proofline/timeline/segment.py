"""Segment's messages: reading one, refusing what can't be read, and saying when it happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from proofline.timeline.events import ALIAS, GROUP, IDENTIFY, PAGE, SCREEN, TRACK

LARGEST_EVENT = 32 * 1024
LARGEST_BODY = 500 * 1024
MOST_EVENTS = 2500
KINDS = frozenset({TRACK, PAGE, SCREEN, IDENTIFY, GROUP, ALIAS})
NAMES = {PAGE: "Page Viewed", SCREEN: "Screen Viewed", IDENTIFY: "Identified", GROUP: "Grouped", ALIAS: "Aliased"}
EARLIEST_YEAR = 1900
LONGEST_NAME = 200
CLOCK_TOLERANCE = timedelta(seconds=5)
"""A smaller difference between `sentAt` and our clock is the way through the network, not a wrong clock."""
MILLISECONDS_FROM = 10**11
"""Numbers from here on are milliseconds since 1970, smaller ones seconds."""

Scalar = str | int | float | None


class RefusedError(ValueError):
    """A message that can't be taken in; the text says why."""


class Message(msgspec.Struct, rename="camel", kw_only=True):
    """A message of Segment's HTTP API, with the fields that mean something here."""

    type: str | None = None
    message_id: Scalar = None
    user_id: Scalar = None
    anonymous_id: Scalar = None
    previous_id: Scalar = None
    group_id: Scalar = None
    event: str | None = None
    name: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None
    timestamp: str | int | float | None = None
    original_timestamp: str | int | float | None = None
    sent_at: str | int | float | None = None

    @property
    def title(self) -> str:
        """The event's name on the timeline."""
        return NAMES.get(self.type or "") or (self.event or "")[:LONGEST_NAME]

    @property
    def keys(self) -> dict[str, str | None]:
        """Who is meant, as `identity.resolve` takes it."""
        traits = self.traits or {}
        email = traits.get("email") if self.type == IDENTIFY else None
        anonymous = self.previous_id if self.type == ALIAS else self.anonymous_id
        return {
            "anonymous": text_of(anonymous),
            "user": text_of(self.user_id),
            "email": email if isinstance(email, str) else None,
        }

    @property
    def group(self) -> str | None:
        """The group that it speaks of, or that the person acted in."""
        return text_of(self.group_id if self.type == GROUP else (self.context or {}).get("groupId"))


_decoder = msgspec.json.Decoder(Message)


def read(raw: bytes | msgspec.Raw, *, kind: str | None = None) -> Message:
    """Return the message, checked.

    Args:
        raw: its JSON.
        kind: what the address said it is; else its own `type` does.

    Raises:
        RefusedError: it can't be taken in.
    """
    message = decode(raw, kind=kind)
    if fault := _fault(message, size=len(bytes(raw))):
        raise RefusedError(fault)
    return message


def decode(raw: bytes | msgspec.Raw, *, kind: str | None = None) -> Message:
    """Return the message as it is; what is in the inbox was checked when it came.

    Raises:
        RefusedError: it is no message at all.
    """
    try:
        message = _decoder.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise RefusedError(f"Not a message: {error}") from error
    message.type = kind or message.type
    return message


def _fault(message: Message, *, size: int) -> str | None:
    """Return why a message can't be taken in."""
    if size > LARGEST_EVENT:
        return f"Larger than {LARGEST_EVENT // 1024} KB"
    if message.type not in KINDS:
        return f"Unknown type {message.type!r}"
    if not any(message.keys.values()):
        return "userId or anonymousId is required"
    if message.type == TRACK and not (message.event or "").strip():
        return "event is required"
    if message.type == GROUP and not message.group:
        return "groupId is required"
    moment(message.timestamp)
    moment(message.original_timestamp)
    return None


def moment(value: str | float | None) -> datetime | None:
    """Return the time that a client wrote: ISO 8601 (UTC when it names no zone) or a number of (milli)seconds since 1970.

    Raises:
        RefusedError: it is no time that a calendar has.
    """
    if value is None or value == "":
        return None
    try:
        found = _from_number(value) if isinstance(value, int | float) else datetime.fromisoformat(value.strip())
        aware = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise RefusedError(f"timestamp {value!r} is no time") from error
    if aware.year < EARLIEST_YEAR:
        raise RefusedError(f"timestamp {value!r} is before {EARLIEST_YEAR}")
    return aware


def _from_number(value: float) -> datetime:
    return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)


def happened(message: Message, *, received_at: datetime, sent_at: datetime | None) -> datetime:
    """Return when it happened by our clock: the client's time less what its clock is ahead; never in the future."""
    stated = moment(message.original_timestamp) or moment(message.timestamp)
    if stated is None:
        return received_at
    sent = sent_at or _sent(message)
    ahead = sent - received_at if sent else timedelta()
    at = stated - ahead if abs(ahead) > CLOCK_TOLERANCE else stated
    if at.year < EARLIEST_YEAR:
        return stated
    return min(at, received_at)


def _sent(message: Message) -> datetime | None:
    try:
        return moment(message.sent_at)
    except RefusedError:
        return None


def text_of(value: Any) -> str | None:
    """Return an id as text; clients send numbers too."""
    if type(value) is str and "\0" not in value:
        return value.strip() or None
    if value is None or isinstance(value, bool | dict | list):
        return None
    return str(value).replace("\0", "").strip() or None

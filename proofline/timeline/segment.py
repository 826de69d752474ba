"""Segment's messages: reading one, refusing what can't be read, and saying when it happened."""

from __future__ import annotations

import re
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
DEEPEST = 100
"""Levels of a message; what is nested deeper would exhaust the stack of whoever reads it."""
STRINGS, BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL), re.compile(rb"[{}\[\]]")
OBJECTS = (b"{", b"null")
NOTHING = msgspec.Raw(b"{}")
ERASED = b'{"type":"$erased"}'
"""Stands in a batch where the message of somebody was who is erased, or one too old to be kept."""

Scalar = str | int | float | None


class RefusedError(ValueError):
    """A message that can't be taken in; the text says why."""


class Context(msgspec.Struct, rename="camel", gc=False):
    """What of a message's context means something here; addresses of people's machines stay in the inbox."""

    group_id: Scalar = None
    campaign: msgspec.Raw = NOTHING
    page: msgspec.Raw = NOTHING


class Message(msgspec.Struct, rename="camel", kw_only=True, gc=False):
    """A message of Segment's HTTP API, with the fields that mean something here. Properties and traits stay as they came."""

    type: str | None = None
    message_id: Scalar = None
    user_id: Scalar = None
    anonymous_id: Scalar = None
    previous_id: Scalar = None
    group_id: Scalar = None
    event: str | None = None
    name: str | None = None
    properties: msgspec.Raw = NOTHING
    traits: msgspec.Raw = NOTHING
    context: Context | None = None
    timestamp: str | int | float | None = None
    original_timestamp: str | int | float | None = None
    sent_at: str | int | float | None = None

    @property
    def title(self) -> str:
        """The event's name on the timeline."""
        return NAMES.get(self.type or "") or (self.event or "")[:LONGEST_NAME]

    @property
    def keys(self) -> tuple[Scalar, Scalar, str | None]:
        """Who is meant, as sent: anonymous id, user id, e-mail."""
        if self.type == GROUP and self.is_of_nobody:
            return None, None, None
        anonymous = self.previous_id if self.type == ALIAS else self.anonymous_id
        return anonymous, self.user_id, _email(self.traits) if self.type == IDENTIFY else None

    @property
    def is_of_nobody(self) -> bool:
        """Whether it describes a group and is by nobody: its anonymous id is made of the group's type and key (`$company_lotus`)."""
        if self.type != GROUP or self.user_id is not None:
            return False
        said = text_of(self.anonymous_id) or ""
        return said.startswith("$") and said.endswith(f"_{self.group}")

    @property
    def group(self) -> str | None:
        """The group that it speaks of, or that the person acted in."""
        said = self.group_id if self.type == GROUP else self.context.group_id if self.context else None
        return None if said is None else text_of(said)


class Traits(msgspec.Struct):
    """The one trait by which people are known."""

    email: Any = None


_decoder = msgspec.json.Decoder(Message)
_traits = msgspec.json.Decoder(Traits)


def decode(raw: bytes | msgspec.Raw) -> Message:
    """Return the message as it is.

    Raises:
        RefusedError: it is no message at all, or nested too deeply.
    """
    text = raw if type(raw) is bytes else bytes(raw)
    try:
        message = _decoder.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise RefusedError(f"Not a message: {error}") from error
    if text.count(b"{") + text.count(b"[") > DEEPEST and nesting(text) > DEEPEST:
        raise RefusedError(f"Nested deeper than {DEEPEST} levels")
    return message


def nesting(text: bytes) -> int:
    """Return how deeply lists and objects of a JSON text lie in each other."""
    level = deepest = 0
    for bracket in BRACKETS.findall(STRINGS.sub(b"", text)):
        level += 1 if bracket in b"{[" else -1
        deepest = max(deepest, level)
    return deepest


def check(message: Message, *, size: int = 0, largest: int = LARGEST_EVENT) -> None:
    """Refuse what can't be taken in, such as a message of more than `largest` bytes.

    Raises:
        RefusedError: says what is missing or wrong.
    """
    if size > largest:
        raise RefusedError(f"Larger than {largest // 1024} KB")
    kind = message.type
    if kind not in KINDS:
        raise RefusedError(f"Unknown type {kind!r}")
    if kind == TRACK and not (message.event or "").strip():
        raise RefusedError("event is required")
    if kind == GROUP and not message.group:
        raise RefusedError("groupId is required")
    if message.properties is not NOTHING and not bytes(message.properties).startswith(OBJECTS):
        raise RefusedError("properties has to be an object")
    if message.traits is not NOTHING and not bytes(message.traits).startswith(OBJECTS):
        raise RefusedError("traits has to be an object")


def moment(value: str | float | None) -> datetime | None:
    """Return the time that a client wrote: ISO 8601 (UTC when it names no zone) or a number of (milli)seconds since 1970.

    Raises:
        RefusedError: it is no time that a calendar has.
    """
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(value.strip()) if isinstance(value, str) else _from_number(value)
        zone = found.tzinfo
        aware = found if zone is UTC else found.astimezone(UTC) if zone else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise RefusedError(f"timestamp {value!r} is no time") from error
    if aware.year < EARLIEST_YEAR:
        raise RefusedError(f"timestamp {value!r} is before {EARLIEST_YEAR}")
    return aware


def _from_number(value: float) -> datetime:
    return datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)


def ahead(sent_at: datetime | None, *, received_at: datetime) -> timedelta:
    """Return how much a client's clock is ahead of ours; nothing when it is so little that the network explains it."""
    gap = sent_at - received_at if sent_at else timedelta()
    return gap if abs(gap) > CLOCK_TOLERANCE else timedelta()


def happened(message: Message, *, received_at: datetime, ahead_by: timedelta) -> tuple[datetime, bool]:
    """Return when it happened by our clock, which is never in the future, and whether the client said so.

    Args:
        message: what came; `originalTimestamp` counts before `timestamp`.
        received_at: when it came.
        ahead_by: by how much the client's clock is ahead, as its request says; else its own `sentAt` does.

    Raises:
        RefusedError: its time is no time.
    """
    stated = moment(message.original_timestamp)
    if message.timestamp is not None and (own := moment(message.timestamp)) is not None:
        stated = stated or own
    if stated is None:
        return received_at, False
    if message.sent_at is not None:
        ahead_by = ahead_by or ahead(time_or_none(message.sent_at), received_at=received_at)
    at = stated - ahead_by if ahead_by else stated
    if at.year < EARLIEST_YEAR:
        return stated, False
    if at > received_at:
        return received_at, at - received_at > CLOCK_TOLERANCE
    return at, False


def time_or_none(value: str | float | None) -> datetime | None:
    """Return the time that a client wrote, None when it is none: a wrong `sentAt` spoils no event."""
    try:
        return moment(value)
    except RefusedError:
        return None


def _email(traits: msgspec.Raw) -> str | None:
    if traits is NOTHING:
        return None
    try:
        email = _traits.decode(traits).email
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None
    return email if isinstance(email, str) else None


def text_of(value: Any) -> str | None:
    """Return an id as text; clients send numbers too."""
    if type(value) is str and "\0" not in value:
        return value.strip() or None
    if value is None or isinstance(value, bool | dict | list):
        return None
    return str(value).replace("\0", "").strip() or None

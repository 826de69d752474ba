"""What a message says about its event, as the JSON that is stored."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec

from proofline.timeline.events import ALIAS, GROUP, IDENTIFY, SCREEN, TRACK
from proofline.timeline.segment import NOTHING, Message

PAGE_FIELDS = ("path", "url", "title", "referrer", "search")
_object = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def properties_of(message: Message) -> msgspec.Raw:
    """Return what the message says about the event; a page always has its path, page and screen their names."""
    if message.type == TRACK:
        return _given(message.properties)
    if message.type in {IDENTIFY, ALIAS}:
        return _given(message.traits)
    if message.type == GROUP:
        return msgspec.Raw(_encode({**read(message.traits), "groupId": message.group}))
    named = {"name": message.name} if message.name else {}
    if message.type == SCREEN:
        return msgspec.Raw(_encode({**named, **read(message.properties)})) if named else _given(message.properties)
    page = read(message.context.page) if message.context else {}
    found = {**{name: page[name] for name in PAGE_FIELDS if name in page}, **named, **read(message.properties)}
    if "path" not in found and isinstance(found.get("url"), str):
        found["path"] = _path(found["url"])
    return msgspec.Raw(_encode(found))


def _given(raw: msgspec.Raw) -> msgspec.Raw:
    return NOTHING if raw is NOTHING or bytes(raw) == b"null" else raw


def read(raw: msgspec.Raw) -> dict[str, Any]:
    """Return the object in a piece of JSON, an empty one where there is none."""
    try:
        return _object(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return {}


def _path(url: str) -> str:
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return url


def context_of(message: Message) -> msgspec.Raw:
    """Return where a visit came from and which page it was on, as JSON."""
    context = message.context
    if context is None or (context.campaign is NOTHING and context.page is NOTHING):
        return NOTHING
    said = {
        name: part for name, part in (("campaign", context.campaign), ("page", context.page)) if part is not NOTHING
    }
    return msgspec.Raw(_encode(said))

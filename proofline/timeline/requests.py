"""What a request of the tracking API says: its body unpacked, its envelope, its write key. Refused before anything is stored."""

from __future__ import annotations

import base64
import binascii
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from proofline.timeline.models import Source
from proofline.timeline.segment import LARGEST_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_PASSED_OVER = 16 * 1024 * 1024
"""Bytes of a body that is too large and yet read; whoever sends more is cut off."""

LEVELS_TO_SPARE = 200
MANY_BRACKETS = 500
"""Fewer can't be nested so deeply that the stack matters."""
T = TypeVar("T")


class Envelope(msgspec.Struct, rename="camel"):
    """What a request says about all its messages, which stay as they came."""

    write_key: str | None = None
    sent_at: str | int | float | None = None
    batch: list[msgspec.Raw] | None = None


class Answer(NamedTuple):
    """What goes back."""

    status: HTTPStatus
    content: dict[str, Any]
    headers: list[tuple[str, str]] = []


class RejectedError(Exception):
    """A request that is answered with an error; nothing of it is stored."""

    def __init__(
        self, status: HTTPStatus, code: str, message: str, headers: list[tuple[str, str]] | None = None
    ) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"code": code, "message": message}, headers or [])


_envelope = msgspec.json.Decoder(Envelope)
_anything = msgspec.json.Decoder()


def body_of(environ: Mapping[str, Any], *, read: Callable[[int], bytes], largest: int = LARGEST_BODY) -> bytes:
    """Return the body, unpacked; a bomb is found before it bursts. It has at most `largest` bytes, packed and unpacked.

    Raises:
        RejectedError: it is too large, or no gzip.
    """
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > largest:
        _pass_over(length, read=read)
        raise too_large(most=largest)
    body = read(length) if length else read(largest + 1)
    if len(body) > largest:
        _pass_over(MOST_PASSED_OVER, read=read)
        raise too_large(most=largest)
    if "gzip" in str(environ.get("HTTP_CONTENT_ENCODING", "")).lower():
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            body = unpacking.decompress(body, largest + 1)
        except zlib.error as error:
            raise bad("The body is not gzip") from error
    if len(body) > largest:
        raise too_large(most=largest)
    return body


def envelope_of(body: bytes) -> Envelope:
    """Return what stands around the messages.

    Raises:
        RejectedError: the body is no JSON, or not of this form.
    """
    try:
        body.decode()
        return _with_room(_envelope.decode, body)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise bad(f"The body is not the JSON of messages: {error}") from error


def content_of(body: bytes) -> Any:
    """Return the JSON of a body, whatever it is.

    Raises:
        RejectedError: it is none.
    """
    try:
        return _with_room(_anything.decode, body)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise bad(f"The body is not JSON: {error}") from error


def source_of(environ: Mapping[str, Any], *, key: str | None) -> Source:
    """Return the source by its write key: user name of Basic, the key in the body, or bearer token.

    Raises:
        RejectedError: no source in use has it, or the browser's page may not send.
    """
    scheme, _space, token = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    basic = _user_name(token) if scheme.lower() == "basic" else None
    bearer = token.strip() if scheme.lower() == "bearer" else None
    for given in (basic, key, bearer):
        if given and (source := Source.by_key(given)):
            origin = str(environ.get("HTTP_ORIGIN", ""))
            if origin and not source.allows(origin):
                raise RejectedError(
                    HTTPStatus.FORBIDDEN, "origin_not_allowed", f"This source takes no events from pages of {origin}"
                )
            return source
    raise RejectedError(HTTPStatus.UNAUTHORIZED, "invalid_write_key", "No source has this write key")


def bad(message: str) -> RejectedError:
    """Return the error of a request that can't be read."""
    return RejectedError(HTTPStatus.BAD_REQUEST, "bad_request", message)


def too_large(what: str = "The body", most: int = LARGEST_BODY) -> RejectedError:
    """Return the error of a request with too much in it."""
    return RejectedError(HTTPStatus.BAD_REQUEST, "too_large", f"{what} is larger than {most // 1024} KB")


def _with_room(decode: Callable[[bytes], T], body: bytes, *, levels: int = LEVELS_TO_SPARE) -> T:
    """Decode with so much less of the stack: whoever reads it again, from deeper down, must not fail where this passed."""
    if levels == LEVELS_TO_SPARE and body.count(b"{") + body.count(b"[") <= MANY_BRACKETS:
        return decode(body)
    return _with_room(decode, body, levels=levels - 1) if levels else decode(body)


def _pass_over(length: int, *, read: Callable[[int], bytes]) -> None:
    """Read what is not wanted: a client that is answered while it still sends may never see the answer."""
    left = min(length, MOST_PASSED_OVER)
    while left > 0 and (some := read(min(left, LARGEST_BODY))):
        left -= len(some)


def _user_name(token: str) -> str | None:
    try:
        return base64.b64decode(token, validate=False).decode().partition(":")[0] or None
    except (binascii.Error, ValueError):
        return None

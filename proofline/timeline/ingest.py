"""Segment's tracking API at `/v1/*`: checked, committed to the inbox, and only then answered.

Django's middleware never sees these requests: `wsgi` answers them before. An unknown write key gets 401, where Segment itself says
200 and drops the events: what is not stored is never acknowledged here.
"""

from __future__ import annotations

import base64
import binascii
import logging
import zlib
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from proofline.timeline import inbox
from proofline.timeline.models import Source
from proofline.timeline.segment import KINDS, LARGEST_BODY, MOST_EVENTS, RefusedError, moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import HttpRequest

log = logging.getLogger(__name__)
PREFIX = "/v1/"
SECONDS_TO_RETRY = "2"
BATCHES = frozenset({"batch", "import"})
CORS = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "POST, OPTIONS"),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding"),
    ("Access-Control-Max-Age", "86400"),
]


class Envelope(msgspec.Struct, rename="camel"):
    """What a request says about all its messages."""

    write_key: str | None = None
    sent_at: str | int | float | None = None
    context: dict[str, Any] | None = None
    batch: list[msgspec.Raw] | None = None


class Answer(NamedTuple):
    """What goes back."""

    status: HTTPStatus
    content: dict[str, Any]
    headers: list[tuple[str, str]] = []


class RejectedError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"code": code, "message": message})


_envelope = msgspec.json.Decoder(Envelope)
STORED = Answer(HTTPStatus.OK, {"success": True})


def wsgi(application: WSGIApplication) -> WSGIApplication:
    """Answer `/v1/*` here, and everything else by the application."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return application(environ, start_response)
        close_old_connections()
        try:
            given = answer(environ, read=environ["wsgi.input"].read)
        finally:
            close_old_connections()
        body = msgspec.json.encode(given.content)
        headers = [*CORS, *given.headers, ("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{given.status.value} {given.status.phrase}", headers)
        return [body]

    return wrapped


@csrf_exempt
def view(request: HttpRequest, method: str) -> HttpResponse:
    """Answer the same within Django."""
    del method  # it is in the path
    given = answer(request.META, read=request.read)
    headers = dict([*CORS, *given.headers])
    return HttpResponse(
        msgspec.json.encode(given.content), status=given.status, headers=headers, content_type="application/json"
    )


view.login_required = False  # type: ignore[attr-defined]  # sources sign in by their write key


def answer(environ: Mapping[str, Any], *, read: Callable[[int], bytes]) -> Answer:
    """Return what to answer; 200 only when everything is committed."""
    try:
        return _taken(environ, read=read)
    except RejectedError as error:
        return error.answer
    except DatabaseError:
        log.exception("The record store could not take events")
        content = {"code": "unavailable", "message": "Nothing was stored; send it again"}
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE, content, [("Retry-After", SECONDS_TO_RETRY)])


def _taken(environ: Mapping[str, Any], *, read: Callable[[int], bytes]) -> Answer:
    """Take a request's messages in.

    Raises:
        RejectedError: nothing of it is stored.
    """
    method = str(environ.get("PATH_INFO", "")).removeprefix(PREFIX).strip("/")
    if method not in KINDS | BATCHES:
        raise RejectedError(HTTPStatus.NOT_FOUND, "unknown_method", f"There is no method {method!r}")
    if environ.get("REQUEST_METHOD") == "OPTIONS":
        return Answer(HTTPStatus.OK, {})
    if environ.get("REQUEST_METHOD") != "POST":
        raise RejectedError(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Send events by POST")
    body = _body(environ, read=read)
    envelope = _opened(body)
    source = _source(environ, envelope)
    if method not in BATCHES:
        return _one(body, envelope, source=source, kind=method)
    if envelope.batch is None:
        raise _bad("batch is required: a list of messages")
    if len(envelope.batch) > MOST_EVENTS:
        raise _bad(f"More than {MOST_EVENTS} events in a batch")
    inbox.append(source, envelope.batch, datetime.now(UTC), sent_at=_time(envelope.sent_at), context=envelope.context)
    return STORED


def _one(body: bytes, envelope: Envelope, *, source: Source, kind: str) -> Answer:
    good, bad = inbox.sort([body], kind=kind)
    if bad:
        raise _bad(bad[0][1])
    inbox.keep(good, bad, source=source, received_at=datetime.now(UTC), sent_at=_time(envelope.sent_at))
    return STORED


def _body(environ: Mapping[str, Any], *, read: Callable[[int], bytes]) -> bytes:
    """Return the body, unpacked; a bomb is found before it bursts."""
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > LARGEST_BODY:
        raise _too_large()
    body = read(length) if length else read(LARGEST_BODY + 1)
    if "gzip" in str(environ.get("HTTP_CONTENT_ENCODING", "")).lower():
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            body = unpacking.decompress(body, LARGEST_BODY + 1)
        except zlib.error as error:
            raise _bad("The body is not gzip") from error
    if len(body) > LARGEST_BODY:
        raise _too_large()
    return body


def _opened(body: bytes) -> Envelope:
    try:
        return _envelope.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise _bad(f"The body is not the JSON of messages: {error}") from error


def _source(environ: Mapping[str, Any], envelope: Envelope) -> Source:
    """Return the source by its write key: user name of Basic, `writeKey` of the body, or bearer token."""
    scheme, _space, token = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
    basic = _user_name(token) if scheme.lower() == "basic" else None
    bearer = token.strip() if scheme.lower() == "bearer" else None
    for key in (basic, envelope.write_key, bearer):
        source = Source.objects.in_use().filter(write_key=key).first() if key and "\0" not in key else None
        if source:
            return source
    raise RejectedError(HTTPStatus.UNAUTHORIZED, "invalid_write_key", "No source has this write key")


def _user_name(token: str) -> str | None:
    try:
        return base64.b64decode(token, validate=False).decode().partition(":")[0] or None
    except (binascii.Error, ValueError):
        return None


def _time(value: str | float | None) -> datetime | None:
    try:
        return moment(value)
    except RefusedError:
        return None


def _bad(message: str) -> RejectedError:
    return RejectedError(HTTPStatus.BAD_REQUEST, "bad_request", message)


def _too_large() -> RejectedError:
    return RejectedError(HTTPStatus.BAD_REQUEST, "too_large", f"Larger than {LARGEST_BODY // 1024} KB")

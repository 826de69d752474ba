"""The tracking API: Segment's at `/v1/*`, PostHog's at `/batch/`, `/capture/`, `/e/` and `/i/v0/e/`.

What comes is committed to the inbox and only then answered. Django's middleware never sees these requests: `wsgi` answers them
before. An unknown write key gets 401, where Segment itself says 200 and drops the events: what is not stored is never acknowledged.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec
from django.db import DatabaseError, close_old_connections
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from proofline.timeline import committing, metering, posthog, posthog_body, troubles
from proofline.timeline.events import ALIAS, GROUP, IDENTIFY, PAGE, SCREEN, TRACK
from proofline.timeline.inbox import parts
from proofline.timeline.limits import DIALECT, POSTHOG, SEGMENT
from proofline.timeline.models.inbox import Packed, pack, wrapped
from proofline.timeline.rates import overrun
from proofline.timeline.requests import (
    Answer,
    RejectedError,
    bad,
    body_of,
    content_of,
    envelope_of,
    source_of,
    too_large,
)
from proofline.timeline.segment import KINDS, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import HttpRequest

    from proofline.timeline.models import Source

    Read = Callable[[int], bytes]

PREFIX = "/v1/"
POSTHOG_PATHS = frozenset({"/batch", "/capture", "/e", "/i/v0/e"})
POSTHOG_HEAD = msgspec.json.encode({"dialect": DIALECT})
BATCHES = frozenset({"batch", "import"})
SHORT = {"t": TRACK, "i": IDENTIFY, "p": PAGE, "s": SCREEN, "g": GROUP, "a": ALIAS, "b": "batch"}
"""What Segment's library for browsers calls the methods."""
SECONDS_TO_RETRY = "2"
GREAT = threading.BoundedSemaphore(2)
"""So many bodies beyond Segment's size are read at once: JSON of nothing but brackets takes twenty times its size while it is read."""
STORED = Answer(HTTPStatus.OK, {"success": True})
STORED_FOR_POSTHOG = Answer(HTTPStatus.OK, {"status": 1})
NOT_STORED = Answer(
    HTTPStatus.SERVICE_UNAVAILABLE,
    {"code": "unavailable", "message": "Nothing was stored; send it again"},
    [("Retry-After", SECONDS_TO_RETRY)],
)


def wsgi(application: WSGIApplication) -> WSGIApplication:
    """Answer the tracking API here, and everything else by the application."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not is_ours(environ.get("PATH_INFO", "")):
            return application(environ, start_response)
        given = answer(environ, read=environ["wsgi.input"].read)
        body = msgspec.json.encode(given.content)
        headers = [*cors(environ), *given.headers]
        headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{given.status.value} {given.status.phrase}", headers)
        return [body]

    return wrapped


def is_ours(path: str) -> bool:
    """Tell whether an address belongs to the tracking API."""
    return path.startswith(PREFIX) or path.rstrip("/") in POSTHOG_PATHS


@csrf_exempt
def view(request: HttpRequest, method: str = "") -> HttpResponse:
    """Answer the same within Django."""
    del method  # it is in the path
    given = answer(request.META, read=request.read)
    return HttpResponse(
        msgspec.json.encode(given.content),
        status=given.status,
        headers=dict([*cors(request.META), *given.headers]),
        content_type="application/json",
    )


view.login_required = False  # type: ignore[attr-defined]  # sources sign in by their write key


def cors(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what lets a browser's page send and read the answer. Whether the source takes it is decided when it sends."""
    return [
        ("Access-Control-Allow-Origin", str(environ.get("HTTP_ORIGIN") or "*")),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Methods", "POST, OPTIONS"),
        ("Access-Control-Allow-Headers", "Authorization, Content-Type, Content-Encoding, X-Retry-Count"),
        ("Access-Control-Expose-Headers", "Retry-After, X-RateLimit-Reset"),
        ("Access-Control-Max-Age", "86400"),
    ]


def answer(environ: Mapping[str, Any], *, read: Read) -> Answer:
    """Return what to answer; 200 only when everything is committed."""
    begun = time.perf_counter()
    given = _answered(environ, read=read)
    metering.answered(given.status, time.perf_counter() - begun)
    return given


def _answered(environ: Mapping[str, Any], *, read: Read) -> Answer:
    try:
        return _taken(environ, read=read)
    except RejectedError as error:
        return error.answer
    except DatabaseError as error:
        troubles.RECORDS.failed(troubles.TAKING, error)
        return NOT_STORED
    except RefusedError as error:
        return bad(str(error)).answer
    finally:
        if environ.get("wsgi.multithread"):
            close_old_connections()


def _taken(environ: Mapping[str, Any], *, read: Read) -> Answer:
    """Take a request's messages in.

    Raises:
        RejectedError: nothing of it is stored.
        DatabaseError: as well.
    """
    path = str(environ.get("PATH_INFO", ""))
    method = path.removeprefix(PREFIX).strip("/") if path.startswith(PREFIX) else ""
    method = SHORT.get(method, method)
    if method and method not in KINDS | BATCHES:
        raise RejectedError(HTTPStatus.NOT_FOUND, "unknown_method", f"There is no method {method!r}")
    if environ.get("REQUEST_METHOD") == "OPTIONS":
        return Answer(HTTPStatus.OK, {})
    if environ.get("REQUEST_METHOD") != "POST":
        raise RejectedError(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Send events by POST")
    if not method:
        return _from_posthog(environ, body_of(environ, read=read, largest=POSTHOG.body))
    body = body_of(environ, read=read)
    return _batch(environ, body) if method in BATCHES else _one(environ, body, kind=method)


def _batch(environ: Mapping[str, Any], body: bytes) -> Answer:
    envelope = envelope_of(body)
    source = source_of(environ, key=envelope.write_key)
    if envelope.batch is None:
        raise bad("batch is required: a list of messages")
    _at_most(SEGMENT.events, len(envelope.batch))
    _store(source, [(body, len(envelope.batch))])
    return STORED


def _one(environ: Mapping[str, Any], body: bytes, *, kind: str) -> Answer:
    envelope = envelope_of(body)
    source = source_of(environ, key=envelope.write_key)
    if len(body) > SEGMENT.event:
        raise too_large("The event", SEGMENT.event)
    _store(source, [(wrapped(b'{"type":"%s"}' % kind.encode(), body), 1)])
    return STORED


def _from_posthog(environ: Mapping[str, Any], body: bytes) -> Answer:
    asked = parse_qs(str(environ.get("QUERY_STRING", "")))
    compression = asked.get("compression", [""])[0]
    kind = str(environ.get("CONTENT_TYPE", ""))
    try:
        raw = posthog_body.unpacked(body, content_type=kind, compression=compression, largest=POSTHOG.body)
    except posthog_body.TooLargeError as error:
        raise too_large(most=POSTHOG.body) from error
    with GREAT if len(raw) > SEGMENT.body else contextlib.nullcontext():
        content = content_of(raw)
        source = source_of(environ, key=posthog.project_key(content))
        _at_most(POSTHOG.events, posthog.count(content))
        messages = [msgspec.json.encode(message) for message in posthog.messages(content)]
    _store(source, list(parts(POSTHOG_HEAD, messages)))
    return STORED_FOR_POSTHOG


def _at_most(most: int, count: int) -> None:
    if count > most:
        raise RejectedError(HTTPStatus.BAD_REQUEST, "too_many", f"More than {most} events in a batch")


def _store(source: Source, bodies: Sequence[tuple[bytes, int]]) -> None:
    """Commit a request's messages: batches, and how many are in each.

    Raises:
        RejectedError: they are too many for the source's rate.
        DatabaseError: they are not on the disk.
    """
    count = sum(count for _body, count in bodies)
    if not count:
        return
    if wait := overrun(source, count):
        metering.count(source.pk, metering.RATE_LIMITED, count)
        seconds = math.ceil(wait)
        headers = [("Retry-After", str(seconds)), ("X-RateLimit-Reset", str(math.ceil(time.time()) + seconds))]
        message = f"{source.name} may send {source.rate} events a second; send it again later"
        raise RejectedError(HTTPStatus.TOO_MANY_REQUESTS, "rate_limited", message, headers)
    now = datetime.now(UTC)
    records = [Packed(source_id=source.pk, received_at=now, count=some, body=pack(body)) for body, some in bodies]
    try:
        committing.commit(records)
    except DatabaseError:
        metering.count(source.pk, metering.FAILED, count)
        raise
    metering.count(source.pk, metering.ACCEPTED, count)

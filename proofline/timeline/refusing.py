"""Keeping aside what can't be taken in, with all that is needed to try it again."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime  # noqa: TC003 - a named tuple reads it
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from proofline.timeline import metering
from proofline.timeline.ids import id_of, seed_of
from proofline.timeline.models import Batch, Quarantined, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proofline.timeline.models.inbox import Read

COMMON = ("type", "context", "sentAt", "dialect", "flag")
"""What a request says for all its messages."""


class Place(NamedTuple):
    """A batch, without what is in it."""

    pk: int
    kind: str
    source: int | None
    received_at: datetime


class Whole(msgspec.Struct):
    """A batch of messages, each as it came."""

    batch: list[msgspec.Raw]


class Named(msgspec.Struct):
    """The id of a fact."""

    id: str


_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_whole = msgspec.json.Decoder(Whole).decode
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_named = msgspec.json.Decoder(Named).decode
_key = msgspec.json.Decoder(str | int | float | None).decode


def keep(batch: Read, body: bytes, refused: Sequence[tuple[int, str, bytes]], *, now: datetime) -> None:
    """Keep messages of a batch aside: each one's position, what is wrong with it, and the message."""
    seed = seed_of(batch)
    kept = [
        Refused(position, id_of(_message_id(raw), seed, batch, position), error, raw)
        for position, error, raw in refused
    ]
    common = {name: value for name, value in _object(body).items() if name in COMMON}
    Quarantined.keep(batch=batch, refused=kept, envelope=msgspec.json.encode(common), now=now)
    metering.count(batch.source, metering.REFUSED, len(kept))


def keep_events(errors: Mapping[tuple[int, str], str], *, now: datetime) -> None:
    """Keep events aside that were read already: what is wrong, by batch and id. They are looked up as they came."""
    wanted: dict[int, dict[str, str]] = defaultdict(dict)
    for (batch, one), error in errors.items():
        wanted[batch][one] = error
    for found in Batch.objects.filter(pk__in=list(wanted)).only("pk", "kind", "source", "received_at", "body"):
        _keep_of(found, wanted[found.pk], now=now)


def keep_whole(batch: Read, error: str, payload: bytes, *, now: datetime) -> None:
    """Keep a batch aside of which not one event can be told apart."""
    Quarantined.keep(batch=batch, refused=[Refused(0, "", error, payload)], now=now)
    metering.count(batch.source, metering.REFUSED, 1)


def _keep_of(found: Batch, errors: Mapping[str, str], *, now: datetime) -> None:
    batch = Place(found.pk, found.kind, found.source_id, found.received_at)
    body = found.content
    if found.kind in {Batch.Kind.FACTS, Batch.Kind.HISTORY}:
        raws = ((position, bytes(raw), _named(raw).id) for position, raw in enumerate(_list(body)))
        kept = [Refused(position, one, errors[one], raw) for position, raw, one in raws if one in errors]
        Quarantined.keep(batch=batch, refused=kept, now=now)
        metering.count(None, metering.REFUSED, len(kept))
        return
    seed = seed_of(batch)
    messages = enumerate(bytes(raw) for raw in _whole(body).batch)
    named = ((position, raw, id_of(_message_id(raw), seed, batch, position)) for position, raw in messages)
    keep(batch, body, [(position, errors[one], raw) for position, raw, one in named if one in errors], now=now)


def _message_id(raw: bytes) -> Any:
    """Return the `messageId` of a message, whatever else is wrong with it; None when it has none that can be read."""
    try:
        return _key(_object(raw).get("messageId", b"null"))
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None

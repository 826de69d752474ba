"""Rewriting what is in a batch: messages leave or change, and the others keep their places, by which those without ids are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from proofline.timeline.archive import FACTS
from proofline.timeline.events import GROUP
from proofline.timeline.ids import id_of, seed_of
from proofline.timeline.segment import ERASED, Message, RefusedError, decode
from proofline.timeline.traces import FIELDS

if TYPE_CHECKING:
    from proofline.timeline.models.inbox import Read
    from proofline.timeline.traces import Traces

Judge = Callable[[int, bytes], bytes | None]
"""What becomes of the message at a place: itself, another one, or nothing."""
Fields = dict[str, msgspec.Raw]
_fields = msgspec.json.Decoder(Fields).decode
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode = msgspec.json.Decoder().decode
_object = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode
SAID = ("properties", "context")
"""What of a fact is anybody's words; all else are names and ids of our own."""
UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeError)


class Rewritten(NamedTuple):
    """What became of a batch; its body is b"" when nothing is left."""

    body: bytes
    left: int
    removed: int
    altered: list[str]
    """Ids of events that are still there but say less, or are others' and left."""


def replaced(body: bytes, judge: Judge) -> tuple[bytes, int, int]:
    """Return the body of a batch of messages with what becomes of each; how many are left, and how many left.

    Raises:
        MsgspecError: it is no such body.
    """
    fields = _fields(body)
    raws: list[bytes] = []
    left = removed = 0
    for position, raw in enumerate(_list(fields["batch"])):
        given = bytes(raw)
        kept = ERASED if given == ERASED else judge(position, given)
        raws.append(ERASED if kept is None else kept)
        removed += kept is None
        left += raws[-1] != ERASED
    joined = msgspec.Raw(b"[" + b",".join(raws) + b"]")
    return (_encode({**fields, "batch": joined}) if left else b""), left, removed


def without(traces: Traces, batch: Read, body: bytes) -> Rewritten | None:
    """Return what is left of a batch without a person, None when it does not speak of them."""
    if not traces.may_be_in(body):
        return None
    try:
        return _facts_without(traces, body) if batch.kind in FACTS else _messages_without(traces, batch, body)
    except UNREADABLE:
        return Rewritten(b"", 0, 1, []) if traces.is_spelt_in(body) else None


def _messages_without(traces: Traces, batch: Read, body: bytes) -> Rewritten | None:
    seed = seed_of(batch)
    altered: list[str] = []

    def judge(position: int, raw: bytes) -> bytes | None:
        kept, changed = message_without(traces, raw, kind=quiet.get("type"))
        if changed:
            altered.append(id_of(_message_id(raw), seed, batch, position))
        return kept

    fields = _fields(body)
    common = {name: _decode(value) for name, value in fields.items() if name != "batch"}
    quiet = traces.redacted(common)
    if quiet != common:
        fields = {name: msgspec.Raw(_encode(value)) for name, value in quiet.items()} | {"batch": fields["batch"]}
        body = _encode(fields)
    changed, left, removed = replaced(body, judge)
    if not removed and not altered and quiet == common:
        return None
    return Rewritten(changed, left, removed, altered)


def message_without(traces: Traces, raw: bytes, *, kind: str | None = None) -> tuple[bytes | None, bool]:
    """Return what is left of a message without a person, None when they did it; and whether it is somebody else's that changes.

    Args:
        traces: of the person.
        raw: the message.
        kind: the type of all messages of its request, when that says so.
    """
    if not traces.may_be_in(raw):
        return raw, False
    try:
        fields = _object(raw)
    except UNREADABLE:
        return (None if traces.is_spelt_in(raw) else raw), False
    message = _message(raw, kind=kind)
    if traces.own(message) if message else traces.names(fields):
        return None, False
    quiet = _quiet(traces, fields)
    if quiet == fields:
        return raw, False
    again = _encode(quiet)
    same = _message(again, kind=kind)
    if message and same and _names(same) != _names(message):  # its very name is theirs
        return None, True
    return again, True


def _names(message: Message) -> tuple[str, str | None]:
    """Return the name of its event, and that of the group that it introduces."""
    return message.title, message.group if message.type == GROUP else None


def _quiet(traces: Traces, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody else's message says without the person; who it is by stays, for that is another key than theirs."""
    quiet = traces.without_devices(traces.redacted(fields) | {name: fields[name] for name in FIELDS if name in fields})
    if quiet.get("messageId") != fields.get("messageId"):  # its place in the inbox is its name now
        del quiet["messageId"]
    context = quiet.get("context")
    if isinstance(context, dict) and context.get("groupId") != fields["context"].get("groupId"):
        quiet["context"] = {name: value for name, value in context.items() if name != "groupId"}
    return quiet


def _message(raw: bytes, *, kind: str | None) -> Message | None:
    try:
        message = decode(raw)
    except RefusedError:
        return None
    message.type = kind or message.type
    return message


def _facts_without(traces: Traces, body: bytes) -> Rewritten | None:
    """Facts stay, for they are the sale's own records; what names the person in them goes."""
    altered: list[str] = []
    facts: list[Any] = []
    for raw in _list(body):
        fact = _object(raw)
        quiet = fact | {name: traces.redacted(fact[name]) for name in SAID if name in fact}
        if fact.get("person") in traces.people:
            quiet["person"] = None
        if quiet != fact:
            altered.append(fact["id"])
        facts.append(quiet if quiet != fact else raw)
    return Rewritten(_encode(facts), len(facts), 0, altered) if altered else None


def _message_id(raw: bytes) -> Any:
    message = _message(raw, kind=None)
    return message.message_id if message else None

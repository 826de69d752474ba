"""How what was refused goes into the inbox again: as the same event, at the time when it first came."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proofline.timeline import limits, segment, waking
from proofline.timeline.models.inbox import Batch, unpack, wrapped
from proofline.timeline.rows import FUTURE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.timeline.models.quarantine import Quarantined

    Said = dict[str, msgspec.Raw]

TIMES = ("timestamp", "originalTimestamp", "sentAt")
APART = ("sentAt", "dialect", "flag")
"""What a request says of itself that no message of it can say."""
_said = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_text = msgspec.json.Decoder(str).decode
_times = msgspec.json.Decoder(segment.Message).decode
_encode = msgspec.json.Encoder().encode


def put_back(rows: Iterable[Quarantined], *, now: datetime) -> list[Quarantined]:
    """Put refused events into the inbox, within the caller's transaction; return those that could be."""
    messages: dict[tuple[int | None, bytes], list[bytes]] = defaultdict(list)
    facts: dict[str, list[bytes]] = defaultdict(list)
    sources: dict[int | None, Any] = {}
    gone = []
    for row in rows:
        if row.is_whole:
            if not _read_again(row):
                continue
        elif not row.is_message:
            facts[row.kind].append(bytes(row.payload))
        elif (found := message_of(row)) is not None:
            head, message = found
            messages[row.source_id, head].append(message)
            sources[row.source_id] = row.source
        else:
            continue
        gone.append(row)
    for (source, head), some in messages.items():
        body = wrapped(head, b",".join(some))
        Batch.add(kind=Batch.Kind.REPLAY, body=body, count=len(some), received_at=now, source=sources[source])
    for kind, some in facts.items():
        Batch.add(kind=kind, body=b"[" + b",".join(some) + b"]", count=len(some), received_at=now)
    transaction.on_commit(waking.wake)
    return gone


def message_of(row: Quarantined) -> tuple[bytes, bytes] | None:
    """Return the message as it goes in again, and what its batch says around it; None when it is no object.

    It is complete, with its event's id and its time by our clock.
    """
    said = complete(row)
    if said is None:
        return None
    said["messageId"] = msgspec.Raw(_encode(row.event_id))
    try:
        at, early = _happened(row, said)
    except (segment.RefusedError, msgspec.MsgspecError):  # it is refused for its time, and will be again
        return _head(row, early=False), _encode(said)
    for name in TIMES:
        said.pop(name, None)
    return _head(row, early=early), _encode(said | {"timestamp": msgspec.Raw(_encode(at))})


def _happened(row: Quarantined, said: Said) -> tuple[datetime, bool]:
    """Return when it happened by our clock, as if it had been taken in when it came, and whether it said that it lay in the future.

    Raises:
        RefusedError: its time is no time.
        MsgspecError: it is not even a text or a number.
    """
    stated = _times(_encode({name: said[name] for name in TIMES if name in said}))
    sent_at = _times(_encode(common)).sent_at if (common := _apart(row)) else None
    ahead_by = segment.ahead(segment.time_or_none(sent_at), received_at=row.received_at)
    return segment.happened(stated, received_at=row.received_at, ahead_by=ahead_by)


def complete(row: Quarantined) -> Said | None:
    """Return the fields of the message with what its request said for all of them; None when it is no object."""
    try:
        said = _said(bytes(row.payload))
        common = _envelope(row)
        if "type" in common and row.is_message:
            said = {"type": common["type"]} | said | {"type": common["type"]}
        if "context" in common:
            said["context"] = msgspec.Raw(_encode(_said(common["context"]) | _said(said.get("context", b"{}"))))
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return None
    return said


def corrected(row: Quarantined, text: str) -> bytes:
    """Return the message as somebody corrected it by hand.

    Raises:
        ValidationError: it would be refused again.
    """
    raw = text.strip().encode("utf-8", "surrogatepass")
    try:
        _said(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ValidationError({"text": _("This is no JSON object: %(error)s") % {"error": error}}) from error
    try:
        message = segment.decode(raw)
        segment.check(message, size=len(raw), largest=limits.of(_dialect(row)).event)
        segment.moment(message.original_timestamp)
        segment.moment(message.timestamp)
    except segment.RefusedError as error:
        raise ValidationError({"text": _("It would be refused again: %(error)s") % {"error": error}}) from error
    return raw


def _read_again(row: Quarantined) -> bool:
    """Let the projector read the row's whole batch once more; what of it is in the store already stays as it is."""
    again: dict[str, Any] = {"projected_at": None}
    if row.kind != Batch.Kind.HISTORY:
        again["reacted_at"] = None
    return bool(Batch.objects.filter(pk=row.batch_id).update(**again))


def _envelope(row: Quarantined) -> Said:
    return _said(bytes(row.envelope) or b"{}")


def _apart(row: Quarantined) -> Said:
    return {name: value for name, value in _envelope(row).items() if name in APART}


def _dialect(row: Quarantined) -> Any:
    return msgspec.json.decode(_envelope(row).get("dialect", b"null"))


def _head(row: Quarantined, *, early: bool) -> bytes:
    """Return what a batch says around the message that goes in again; a client can't say the flag, only we."""
    said = {"dialect": limits.DIALECT} if _dialect(row) == limits.DIALECT else {}
    again = row.kind == Batch.Kind.REPLAY
    if early or (again and bytes(_envelope(row).get("flag", b"")) == _encode(FUTURE)):
        said["flag"] = FUTURE
    return _encode(said)


def without_common(row: Quarantined) -> bytes:
    """Return what is left of what its request said when the message says the rest itself."""
    return _encode(_apart(row))


def title(row: Quarantined) -> str:
    """Return the name of the event, else its type; "" where neither can be read."""
    said = None if row.is_whole else complete(row)
    for name in ("event", "name", "type"):
        try:
            found = _text(said[name]) if said and name in said else ""
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            continue
        if found:
            return found
    return ""


def shown(row: Quarantined) -> str:
    """Return the event as people read it: as JSON with a field a line, else as it came."""
    if row.is_whole:
        try:
            return unpack(bytes(row.payload)).decode("utf-8", "replace")
        except Exception:  # noqa: BLE001 - whatever is wrong with it is why it stands here
            return ""
    said = complete(row) if row.is_message else None
    raw = bytes(row.payload) if said is None else _encode(said)
    try:
        return msgspec.json.format(raw, indent=2).decode("utf-8", "replace")
    except msgspec.MsgspecError:
        return raw.decode("utf-8", "replace")

"""Taking a person out of the columnar store, and out of what the record store keeps beside the inbox.

Every step may be done again without harm, for whoever erases may be killed at any line.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from proofline.timeline import dailies, schema, store
from proofline.timeline.bodies import message_without
from proofline.timeline.models import Effect, Firing, Group, Merge, Person, PersonKey, Quarantined, Separation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from proofline.timeline.models import Erasure
    from proofline.timeline.traces import Traces

CHUNK = 1_000
MOST_LETTERS = 200_000
NOW = "SETTINGS mutations_sync = 2"
"""Return when the rows are gone, not when somebody was told to do it."""
THEIRS = "person IN {people:Array(UInt64)}"
NAMED = "id IN {ids:Array(UUID)}"
JSON = {"properties": 256, "context": 32}
"""The columns that hold what was sent, with their `max_dynamic_paths`."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def in_store(erasure: Erasure, traces: Traces) -> None:
    """Delete what they did; take them out of facts, and out of what others did.

    Raises:
        StoreError: the store does not answer; it has to be done again.
    """
    asked: dict[str, Any] = {"people": sorted(traces.people)}
    events, facts = store.query(
        f"SELECT countIf(kind != 'fact'), countIf(kind = 'fact') FROM events WHERE {THEIRS}", asked
    )[0]
    daily = f"SELECT count() FROM (SELECT 1 FROM daily_people WHERE {THEIRS} AND kind != 'fact' GROUP BY account, day, kind, event, label)"
    erasure.count_once("daily", store.query(daily, asked)[0][0])
    if facts:
        _free_facts(asked)
    for table in ("people", *schema.DAILIES):
        store.command(f"ALTER TABLE {store.changed(table)} DELETE WHERE {THEIRS} {NOW}", asked)
    if facts:
        store.command(
            f"ALTER TABLE {store.changed('events')} UPDATE person = 0 WHERE {THEIRS} AND kind = 'fact' {NOW}", asked
        )
    if events:
        erasure.count_once("store", events)
        store.command(f"ALTER TABLE {store.changed('events')} DELETE WHERE {THEIRS} AND kind != 'fact' {NOW}", asked)
    for ids in _chunks(erasure.altered):
        _redact(ids, traces)


def _free_facts(asked: dict[str, Any]) -> None:
    """Let the daily rows of their facts be nobody's."""
    found = store.query(f"SELECT toString(id) FROM events WHERE {THEIRS} AND kind = 'fact'", asked)
    for ids in _chunks([row[0] for row in found]):
        for name in schema.DAILIES:
            gone = "DELETE WHERE kind = 'fact' AND label IN {ids:Array(String)}"
            store.command(f"ALTER TABLE {store.changed(name)} {gone} {NOW}", {"ids": list(ids)})
            rows = schema.rollup(where=f"WHERE {NAMED}")
            free = "account, toUInt64(0) AS person, contact, day, kind, event, label, times, last"
            store.command(f"INSERT INTO {name} SELECT {free} FROM ({rows})", {"ids": list(ids)})


def _redact(ids: Sequence[str], traces: Traces) -> None:
    """Let events of others say nothing of the person; one whose very name does goes."""
    asked = {"ids": [str(uuid.UUID(one)) for one in ids], "zone": settings.TIME_ZONE}
    sql = (
        "SELECT toString(id), event, toDate32(at, {zone:String}), toJSONString(properties), toJSONString(context) "
        f"FROM events WHERE {NAMED}"
    )
    rows = store.query(sql, asked)
    if not rows:
        return
    days = {row[2] for row in rows}
    named = [row[0] for row in rows if traces.redacted(row[1]) != row[1]]
    for some in _few(rows):
        _rewrite(some, traces)
    table = store.changed("events")
    if named:
        store.command(f"ALTER TABLE {table} DELETE WHERE {NAMED} {NOW}", {"ids": named})
    for name in schema.DAILIES:
        gone = "DELETE WHERE day IN {days:Array(Date32)}"
        store.command(f"ALTER TABLE {store.changed(name)} {gone} {NOW}", {"days": sorted(map(str, days))})
    dailies.mend(days)


def _few(rows: Sequence[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows in lots that fit into a request to a server."""
    some: list[tuple[Any, ...]] = []
    size = 0
    for row in rows:
        more = len(row[3]) + len(row[4])
        if some and size + more > MOST_LETTERS:
            yield some
            some, size = [], 0
        some.append(row)
        size += more
    yield some


def _rewrite(rows: Sequence[tuple[Any, ...]], traces: Traces) -> None:
    texts: dict[str, Any] = {"ids": [row[0] for row in rows]}
    for place, column in enumerate(JSON, start=3):
        texts[column] = [_encode(traces.redacted(_decode(row[place]))).decode() for row in rows]
    changes = ", ".join(
        f"{column} = CAST(transform(toString(id), {{ids:Array(String)}}, {{{column}:Array(String)}}, '{{}}')"
        f" AS JSON(max_dynamic_paths={paths}))"
        for column, paths in JSON.items()
    )
    which = "has({ids:Array(String)}, toString(id))"
    store.command(f"ALTER TABLE {store.changed('events')} UPDATE {changes} WHERE {which} {NOW}", texts)


def in_records(erasure: Erasure, traces: Traces, *, now: datetime) -> None:
    """Delete their keys and what is kept of refused events and failed reactions, in an open transaction; what is left of them are ids."""
    erasure.count("quarantined", _empty_quarantine(traces, by=erasure.by, now=now))
    _empty_effects(traces, now=now)
    people = sorted(traces.people)
    Firing.objects.filter(subject_kind="person", subject_id__in=people).delete()
    Merge.objects.filter(Q(person__in=people) | Q(into__in=people)).delete()
    Separation.objects.filter(Q(person__in=people) | Q(other__in=people)).delete()
    for email in traces.of_kind(PersonKey.Kind.EMAIL):
        groups = Group.objects.annotate(text=Cast("traits", TextField())).filter(text__icontains=email)
        for group in groups:
            group.traits = traces.redacted(group.traits)
            group.save(update_fields=["traits"])
    keys, _by_model = PersonKey.objects.filter(person__in=people).delete()
    erasure.count("keys", keys)
    Person.objects.filter(pk__in=people).update(
        canonical=None, contact_id=None, account_id=None, group=None, erased_at=now, stale=True
    )


def _empty_quarantine(traces: Traces, *, by: int | None, now: datetime) -> int:
    """Leave of refused events that speak of the person only that there was one."""
    theirs = [
        row.pk
        for row in Quarantined.objects.exclude(payload=b"").iterator(chunk_size=500)
        if _speaks(traces, bytes(row.payload), whole=row.is_whole)
        or traces.redacted(row.error) != row.error
        or _is_named(traces, bytes(row.envelope))
    ]
    for start in range(0, len(theirs), CHUNK):
        rows = Quarantined.objects.filter(pk__in=theirs[start : start + CHUNK])
        rows.update(payload=b"", envelope=b"{}", error="", reason="")
        left = {"left_at": now, "left_by": by, "outcome": Quarantined.Outcome.DISCARDED}
        rows.filter(left_at=None).update(**left)
    return len(theirs)


def _speaks(traces: Traces, payload: bytes, *, whole: bool) -> bool:
    return traces.is_spelt_in(payload) if whole else message_without(traces, payload)[0] != payload


def _is_named(traces: Traces, raw: bytes) -> bool:
    if not traces.may_be_in(raw):
        return False
    fields = _decode(raw)
    return fields.get("person") in traces.people or traces.redacted(fields) != fields


def _empty_effects(traces: Traces, *, now: datetime) -> None:
    """Try no reaction any more to what is erased."""
    for effect in Effect.objects.failed().exclude(event=b"").iterator(chunk_size=500):
        if _is_named(traces, bytes(effect.event)) or traces.redacted(effect.error) != effect.error:
            Effect.objects.filter(pk=effect.pk).update(done_at=now, next_at=None, event=b"", error="")


def _chunks(ids: Collection[str]) -> Iterator[Sequence[str]]:
    listed = sorted(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))

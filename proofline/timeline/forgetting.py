"""Taking a person out of the columnar store.

Every step may be done again without harm, for whoever erases may be killed at any line.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings

from proofline.timeline import changing, dailies, schema, store
from proofline.timeline.events import GROUP
from proofline.timeline.models.inbox import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from proofline.timeline.models import Erasure
    from proofline.timeline.traces import Traces

CHUNK = 1_000
THEIRS = "person IN {people:Array(UInt64)}"
NAMED = "id IN {ids:Array(UUID)}"
JSON = ("properties", "context")
"""The columns that hold what was sent."""
ROWS = f"""
SELECT *, toString(toDate32(at, {{zone:String}})) AS day FROM events WHERE {NAMED} SETTINGS output_format_json_quote_64bit_integers = 0
"""


class Aside(msgspec.Struct):
    """Rows that are being put in the place of others."""

    ids: list[str]
    """Of those that leave."""
    days: list[str]
    """Whose daily rows are to be made anew."""
    rows: list[dict[str, Any]]


_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encoder = msgspec.json.Encoder()
_aside = msgspec.json.Decoder(Aside).decode


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
        changing.delete(table, THEIRS, asked)
    if facts:
        changing.update("events", "person = 0", where=f"{THEIRS} AND kind = 'fact'", parameters=asked)
    if events:
        erasure.count_once("store", events)
        changing.delete("events", f"{THEIRS} AND kind != 'fact'", asked)
    if erasure.aside:
        _replace(erasure)
    for ids in _chunks(erasure.altered):
        _redact(erasure, ids, traces)
    changing.sweep()


def _free_facts(asked: dict[str, Any]) -> None:
    """Let the daily rows of their facts be nobody's."""
    found = store.query(f"SELECT toString(id) FROM events WHERE {THEIRS} AND kind = 'fact'", asked)
    for ids in _chunks([row[0] for row in found]):
        for name in schema.DAILIES:
            changing.delete(name, "kind = 'fact' AND label IN {ids:Array(String)}", {"ids": list(ids)})
        free = "account, toUInt64(0) AS person, contact, day, kind, event, label, times, last"
        dailies.fill(f"SELECT {free} FROM ({schema.rollup(where=f'WHERE {NAMED}')})", {"ids": list(ids)})


def _redact(erasure: Erasure, ids: Sequence[str], traces: Traces) -> None:
    """Let events of others say nothing of the person; one whose very name does, or that of its group, goes.

    They are taken out and put in anew, for the store would take texts for times where it changes them itself.
    """
    asked = {"ids": [str(uuid.UUID(one)) for one in ids], "zone": settings.TIME_ZONE}
    aside = Aside([], [], [])
    for row in map(_decode, store.fetch(ROWS, asked, fmt="JSONEachRow").splitlines()):
        day = row.pop("day")
        quiet = _quiet(traces, row)
        if quiet != row:
            aside.ids.append(row["id"])
            aside.days.append(day)
            aside.rows += [] if quiet is None else [quiet]
    if aside.ids:
        aside.days = sorted(set(aside.days))
        erasure.set_aside(pack(_encoder.encode(aside)))
        _replace(erasure)


def _replace(erasure: Erasure) -> None:
    """Put in place what was set aside, and make the days anew on which it was."""
    aside = _aside(unpack(bytes(erasure.aside)))
    changing.delete("events", NAMED, {"ids": aside.ids})
    if aside.rows:
        store.insert("events", _encoder.encode_lines(aside.rows))
    for name in schema.DAILIES:
        changing.delete(name, "day IN {days:Array(Date32)}", {"days": aside.days})
    dailies.mend(aside.days)
    erasure.set_aside(b"")


def _quiet(traces: Traces, row: dict[str, Any]) -> dict[str, Any] | None:
    """Return a row of somebody else that says nothing of the person, None when it can't be without them."""
    group = row["properties"].get("groupId") if row["kind"] == GROUP else None
    if traces.redacted([row["event"], group]) != [row["event"], group]:
        return None
    return row | {column: _without_names(traces, traces.redacted(row[column])) for column in JSON}


def _without_names(traces: Traces, tree: Any) -> Any:
    """Return JSON of the store's in which no name of a property names the person: the store splits names at their dots."""
    if isinstance(tree, list):
        return [_without_names(traces, one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    leaves = [(names, _without_names(traces, value)) for names, value in _leaves(tree)]
    quiet = {".".join(_redacted(traces, names)): value for names, value in leaves}
    return tree if quiet == {".".join(names): value for names, value in _leaves(tree)} else quiet


def _leaves(tree: dict[str, Any]) -> Iterator[tuple[list[str], Any]]:
    """Yield (names, value) of all that is no object itself."""
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            yield from (([name, *names], inner) for names, inner in _leaves(value))
        else:
            yield [name], value


def _redacted(traces: Traces, names: list[str]) -> list[str]:
    for start in range(len(names)):
        for end in range(len(names), start, -1):
            whole = ".".join(names[start:end])
            if (quiet := traces.redacted(whole)) != whole:
                return [*names[:start], quiet, *_redacted(traces, names[end:])]
    return names


def _chunks(ids: Collection[str]) -> Iterator[Sequence[str]]:
    listed = sorted(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))

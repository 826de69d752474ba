"""What can be asked for: events, their properties, the values of these; for whoever builds a question.

Nobody waits for all events to be looked through while they type: a time before the newest event is taken that holds no more than
`LOOKED_THROUGH`, which the index alone can tell, and after `PATIENCE` the store gives up.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from proofline.timeline import absorbing, columns, store
from proofline.timeline.query.compiling import Draft, compiled
from proofline.timeline.query.conditions import PLACES, Conditions
from proofline.timeline.query.question import ALWAYS, Question, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.timeline.query.audience import Audience

LOOKED_THROUGH = 1_000_000
"""So many events are looked through at most, as long as the shortest time has no more."""
WHOLE = 100_000
"""So many of whatever name, of which all that they say has to be read."""
TIMES = (*(timedelta(days=days) for days in (365, 30, 7, 1)), timedelta(hours=1), timedelta(minutes=1))
"""Times before the newest event; the longest that fits is taken."""
PATHS, RECENT = 10_000, 50_000
"""So many of the newest events are read for their properties, and for the values of one."""
PATIENCE = "SETTINGS max_execution_time = 3"
"""Seconds, after which asking is an error instead of waiting."""
NUMBERS = frozenset({"Int64", "UInt64", "Float64"})


@dataclass(frozen=True)
class Property:
    """A property of events: `of` "property" or "context", and its types: "text", "number", "boolean", "list"."""

    of: str
    name: str
    types: tuple[str, ...]


def names(*, limit: int = 500, audience: Audience | None = None) -> list[tuple[str, int]]:
    """Return the events' names and how often each happened lately, the most frequent first; then those of before, with 0.

    Raises:
        StoreError: as all that asks the store; also when it takes too long.
    """
    draft = _draft(None, audience)
    is_cut = _cut(draft, None, most=LOOKED_THROUGH)
    draft.binder.name("limit", limit)
    rows = _asked(
        draft,
        f"SELECT event, count() AS times FROM {draft.source()} WHERE {draft.where()} AND event != '' "
        "GROUP BY event ORDER BY times DESC, event LIMIT {limit:UInt32}",
    )
    found = [(str(name), int(times)) for name, times in rows]
    older = _older(draft, [name for name, _times in found], audience) if is_cut else []
    return [*found, *older][:limit]


def _older(draft: Draft, seen: Sequence[str], audience: Audience | None) -> list[tuple[str, int]]:
    """Return the other names that there are; who does not see all is told those of their accounts.

    The index leads past the events that were seen, and to the daily rows of the accounts.
    """
    theirs = "event NOT IN {seen:Array(String)} AND event != ''"
    table = "events"
    if audience is not None:
        table, theirs = "daily_accounts", f"account IN {{accounts:Array(UInt64)}} AND {theirs}"
        draft.binder.name("accounts", absorbing.histories_of("account", audience.accounts))
    draft.binder.name("seen", list(seen))
    sql = f"SELECT DISTINCT event FROM {table} WHERE {theirs} ORDER BY event LIMIT {{limit:UInt32}}"
    return [(str(name), 0) for (name,) in _asked(draft, sql)]


def properties(event: str | None = None, *, audience: Audience | None = None) -> list[Property]:
    """Return the properties that recent events of a name (None: of any) have, in the order of their names."""
    draft = _newest(event, audience, number=PATHS)
    recent = _recent(draft, "properties, context")
    paths = "distinctJSONPathsAndTypes(properties), distinctJSONPathsAndTypes(context)"
    [(own, visit)] = _asked(draft, f"SELECT {paths} FROM ({recent})")
    found = [("property", own), ("context", visit)]
    return [Property(of, name, _types(kinds)) for of, paths in found for name, kinds in sorted(paths.items())]


def values(
    event: str | None,
    name: str,
    *,
    of: str = "property",
    starts_with: str = "",
    limit: int = 20,
    audience: Audience | None = None,
) -> list[tuple[str, int]]:
    """Return the most frequent values of a property of recent events, as text, that begin with a text in whatever case.

    Raises:
        QuestionError: the property can't be asked for.
    """
    draft = _newest(event, audience, number=RECENT)
    draft.binder.name("limit", limit)
    draft.binder.name("begins", starts_with)
    bound = Conditions(draft.binder, draft.identity).name(name, at="")
    text = columns.text(bound, place=PLACES[of])
    rows = _asked(
        draft,
        f"SELECT value, count() AS times FROM ({_recent(draft, f'{text} AS value')}) "
        "WHERE value != '' AND startsWith(lowerUTF8(value), lowerUTF8({begins:String})) "
        "GROUP BY value ORDER BY times DESC, value LIMIT {limit:UInt32}",
    )
    return [(str(value), int(times)) for value, times in rows]


def _draft(event: str | None, audience: Audience | None) -> Draft:
    return compiled(Question("usage", (Step(event),), from_=ALWAYS), audience=audience)


def _newest(event: str | None, audience: Audience | None, *, number: int) -> Draft:
    """Return what asks for the newest events of a name."""
    draft = _draft(event, audience)
    draft.binder.name("recent", number)
    _cut(draft, event, most=WHOLE if event is None else LOOKED_THROUGH)
    return draft


def _cut(draft: Draft, event: str | None, *, most: int) -> bool:
    """Let the question begin where no more than so many events have to be looked through; tell whether that leaves some out."""
    of = "" if event is None else f"WHERE event = {draft.binder.bind(event, 'String')}"
    newest = f"at FROM events {of} ORDER BY at DESC LIMIT 1" if of else "max(at) FROM events"
    if _count(draft, of) <= most:
        return False
    [(at,)] = _asked(draft, f"SELECT {newest}")
    for time in TIMES:
        start = at - time
        since = f"at >= {draft.binder.bind(start, 'DateTime64(3)')}"
        if _count(draft, f"{of} AND {since}" if of else f"WHERE {since}") <= most:
            break
    draft.binder.name("from", start)
    return True


def _count(draft: Draft, where: str) -> int:
    """Count events by what the table is sorted by, so that few rows are read."""
    [(number,)] = _asked(draft, f"SELECT count() FROM events {where}")
    return int(number)


def _asked(draft: Draft, sql: str) -> list[tuple[Any, ...]]:
    return store.query(f"{sql} {PATIENCE}", draft.binder.used(sql))


def _recent(draft: Draft, what: str) -> str:
    return f"SELECT {what} FROM {draft.source()} WHERE {draft.where()} ORDER BY at DESC LIMIT {{recent:UInt32}}"


def _types(kinds: Iterable[str]) -> tuple[str, ...]:
    found = {
        "number" if kind in NUMBERS else "boolean" if kind == "Bool" else "list" if kind.startswith("Array") else "text"
        for kind in kinds
    }
    return tuple(sorted(found))

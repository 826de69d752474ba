"""What can be asked for: events, their properties, the values of these; for whoever builds a question."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from proofline.timeline import columns
from proofline.timeline.query.compiling import Draft, compiled
from proofline.timeline.query.conditions import PLACES, Conditions
from proofline.timeline.query.question import ALWAYS, Question, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.timeline.query.audience import Audience

RECENT = 50_000
"""So many of the newest events are looked through for properties and values."""
NUMBERS = frozenset({"Int64", "UInt64", "Float64"})


@dataclass(frozen=True)
class Property:
    """A property of events: `of` "property" or "context", and its types: "text", "number", "boolean", "list"."""

    of: str
    name: str
    types: tuple[str, ...]


def names(*, limit: int = 500, audience: Audience | None = None) -> list[tuple[str, int]]:
    """Return the events' names and how often each happened, the most frequent first."""
    draft = _draft(None, audience)
    draft.binder.name("limit", limit)
    rows = draft.run(
        f"SELECT event, count() AS times FROM {draft.source()} WHERE {draft.where()} AND event != '' "
        "GROUP BY event ORDER BY times DESC, event LIMIT {limit:UInt32}"
    )
    return [(str(name), int(times)) for name, times in rows]


def properties(event: str | None = None, *, audience: Audience | None = None) -> list[Property]:
    """Return the properties that recent events of a name (None: of any) have, in the order of their names."""
    draft = _draft(event, audience)
    draft.binder.name("recent", RECENT)
    [(own, visit)] = draft.run(
        f"SELECT distinctJSONPathsAndTypes(properties), distinctJSONPathsAndTypes(context) FROM ({_recent(draft, 'properties, context')})"
    )
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
    draft = _draft(event, audience)
    draft.binder.name("recent", RECENT)
    draft.binder.name("limit", limit)
    draft.binder.name("begins", starts_with)
    bound = Conditions(draft.binder, draft.identity).name(name, at="")
    text = columns.text(bound, place=PLACES[of])
    rows = draft.run(
        f"SELECT value, count() AS times FROM ({_recent(draft, f'{text} AS value')}) "
        "WHERE value != '' AND startsWith(lowerUTF8(value), lowerUTF8({begins:String})) "
        "GROUP BY value ORDER BY times DESC, value LIMIT {limit:UInt32}"
    )
    return [(str(value), int(times)) for value, times in rows]


def _draft(event: str | None, audience: Audience | None) -> Draft:
    return compiled(Question("usage", (Step(event),), from_=ALWAYS), audience=audience)


def _recent(draft: Draft, what: str) -> str:
    return f"SELECT {what} FROM {draft.source()} WHERE {draft.where()} ORDER BY at DESC LIMIT {{recent:UInt32}}"


def _types(kinds: Iterable[str]) -> tuple[str, ...]:
    found = {
        "number" if kind in NUMBERS else "boolean" if kind == "Bool" else "list" if kind.startswith("Array") else "text"
        for kind in kinds
    }
    return tuple(sorted(found))

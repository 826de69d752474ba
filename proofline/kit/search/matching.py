"""What is looked for, as each store's index is asked: FTS5 on SQLite, tsquery on PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SQLITE = """SELECT * FROM (SELECT {columns}, {tier} AS tier FROM kit_searchwords f CROSS JOIN kit_searchentry e ON e.id = f.rowid
WHERE f.kit_searchwords MATCH %s ORDER BY f.rowid DESC LIMIT {limit})"""
POSTGRES = """SELECT {columns}, {tier} AS tier FROM kit_search(%s::tsquery, {limit}) e"""


class Row(NamedTuple):
    """An entry that was found, and in which step."""

    id: int
    kind: str
    record: int
    title: str
    note: str
    text: str
    place: int
    variant: str
    tier: int


@dataclass(frozen=True)
class Token:
    """A token of the index, whole or as the beginning of one."""

    text: str
    begins: bool = False


OneOf = tuple[Token, ...]
"""Tokens of which one has to be there."""


@dataclass(frozen=True)
class Part:
    """One question to the index: of each group one token has to be there. The rows come with `tier`, at most `limit`."""

    groups: tuple[OneOf, ...]
    tier: int
    limit: int


def ask(parts: Sequence[Part]) -> list[Row]:
    """Return the rows of all parts, in one statement."""
    if not parts:
        return []
    template = SQLITE if connection.vendor == "sqlite" else POSTGRES
    columns = ", ".join(f"e.{name}" for name in Row._fields[:-1])
    statement = "\nUNION ALL\n".join(
        template.format(columns=columns, tier=part.tier, limit=part.limit) for part in parts
    )
    written = [_written(part.groups) for part in parts]
    with connection.cursor() as cursor:
        cursor.execute(statement, written)
        return [Row(*row) for row in cursor.fetchall()]


def occurring(words: Sequence[str], codes: Sequence[str]) -> set[str]:
    """Return those of the words that an entry of a kind with one of these codes has."""
    sqlite = connection.vendor == "sqlite"
    found = "kit_searchwords WHERE kit_searchwords MATCH %s LIMIT 1" if sqlite else "kit_search(%s::tsquery, 1)"
    one = f"SELECT * FROM (SELECT %s AS word FROM {found}) AS found"  # noqa: S608 - names of ours
    asked = [value for word in words for value in (word, _written([tuple(Token(code + word) for code in codes)]))]
    if not words:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(words)), asked)
        return {row[0] for row in cursor.fetchall()}


def _written(groups: Iterable[OneOf]) -> str:
    return (fts if connection.vendor == "sqlite" else tsquery)(groups)


def fts(groups: Iterable[OneOf]) -> str:
    """Write the groups as a full-text query of FTS5."""
    return " AND ".join(
        "(" + " OR ".join(f'"{token.text}"' + (" *" if token.begins else "") for token in group) + ")"
        for group in groups
    )


def tsquery(groups: Iterable[OneOf]) -> str:
    """Write the groups as a tsquery."""
    return " & ".join(
        "(" + " | ".join(f"'{token.text}'" + (":*" if token.begins else "") for token in group) + ")"
        for group in groups
    )

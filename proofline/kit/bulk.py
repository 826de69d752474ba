"""Many records changed at once, by the shortest way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import DateField, DecimalField, JSONField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field, Model


PLAIN = frozenset({str, int, bool, type(None)})
NOT_PLAIN = (JSONField, DecimalField, DateField)


def update_many(changed: Iterable[tuple[Model, Sequence[str]]]) -> None:
    """Write these attributes of these records; names that are no columns are left out. One statement for each set of columns."""
    groups = defaultdict[tuple[Any, ...], list[Any]](list)
    for record, names in changed:
        if columns := _columns(record, set(names)):
            groups[(type(record), *columns)].append(record)
    with connection.cursor() as cursor:
        for (model, *columns), records in groups.items():
            quote, key = connection.ops.quote_name, str(model._meta.pk.column)  # noqa: SLF001 - Django's documented model API
            table, sets = quote(model._meta.db_table), ", ".join(f"{quote(str(item.column))} = %s" for item in columns)  # noqa: SLF001
            sql = f"UPDATE {table} SET {sets} WHERE {quote(key)} = %s"  # noqa: S608 - names of our own models
            cursor.executemany(sql, [[*_values(record, columns), record.pk] for record in records])


def _columns(record: Model, names: set[str]) -> list[Field[Any, Any]]:
    """Return the columns of those names, and with them those that say when the record changed."""
    every: list[Any] = list(record._meta.concrete_fields)  # noqa: SLF001
    own = [item for item in every if names & {item.name, item.attname}]
    return [item for item in every if item in own or getattr(item, "auto_now", False)] if own else []


def _values(record: Model, columns: list[Any]) -> list[Any]:
    return [item.get_db_prep_save(item.pre_save(record, add=False), connection) for item in columns]


def insert_many(records: Sequence[Any]) -> None:
    """Insert new records of one model, which get their keys.

    SQLite's share of `bulk_create` goes into building one long statement; where a transaction is the only writer, as there, keys
    can be given out here and the rows go in by a prepared statement.
    """
    if not records or connection.vendor != "sqlite":
        if records:
            type(records[0])._base_manager.bulk_create(records)  # noqa: SLF001 - Django's documented model API
        return
    meta = type(records[0])._meta  # noqa: SLF001 - as above
    columns = list(meta.concrete_fields)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        first = _next_key(cursor, meta.db_table)
        for number, record in enumerate(records, first):
            if record.pk is None:
                record.pk = number
        names = ", ".join(quote(item.column) for item in columns)
        sql = f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608 - as above
        cursor.executemany(sql, [_inserted(record, columns) for record in records])
    for record in records:
        record._state.adding, record._state.db = False, connection.alias  # noqa: SLF001 - as Django's own way does


def _next_key(cursor: Any, table: str) -> int:
    """Return the key that SQLite would give next; this transaction writes, so nobody else takes it."""
    cursor.execute("UPDATE sqlite_sequence SET seq = seq WHERE name = %s", [table])
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    found = cursor.fetchone()
    return int(found[0]) + 1 if found else 1


def _inserted(record: Any, columns: list[Any]) -> list[Any]:
    return [_as_kept(item, item.pre_save(record, add=True)) for item in columns]


def _as_kept(item: Any, value: Any) -> Any:
    """Return a value as SQLite keeps it; texts, whole numbers and nothing are kept as they are, but in JSON."""
    plain = type(value) in PLAIN and not isinstance(item, NOT_PLAIN)
    return value if plain else item.get_db_prep_save(value, connection)

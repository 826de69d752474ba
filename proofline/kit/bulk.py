"""Many records changed at once, by the shortest way."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

import msgspec
from django.db import connection, transaction
from django.db.models import DateField, DecimalField, JSONField

from proofline.kit.batching import batched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import Field, Model


VALUES_AT_ONCE = 999
"""What SQLite of any make takes with a statement."""
PLAIN = frozenset({str, int, bool, type(None)})
"""Values that both stores take as they are, but in these columns:"""
EMPTY = "{}"
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
    """Insert new records of one model, which get their keys."""
    if not records:
        return
    meta = type(records[0])._meta  # noqa: SLF001 - Django's documented model API
    new = [record for record in records if record.pk is None]
    for record, key in zip(new, next_keys(type(records[0]), len(new)), strict=True):
        record.pk = key
    columns = list(meta.concrete_fields)
    for item in columns:
        if getattr(item, "auto_now", False) or getattr(item, "auto_now_add", False):
            for record in records:
                item.pre_save(record, add=True)
    names = [item.attname for item in columns]
    insert_rows(type(records[0]), names, map(attrgetter(*names), records))
    for record in records:
        record._state.adding, record._state.db = False, connection.alias  # noqa: SLF001 - as Django's own way does


def insert(record: Any) -> None:
    """Insert one new record, which gets its key; of what `save` does besides, nothing."""
    fields, statement, tells_key = _insertion(cast("Any", type(record)))
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [item.get_db_prep_save(item.pre_save(record, add=True), connection) for item in fields]
        )
        record.pk = cursor.fetchone()[0] if tells_key else cursor.lastrowid
    record._state.adding, record._state.db = False, connection.alias  # noqa: SLF001 - as Django's own way does


@cache
def _insertion(model: type[Model]) -> tuple[list[Any], str, bool]:
    """Return the columns that are told, the statement, and whether it tells the key; where not, the cursor knows it."""
    meta, tells_key = model._meta, connection.vendor != "sqlite"  # noqa: SLF001 - as above
    fields: list[Any] = [item for item in meta.concrete_fields if not item.primary_key]
    statement = _statement(model, fields, f"VALUES ({', '.join(['%s'] * len(fields))})", unique=())
    return fields, statement + (f" RETURNING {_quoted(meta.pk)}" if tells_key else ""), tells_key


def next_keys(model: type[Model], count: int) -> Iterable[int]:
    """Return keys for so many new rows, in a transaction that goes on to insert them."""
    meta = model._meta  # noqa: SLF001 - as above
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # where a transaction is the only writer: nobody else takes them
            cursor.execute("UPDATE sqlite_sequence SET seq = seq WHERE name = %s", [meta.db_table])
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [meta.db_table])
            found = cursor.fetchone()
            first = int(found[0]) + 1 if found else 1
            return range(first, first + count)
        sequence = [connection.ops.quote_name(meta.db_table), str(meta.pk.column)]
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [*sequence, count])
        return [int(key) for (key,) in cursor.fetchall()]


def insert_rows(
    model: type[Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    unique: Sequence[str] = (),
    together: bool = False,
) -> None:
    """Insert rows, each with the values of these attributes; it takes the place of a row that has the same in what is `unique`.

    SQLite runs one prepared statement, PostgreSQL takes all rows as one JSON text: building a long statement anew each time, as
    `bulk_create` does, takes longer than the store's own work. `together` is for a table with a full-text index: SQLite's writes out
    what it has gathered with each statement, so many rows go into one.
    """
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    own = {item.attname: item for item in model._meta.concrete_fields}  # noqa: SLF001 - as above
    fields = [own[name] for name in names]
    with transaction.atomic(savepoint=False):  # all of them or none, and one sync to the disk
        if connection.vendor == "sqlite":
            kept = zip(*(_as_kept(item, column) for item, column in zip(fields, columns, strict=True)), strict=True)
            at_once = VALUES_AT_ONCE // len(fields) if together else 1
            _insert_values(model, fields, kept, unique=unique, at_once=at_once)
        else:
            _insert_json(model, fields, zip(*columns, strict=True), unique=unique)


def _insert_values(
    model: type[Model], fields: list[Any], rows: Iterable[Sequence[Any]], *, unique: Sequence[str], at_once: int
) -> None:
    one = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        if at_once == 1:
            cursor.executemany(_statement(model, fields, f"VALUES {one}", unique=unique), list(rows))
            return
        for some in batched(rows, at_once):
            statement = _statement(model, fields, f"VALUES {', '.join([one] * len(some))}", unique=unique)
            cursor.execute(statement, list(chain.from_iterable(some)))


def _insert_json(
    model: type[Model], fields: list[Any], rows: Iterable[Sequence[Any]], *, unique: Sequence[str]
) -> None:
    names = [str(item.column) for item in fields]
    text = msgspec.json.encode([dict(zip(names, row, strict=True)) for row in rows], enc_hook=_plain).decode()
    types = ", ".join(f"{_quoted(item)} {item.cast_db_type(connection)}" for item in fields)
    given = f"SELECT * FROM json_to_recordset(%s) AS given ({types})"  # noqa: S608 - names of our own models
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, fields, given, unique=unique), [text])


def _statement(model: type[Model], fields: list[Any], values: str, *, unique: Sequence[str]) -> str:
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - as above
    into = f"INSERT INTO {table} ({', '.join(map(_quoted, fields))}) {values}"
    if not unique:
        return into
    by = ", ".join(_quoted(item) for item in fields if item.attname in unique)
    sets = ", ".join(f"{_quoted(item)} = excluded.{_quoted(item)}" for item in fields if item.attname not in unique)
    return f"{into} ON CONFLICT ({by}) DO UPDATE SET {sets}"


def _quoted(item: Any) -> str:
    return connection.ops.quote_name(str(item.column))


def _as_kept(item: Any, values: Sequence[Any]) -> Sequence[Any]:
    """Return the values of a column as SQLite keeps them."""
    if not isinstance(item, NOT_PLAIN) and PLAIN.issuperset(map(type, values)):
        return values
    if isinstance(item, DateField):  # most often the same moment for all
        known = {value: item.get_db_prep_save(value, connection) for value in set(values)}
        return [known[value] for value in values]
    if isinstance(item, JSONField):
        return [EMPTY if value == {} else item.get_db_prep_save(value, connection) for value in values]
    return [item.get_db_prep_save(value, connection) for value in values]


def _plain(value: Any) -> str:
    """Return as text what JSON knows no way for; a text that is marked as safe HTML is a text."""
    return str.__str__(value) if isinstance(value, str) else str(value)

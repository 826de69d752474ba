"""Indexes on custom fields: made in the background when a field is made, dropped when it is retired.

Each is on the very expression by which lists filter, with the order in which lists show after it, so that the first page of "region
is north" is read off the index. Several choices have one that knows what each list holds: on PostgreSQL one for all options, on
SQLite, which has none of that kind, one for each of the first options, of the records that have it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F

from proofline.kit.lists.holding import PLAIN, held
from proofline.records import kinds
from proofline.records.custom.expressions import At

if TYPE_CHECKING:
    from proofline.records.models import CustomField

INDEXED = frozenset({"text", "number", "money", "date", "choice", "person", "relation"})
"""What is computed is kept nowhere: a formula may ask for today, and a roll-up counts what its reader may see, so each has another."""
MOST_OPTIONS = 20
"""So many options have an index on SQLite: each is looked at whenever a record is written."""


def name_of(field: CustomField) -> str:
    """Return the index's name."""
    return f"custom_field_{field.pk}"


def names_of(field: CustomField) -> list[str]:
    """Return the names of all indexes that the field may have."""
    return [name_of(field), *(f"{name_of(field)}_{number}" for number in range(MOST_OPTIONS))]


def make(field: CustomField) -> bool:
    """Give the record store the field's index, unless it is there; tell whether the field's type has one.

    On PostgreSQL people go on to write meanwhile, where no transaction is open; on SQLite writers wait for the seconds it takes.
    """
    kind = kinds.named(field.kind)
    if kind is not None and field.type == "choices":
        _make_for_lists(field, kind.model._meta.db_table)  # noqa: SLF001 - Django's documented model API
        return True
    if field.type not in INDEXED or kind is None:
        return False
    value = At(field.key, field.type)
    value.output_field = models.CharField()  # else Django casts numbers once more, and the index answers no question
    index = models.Index(value, F("changed_at").desc(), F("id").desc(), name=name_of(field))
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    alone = connection.vendor == "postgresql" and not connection.in_atomic_block
    more: dict[str, Any] = {"concurrently": True} if alone else {}
    statement = str(index.create_sql(kind.model, editor, **more))
    begin = "CREATE INDEX CONCURRENTLY" if alone else "CREATE INDEX"
    with connection.cursor() as cursor:
        if alone:  # one that was cut off is there, but of no use
            cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(index.name)}")
        cursor.execute(statement.replace(begin, f"{begin} IF NOT EXISTS", 1))
    return True


def drop(field: CustomField) -> None:
    """Take the field's indexes away, as far as they are there."""
    with connection.cursor() as cursor:
        for name in names_of(field):
            cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(name)}")


def _make_for_lists(field: CustomField, table: str) -> None:
    """Make the indexes of several choices anew: their options may be others now."""
    drop(field)
    if connection.vendor == "postgresql":
        alone = "" if connection.in_atomic_block else "CONCURRENTLY "
        statements = [
            f'CREATE INDEX {alone}"{name_of(field)}" ON "{table}" USING gin (((custom ->> \'{field.key}\')::jsonb) jsonb_path_ops)'
        ]
    else:
        plain = [one["key"] for one in field.options if PLAIN.fullmatch(one["key"])][:MOST_OPTIONS]
        listed = f"JSON_EXTRACT(\"custom\", '$.{field.key}')"
        statements = [
            f'CREATE INDEX "{name_of(field)}_{number}" ON "{table}" ("changed_at" DESC, "id" DESC) WHERE '
            + held(listed, f"'\"{key}\"'")
            for number, key in enumerate(plain)
        ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

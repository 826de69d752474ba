"""Indexes on custom fields: made in the background when a field is made, dropped when it is retired.

Each is on the very expression by which lists filter, with the order in which lists show after it, so that the first page of "region
is north" is read off the index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import F

from proofline.records import kinds
from proofline.records.custom.expressions import At

if TYPE_CHECKING:
    from proofline.records.models import CustomField

INDEXED = frozenset({"text", "number", "money", "date", "choice", "person", "relation"})
"""Several choices are found by what the list contains, which no index of this kind answers; what is computed is kept nowhere."""


def name_of(field: CustomField) -> str:
    """Return the index's name."""
    return f"custom_field_{field.pk}"


def make(field: CustomField) -> bool:
    """Give the record store the field's index, unless it is there; tell whether the field's type has one.

    On PostgreSQL people go on to write meanwhile, where no transaction is open; on SQLite writers wait for the seconds it takes.
    """
    kind = kinds.named(field.kind)
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
    """Take the field's index away, if it is there."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(name_of(field))}")

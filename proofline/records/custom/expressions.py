"""What the record store is asked for a custom field: an expression on one key of the JSON column, the same that its index has.

Nothing in it is a parameter, for a store uses an index on an expression only where the question has the very same text; a key is
letters, digits and underscores by its constraint, so it can stand in SQL as it is.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Func

from proofline.kit.lists.holding import ListText

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
DECIMALS: dict[str, Any] = {"max_digits": 30, "decimal_places": 6}


class IsoDay(models.DateField):  # type: ignore[type-arg]
    """A day that the store keeps as "2026-11-30": such texts compare as the days do, and no cast keeps them out of an index."""

    def get_internal_type(self) -> str:
        """Return what the store takes it for."""
        return "CharField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's own
        """Return the day as the store keeps it."""
        del connection, prepared
        return value.isoformat() if isinstance(value, date) else value

    def from_db_value(self, value: Any, *_rest: Any) -> Any:
        """Return the day; None for what is none."""
        try:
            return date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            return None


class At(Func):
    """The value at a key, as its type."""

    FIELDS: ClassVar[dict[str, Any]] = {
        "number": lambda: models.DecimalField(**DECIMALS),
        "money": lambda: models.DecimalField(**DECIMALS),
        "date": IsoDay,
        "choices": lambda: ListText(max_length=500),
        "person": models.BigIntegerField,
        "relation": models.BigIntegerField,
    }
    CASTS: ClassVar[dict[str, tuple[str, str]]] = {
        "number": ("NUMERIC", "numeric"),
        "money": ("NUMERIC", "numeric"),
        "person": ("INTEGER", "bigint"),
        "relation": ("INTEGER", "bigint"),
    }
    """Of each type that is no text: what SQLite and what PostgreSQL calls it."""

    def __init__(self, key: str, kind: str, *, column: Any = "custom") -> None:
        if not KEY.fullmatch(key):
            raise ValueError(key)
        self.key, self.kind = key, kind
        make = self.FIELDS.get(kind, lambda: models.CharField(max_length=500))
        super().__init__(F(column) if isinstance(column, str) else column, output_field=make())

    def _constructor_args(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.key, self.kind), {}

    @property
    def identity(self) -> Any:
        """What makes two of them the same question."""
        return (type(self), self.key, self.kind, *self.source_expressions)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **_more: Any) -> tuple[str, Any]:
        """Return the SQL of SQLite."""
        return self._sql(compiler, connection, "JSON_EXTRACT({}, '$.{}')", "CAST({} AS {})", 0)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **_more: Any) -> tuple[str, Any]:
        """Return the SQL of PostgreSQL."""
        return self._sql(compiler, connection, "({} ->> '{}')", "({})::{}", 1)

    def _sql(self, compiler: Any, connection: Any, at: str, cast: str, store: int) -> tuple[str, Any]:
        del connection
        column, parameters = compiler.compile(self.source_expressions[0])
        found = at.format(column, self.key)
        return cast.format(found, self.CASTS[self.kind][store]) if self.kind in self.CASTS else found, parameters

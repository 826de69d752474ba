"""Pieces of SQL that formulas are made of, each as either store writes it.

Numbers are floating on SQLite and exact on PostgreSQL, days are texts on SQLite and days on PostgreSQL; what is empty makes the
result empty, but for texts, where it counts as no text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func

from proofline.records.custom.expressions import DECIMALS, IsoDay

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

FIELDS: dict[str, Any] = {
    "number": lambda: models.DecimalField(**DECIMALS),
    "date": IsoDay,
    "text": lambda: models.CharField(max_length=500),
    "truth": models.BooleanField,
}


class Piece(Func):
    """SQL around other expressions: `{}` stands for each in turn. Two texts where the stores differ."""

    def __init__(self, sqlite: str, postgres: str, *parts: Any, kind: str) -> None:
        self.texts = {"sqlite": sqlite, "postgresql": postgres or sqlite}
        super().__init__(*parts, output_field=FIELDS[kind]())

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **_more: Any) -> tuple[str, Any]:
        """Return the SQL of SQLite, without the cast that would make whole numbers of some."""
        return self._sql(compiler, connection)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **_more: Any) -> tuple[str, Any]:
        """Return the SQL of PostgreSQL."""
        return self._sql(compiler, connection)

    def _sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        parts, parameters = [], list[Any]()
        for one in self.source_expressions:
            sql, more = compiler.compile(one)
            parts.append(sql)
            parameters += more
        return self.texts[connection.vendor].format(*parts), parameters

    @property
    def identity(self) -> Any:
        """What makes two of them the same question."""
        return (type(self), self.texts["sqlite"], *self.source_expressions)


def number(part: Any) -> Piece:
    """Return it as a number."""
    return Piece("CAST({} AS REAL)", "({})::numeric", part, kind="number")


def below(limit: int, part: Any) -> Piece:
    """Return the number where it is between the limit and its opposite, else nothing."""
    return number(Piece(f"CASE WHEN ABS({{}}) < {limit} THEN {{}} END", "", part, part, kind="number"))


def text(part: Any, kind: str) -> Piece:
    """Return a value of any kind as a text; nothing is no text."""
    if kind == "number":
        return Piece(
            "COALESCE(RTRIM(RTRIM(PRINTF('%%.6f', {}), '0'), '.'), '')",
            "COALESCE(TRIM_SCALE(ROUND({}, 6))::text, '')",
            part,
            kind="text",
        )
    return Piece("COALESCE({}, '')", "COALESCE(({})::text, '')", part, kind="text")


def day(part: Any) -> Piece:
    """Return it as a day."""
    return Piece("DATE({})", "({})::date", part, kind="date")


def days(first: Any, last: Any) -> Piece:
    """Return how many days lie from the first day to the last."""
    return Piece(
        "(-JULIANDAY({}) + JULIANDAY({}))",
        "(-(({}) - DATE '2000-01-01') + (({}) - DATE '2000-01-01'))::numeric",
        first,
        last,
        kind="number",
    )

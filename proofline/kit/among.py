"""Rows that have one of many values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.db import connection
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Iterable


def among(values: Iterable[int | str | None]) -> RawSQL | list[Any]:
    """Return what stands behind `__in` for very many whole numbers or texts: to the store they go as one value.

    Django prepares each value of a list several times over, and the store reads a statement as long as the list.
    """
    given: list[Any] = [value for value in values if value is not None]
    if not given:
        return given
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [msgspec.json.encode(given).decode()])
    kind = "text" if isinstance(given[0], str) else "bigint"
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [given])  # noqa: S611 - no text of others'

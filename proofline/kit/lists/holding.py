"""Several choices as the record store keeps them: the text of a list in JSON, asked for one that it holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Lookup

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

PLAIN = re.compile(r"[a-z0-9_]+")


class ListText(CharField):  # type: ignore[type-arg]
    """The text of a list of choices in JSON: `["north", "south"]`."""

    def get_internal_type(self) -> str:
        """Return what the store takes it for."""
        return "CharField"


@ListText.register_lookup
class Holds(Lookup[bool]):
    """That a choice is in the list. The key of an option stands in the SQL as it is, so that an index on the very same text answers it."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the SQL of SQLite."""
        listed, parameters = self.process_lhs(compiler, connection)
        text = f'"{self.rhs}"'
        return (held(listed, f"'{text}'"), parameters) if self.is_plain else (held(listed, "%s"), [*parameters, text])

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the SQL of PostgreSQL."""
        listed, parameters = self.process_lhs(compiler, connection)
        return f"({listed})::jsonb @> to_jsonb(%s::text)", [*parameters, str(self.rhs)]

    @property
    def is_plain(self) -> bool:
        """Whether it can stand in SQL as it is."""
        return PLAIN.fullmatch(str(self.rhs)) is not None


def held(listed: str, choice: str) -> str:
    """Return the SQL of SQLite for a list that holds a choice; both are SQL too."""
    return f"INSTR({listed}, {choice}) > 0"

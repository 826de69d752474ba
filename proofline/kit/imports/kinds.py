"""What can be imported: the fields of a kind of record, and how the kind keeps rows. Rooms offer their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proofline.kit.imports import values

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from proofline.kit.imports.keeping import Keeper
    from proofline.kit.imports.values import Parser


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field that a column can fill.

    `aliases` are the names under which other programs and people know it, the likeliest first; spaces, case and signs in them do
    not matter. `known` names the list of known values that it has to be one of (see `keeping.Keeper.known`).
    """

    name: str
    label: StrOrPromise
    aliases: tuple[str, ...] = ()
    read: Parser = values.line
    required: bool = False
    known: str = ""
    itself: bool = False
    """The field refers to a record of the same kind, which may come later in the file."""
    currency: str = ""
    """For amounts: the field that takes the currency whose sign stands in the cell, unless a column of its own gives it."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of record that can be imported.

    `any_of` are groups of fields of which each row needs at least one: what it is recognised by. `keeper` starts a run.
    `blanks` are words that mean "not answered" in this kind's files.
    """

    name: str
    label: StrOrPromise
    fields: tuple[Field, ...]
    keeper: Callable[[Any, datetime], Keeper[Any]]
    any_of: tuple[tuple[str, ...], ...] = ()
    blanks: frozenset[str] = frozenset()

    def field(self, name: str) -> Field | None:
        """Return the field of that name, None where there is none."""
        return next((field for field in self.fields if field.name == name), None)

"""What can be imported: the fields of a kind of record, and how the kind keeps rows. Rooms offer their kinds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.imports import values
from proofline.kit.imports.trouble import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django_stubs_ext import StrOrPromise

    from proofline.kit.imports.keeping import Keeper
    from proofline.kit.imports.mapping import ColumnMap
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
    instead: str = ""
    """The field that this one fills in rows where that one's own column is blank or names nothing known: an account's name beside its id."""
    ordered: Callable[[values.Order], Parser] | None = None
    """For days: the reader of a file that is known to write the day or the month first; those read by `values.day` have it."""

    @property
    def is_day(self) -> bool:
        """Whether its cells are days."""
        return self.ordered is not None or self.read is values.day

    def reading(self, order: values.Order) -> Parser:
        """Return what reads its cells in a file that writes days in an order."""
        if not order or not self.is_day:
            return self.read
        return self.ordered(order) if self.ordered else partial(values.day, order=order)


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

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys by which people may have records found, the surest first."""
        keeper: Any = self.keeper
        return (*keeper.keys, *keeper.choosable)

    @property
    def introduces(self) -> str:
        """The list of known names to which a run may add, such as "account"; "" for none."""
        keeper: Any = self.keeper
        return str(keeper.introduces)

    def key_label(self, key: str) -> str:
        """Return a key in words."""
        return " + ".join(str(field.label) for part in key.split("+") if (field := self.field(part)))

    def require_key(self, key: str, columns: ColumnMap) -> None:
        """Let pass a key that the kind has and for which the file has a column.

        Raises:
            UnreadableFileError: it has not.
        """
        if key and key not in self.keys:
            raise UnreadableFileError(
                _("Records can't be found by “%(key)s”; expected one of %(keys)s.")
                % {"key": key, "keys": ", ".join(self.keys)}
            )
        first = key.partition("+")[0]
        parts = {
            first,
            *(("first_name", "last_name") if first == "name" else ()),
            *(("number",) if first == "external_id" else ()),
        }
        if key and not parts & columns.places.keys():
            raise UnreadableFileError(
                _("No column is chosen for “%(key)s”, by which records are to be found.") % {"key": self.key_label(key)}
            )

    def field(self, name: str) -> Field | None:
        """Return the field of that name, None where there is none."""
        return next((field for field in self.fields if field.name == name), None)

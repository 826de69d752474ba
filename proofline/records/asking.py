"""What questions about the timeline can ask of accounts and contacts: their fields, found and named by the timeline's query language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import IntegerField, Q
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Account, Contact
from proofline.timeline.query import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet

LARGEST = 2**31
TEXT, NUMBER = "text", "number"
SIGNS = {"more": "gt", "less": "lt", "at_least": "gte", "at_most": "lte"}


@dataclass(frozen=True)
class Column:
    """A field of a model as questions see it: `path` is where the ORM finds it."""

    model: type[Model]
    path: str
    kind: str

    def find(self, op: str, values: tuple[Any, ...]) -> list[int]:
        """Return the ids of the records whose field is like this."""
        kept = self._kept(op, values)
        return [] if kept is None else list(self._records().filter(kept).values_list("pk", flat=True))

    def values(self) -> Mapping[int, str]:
        """Return the field's value by id, of the records that have one."""
        found = self._records().filter(self._is_set()).values_list("pk", self.path)
        return {
            pk: format(value.normalize(), "f") if hasattr(value, "normalize") else str(value) for pk, value in found
        }

    def _records(self) -> QuerySet[Any]:
        return self.model._default_manager.all()  # noqa: SLF001 - Django's own name for it

    def _is_set(self) -> Q:
        there = Q(**{f"{self.path}__isnull": False})
        return there if self.kind == NUMBER else there & ~Q(**{self.path: ""})

    def _kept(self, op: str, values: tuple[Any, ...]) -> Q | None:
        """Return the condition; None when no record can be like this."""
        if op == "set":
            return self._is_set()
        if self.kind == NUMBER:
            return self._counted(op, values)
        texts = [text for value in values if "\0" not in (text := str(value))]  # a NUL no column holds
        if op in {"is", "in"}:
            return Q(**{f"{self.path}__in": texts})
        return Q(**{f"{self.path}__{'icontains' if op == 'contains' else SIGNS[op]}": texts[0]}) if texts else None

    def _counted(self, op: str, values: tuple[Any, ...]) -> Q | None:
        numbers = [number for value in values if (number := _number(value)) is not None]
        if op in {"is", "in"}:
            whole = isinstance(self.model._meta.get_field(self.path), IntegerField)  # noqa: SLF001 - Django's own name for it
            return Q(**{f"{self.path}__in": [int(n) if whole else n for n in numbers if not whole or n.is_integer()]})
        return Q(**{f"{self.path}__{SIGNS[op]}": numbers[0]}) if op in SIGNS and numbers else None


def _number(value: Any) -> float | None:
    """Return a number that columns can be compared with; None for what is none, or larger than any of them holds."""
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < LARGEST and not isinstance(value, bool) else None


FIELDS: dict[str, tuple[tuple[str, Any, Column], ...]] = {
    "account": (
        ("name", _("Name"), Column(Account, "name", TEXT)),
        ("industry", _("Industry"), Column(Account, "sector", TEXT)),
        ("size", _("Employees"), Column(Account, "employees", NUMBER)),
        ("revenue", _("Yearly revenue, millions"), Column(Account, "revenue", NUMBER)),
        ("founded", _("Founded in"), Column(Account, "founded", NUMBER)),
        ("country", _("Location"), Column(Account, "location", TEXT)),
        ("language", _("Language"), Column(Account, "language", TEXT)),
        ("domain", _("Website domain"), Column(Account, "domain", TEXT)),
        ("owner", _("Owner"), Column(Account, "owner__name", TEXT)),
    ),
    "person": (
        ("name", _("Name"), Column(Contact, "name", TEXT)),
        ("email", _("E-mail"), Column(Contact, "email", TEXT)),
        ("title", _("Job title"), Column(Contact, "title", TEXT)),
        ("language", _("Language"), Column(Contact, "language", TEXT)),
        ("owner", _("Owner"), Column(Contact, "owner__name", TEXT)),
    ),
}
"""By the names that questions use."""


def register() -> None:
    """Tell the timeline's query language what it can ask for."""
    for of, columns in FIELDS.items():
        for name, label, column in columns:
            fields.register(of=of, name=name, label=label, find=column.find, values=column.values, kind=column.kind)

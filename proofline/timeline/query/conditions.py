"""Filters as SQL. Each condition is 0 or 1, never NULL, and holds values as bound parameters only.

Text and numbers compare as people expect: `is "12"` finds the text 12 and the number 12, `is "true"` also the boolean; `contains` does not
mind the case; more and less compare numbers, also those that came as text (money does), and texts when the value is none (dates as ISO
writes them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from proofline.timeline import columns
from proofline.timeline.query import fields
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.query.binding import Binder
    from proofline.timeline.query.identity import Identity
    from proofline.timeline.query.question import Filter, Value

POSITIVE = {"is_not": "is", "contains_not": "contains", "not_set": "set"}
SIGNS = {"more": ">", "less": "<", "at_least": ">=", "at_most": "<="}
NUMBER = re.compile(r"-?\d{1,300}(\.\d{1,300})?", re.ASCII)
INT64, UINT64 = range(-(2**63), 2**63), range(2**63, 2**64)
SUBCOLUMN = ".:`"
"""What the store takes for a type within a name; no property that has it can be asked for."""
PLACES = {"property": "properties", "context": "context"}


@dataclass(frozen=True)
class Conditions:
    """Makes conditions with the parameters and the identity of one query."""

    binder: Binder
    identity: Identity

    def all(self, filters: Sequence[Filter], *, at: str) -> list[str]:
        """Return the condition of each filter; `at` is where they stand in the question."""
        return [self.one(filter_, at=f"{at}where[{place}]") for place, filter_ in enumerate(filters)]

    def one(self, filter_: Filter, *, at: str) -> str:
        """Return the condition of a filter.

        Raises:
            QuestionError: it asks for what there is not.
        """
        if filter_.op in POSITIVE:
            return f"NOT {self.one(replace(filter_, op=POSITIVE[filter_.op]), at=at)}"
        if filter_.of in PLACES:
            return self._property(filter_, at=at)
        if filter_.of in fields.RECORDS:
            return self._field(filter_, at=at)
        return self._column(filter_, at=at)

    def name(self, name: str, *, at: str) -> str:
        """Return the bound name of a property."""
        if SUBCOLUMN in name or name.startswith("^"):
            raise QuestionError(f"{at}.name", "field", given=name)
        kind = columns.bound(name, parameter="p").rpartition(":")[2].rstrip("}")
        return self.binder.bind(name, kind)

    def _property(self, filter_: Filter, *, at: str) -> str:
        name, place = self.name(filter_.name, at=at), PLACES[filter_.of]
        if filter_.op == "set":
            return f"({columns.text(name, place=place)} != '')"
        if filter_.op == "contains":
            return self._contains(columns.text(name, place=place), filter_.values[0])
        if filter_.op in SIGNS:
            value = filter_.values[0]
            measured = number(value)
            if measured is not None:
                return f"ifNull({numeric(name, place=place)} {SIGNS[filter_.op]} {self.binder.bind(measured, 'Float64')}, 0)"
            return f"ifNull({columns.typed(name, 'String', place=place)} {SIGNS[filter_.op]} {self.binder.bind(written(value), 'String')}, 0)"
        parts = [
            f"ifNull({columns.typed(name, kind, place=place)} {self._among(values, kind)}, 0)"
            for kind, values in by_type(filter_.values).items()
            if values
        ]
        numbers = [float(value) for value in filter_.values if not isinstance(value, str | bool)]
        if numbers:
            parts.append(f"ifNull({text_as_number(name, place=place)} {self._among(numbers, 'Float64')}, 0)")
        return f"({' OR '.join(parts)})" if parts else "0"

    def _column(self, filter_: Filter, *, at: str) -> str:
        column = f"{self.identity.table}.{filter_.of}"
        if filter_.op in SIGNS:
            raise QuestionError(f"{at}.op", "compared", given=filter_.op)
        if filter_.op == "set":
            return f"({column} != '')"
        if filter_.op == "contains":
            return self._contains(column, filter_.values[0])
        return (
            f"({column} {self._among([written(value) for value in filter_.values], 'String')})"
            if filter_.values
            else "0"
        )

    def _field(self, filter_: Filter, *, at: str) -> str:
        person = filter_.of == "person"
        if filter_.name == "id":
            found = fields.ids(filter_, at=at)
            if found is None:
                return f"({self.identity.person if person else self.identity.account} > 0)"
        else:
            found = sorted(fields.field(filter_.of, filter_.name, at=at).find(filter_.op, filter_.values))
        ids = self.binder.bind(found, "Array(UInt64)")
        if not person:
            return self.identity.belongs(ids)
        return f"({self.identity.person if filter_.name == 'id' else self.identity.contact} IN {ids})"

    def _contains(self, column: str, value: Value) -> str:
        return f"(positionCaseInsensitiveUTF8({column}, {self.binder.bind(written(value), 'String')}) > 0)"

    def _among(self, values: Sequence[Value], kind: str) -> str:
        if len(values) == 1:
            return f"= {self.binder.bind(values[0], kind)}"
        return f"IN {self.binder.bind(list(values), f'Array({kind})')}"


def by_type(values: Sequence[Value]) -> dict[str, list[Value]]:
    """Return the values as the types in which a property may hold them."""
    found: dict[str, list[Value]] = {"String": [], "Int64": [], "UInt64": [], "Float64": [], "Bool": []}
    for value in values:
        found["String"].append(written(value))
        if written(value).lower() in {"true", "false"}:
            found["Bool"].append(written(value).lower() == "true")
        measured = number(value)
        if measured is None:
            continue
        found["Float64"].append(measured)
        if measured == int(measured) and (whole := _whole(value)) in INT64:
            found["Int64"].append(whole)
        elif measured == int(measured) and whole in UINT64:
            found["UInt64"].append(whole)
    return {kind: list(dict.fromkeys(some)) for kind, some in found.items()}


def written(value: Value) -> str:
    """Return a value as a text property holds it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def number(value: Value) -> float | None:
    """Return the number that a value is or says; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and not NUMBER.fullmatch(value):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _whole(value: Value) -> int:
    """Return a value that is a whole number, exactly."""
    if isinstance(value, str):
        return int(value.partition(".")[0])
    return int(value)


def numeric(name: str, *, place: str = "properties") -> str:
    """Return the SQL of a property's number, also of one that came as text; NULL where there is none."""
    return f"coalesce({columns.number(name, place=place)}, {text_as_number(name, place=place)})"


def text_as_number(name: str, *, place: str = "properties") -> str:
    """Return the SQL of the finite number that a text property says; NULL where there is none."""
    found = f"toFloat64OrNull({columns.word(name, place=place)})"
    return f"if(isFinite({found}), {found}, NULL)"

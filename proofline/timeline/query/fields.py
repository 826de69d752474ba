"""Fields of people and accounts that questions can ask for. The rooms that keep them register them; the timeline knows their ids only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext_lazy as _

from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from proofline.timeline.query.question import Filter, Value

RECORDS = ("person", "account")
LARGEST_ID = 2**64 - 1


class Find(Protocol):
    """Finds the ids of contacts or accounts whose field is like this."""

    def __call__(self, op: str, values: tuple[Value, ...], /) -> Iterable[int]:
        """Return the ids for `op`: "is", "in", "contains", "more", "less", "at_least", "at_most", or "set" without a value."""


class Values(Protocol):
    """Knows the field's values."""

    def __call__(self) -> Mapping[int, str]:
        """Return the value as text by id; who has none is left out."""


@dataclass(frozen=True)
class Field:
    """A field of accounts ("account"), or of the contacts whom people are ("person"). `kind`: "text", "number" or "choice"."""

    of: str
    name: str
    label: Any
    kind: str
    find: Find
    values: Values


_fields: dict[tuple[str, str], Field] = {}
ID = {"person": _("Person"), "account": _("Account")}


def register(*, of: str, name: str, label: Any, find: Find, values: Values, kind: str = "text") -> None:
    """Add a field, when the application starts.

    Raises:
        ValueError: the place is not known or the name is "id", which every person and account has.
    """
    if of not in RECORDS or name == "id":
        raise ValueError(f"No field {name!r} of {of!r} can be registered")
    _fields[of, name] = Field(of, name, label, kind, find, values)


def registered(of: str) -> Collection[Field]:
    """Return the fields of "person" or "account", in the order in which they were registered."""
    return [field for field in _fields.values() if field.of == of]


def field(of: str, name: str, *, at: str) -> Field:
    """Return a field.

    Raises:
        QuestionError: there is none of that name.
    """
    found = _fields.get((of, name))
    if found is None:
        possible = ["id", *(one.name for one in registered(of))]
        raise QuestionError(f"{at}.name", "field", possible=possible, given=name)
    return found


def ids(filter_: Filter, *, at: str) -> list[int] | None:
    """Return the ids that a filter for "id" names; None for whoever has one.

    Raises:
        QuestionError: a value is no id, or the operator says nothing of ids.
    """
    if filter_.op == "set":
        return None
    if filter_.op not in {"is", "in"}:
        raise QuestionError(f"{at}.op", "choice", possible=["is", "is_not", "in", "set", "not_set"], given=filter_.op)
    found = []
    for value in filter_.values:
        text = str(value)
        if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or int(text) > LARGEST_ID:
            raise QuestionError(f"{at}.value", "whole", given=value)
        found.append(int(text))
    return sorted(set(found))

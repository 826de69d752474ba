"""Questions asked in nearly every request: Django puts their SQL together once in each thread; then they are asked with other values.

To build a statement takes Django longer than to ask it: five times for a row found by an index.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connections
from django.db.models import prefetch_related_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

    Value = str | int | Sequence[str] | Sequence[int]

T = TypeVar("T")
EMPTY = (object, 0)
LOWEST = -(2**62)
LONGEST = 40
"""Of longer lists there are too many lengths; and what they are asked for takes longer than to build the statement."""


class Prepared(Generic[T]):
    """A queryset as a function of values that columns are compared with: texts, whole numbers, and lists of those; none of them None.

    `make` is called with stand-ins for them, once for each length of the lists. What it returns may not depend on them otherwise, nor on
    anything else that changes. What it prefetches is asked as ever.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self.make = make
        self._here = threading.local()

    def __call__(self, *values: Value) -> list[T]:
        """Ask; an empty list finds nothing."""
        shape = tuple(map(_shape, values))
        if EMPTY in shape:
            return []
        if any(length > LONGEST for _type, length in shape):
            return list(self.make(*values))
        known: dict[Any, _Question] = self._here.__dict__
        question = known.get(shape)
        if question is None or not question.is_ours:
            question = known[shape] = _Question(self.make, values)
        return question.ask(_flat(values))

    def first(self, *values: Value) -> T | None:
        """Ask, and return the first of what is found; None where there is none."""
        return next(iter(self(*values)), None)


class _Question:
    """One statement on one connection, as Django has it ready when it runs it."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], values: Sequence[Value]) -> None:
        stand_ins = _stand_ins(values)
        self.queryset: Any = make(*stand_ins)
        self.prefetches: tuple[Any, ...] = self.queryset._prefetch_related_lookups  # type: ignore[attr-defined]  # noqa: SLF001 - as below
        self.compiler: Any = self.queryset.query.get_compiler(using=self.queryset.db)
        self.sql, params = self.compiler.as_sql()
        order = {value: number for number, value in enumerate(_flat(stand_ins))}
        self.params = list(params)
        self.places = [
            (place, order[param]) for place, param in enumerate(params) if _is_plain(param) and param in order
        ]
        if len({number for _place, number in self.places}) < len(order):
            raise ValueError(f"Not every value is one that a column is compared with: {self.sql}")
        self.queryset.query.get_compiler = lambda *_given, **_named: self.compiler  # type: ignore[method-assign]
        self.compiler.as_sql = lambda *_given, **_named: (self.sql, tuple(self.params))
        converters = self.compiler.get_converters([column for column, *_rest in self.compiler.select])
        self.compiler.get_converters = lambda _columns: converters

    @property
    def is_ours(self) -> bool:
        """Whether the thread still has the connection that it was built for."""
        return self.compiler.connection is connections[self.queryset.db]

    def ask(self, values: Sequence[Any]) -> list[Any]:
        for place, number in self.places:
            self.params[place] = values[number]
        found = list(self.queryset._iterable_class(self.queryset))  # noqa: SLF001 - how a queryset itself reads its rows
        if self.prefetches and found:
            prefetch_related_objects(found, *self.prefetches)
        return found


def _shape(value: Value) -> tuple[type, int]:
    """Return what the statement depends on: whether they are texts or numbers, and how many of a list."""
    if isinstance(value, str | int):
        return type(value), -1
    return (type(value[0]), len(value)) if value else EMPTY


def _stand_ins(values: Sequence[Value]) -> list[Any]:
    found, count = list[Any](), 0
    for value in values:
        some = [value] if isinstance(value, str | int) else value
        made = [
            f"\uf8ff{count + at}\uf8ff" if isinstance(one, str) else LOWEST + count + at for at, one in enumerate(some)
        ]
        found.append(made[0] if isinstance(value, str | int) else made)
        count += len(made)
    return found


def _flat(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in ([value] if _is_plain(value) else value)]


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int)

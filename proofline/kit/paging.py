"""Keyset paging: every page costs the same, and no page counts the table."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Q

from proofline.kit.remembering import Remembered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

COUNT_CAP = 10_000


@dataclass(frozen=True)
class Page:
    """One page of rows with the addresses of its neighbours ("" when there is none)."""

    rows: list[Any]
    newer: str
    older: str
    count: int
    """How many rows there are in all, at most `COUNT_CAP`."""

    @property
    def capped(self) -> bool:
        """Whether there are more rows than `count` says."""
        return self.count >= COUNT_CAP


@dataclass(frozen=True)
class _Key:
    """One field of the order."""

    name: str
    down: bool
    nullable: bool

    def ordering(self, *, backwards: bool) -> Any:
        down = self.down != backwards
        if not self.nullable:
            return f"-{self.name}" if down else self.name
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return F(self.name).desc(**nulls) if down else F(self.name).asc(**nulls)

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """What lies strictly after the value in this field (empty values come last)."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else Q(pk__in=[])
        found = Q(**{f"{self.name}__{'lt' if self.down != backwards else 'gt'}": value})
        return found | Q(**{f"{self.name}__isnull": True}) if self.nullable and not backwards else found

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


def paginate(queryset: QuerySet[Any], request: HttpRequest, order: Sequence[str] = ("-pk",), per: int = 50) -> Page:
    """Return the page that the address asks for (`?after=…` or `?before=…`).

    Args:
        queryset: what the user may see, filtered.
        request: whose address says where in the order to go on; a cursor that can't be read means the first page.
        order: field names, "-" for descending; the primary key is added so that the order is total.
        per: rows a page.
    """
    keys = _keys(queryset.model, order)
    backwards = "before" in request.GET
    cursor = _decode(request.GET.get("before") or request.GET.get("after"), keys=keys, model=queryset.model)
    rows_after = queryset.filter(_beyond(keys, cursor, backwards=backwards)) if cursor else queryset
    ordered = rows_after.order_by(*(key.ordering(backwards=backwards) for key in keys))
    found = list(ordered[: per + 1])
    more = len(found) > per
    rows = found[:per]
    if backwards:
        rows.reverse()
    has_newer = more if backwards else cursor is not None
    has_older = bool(cursor) if backwards else more
    return Page(
        rows=rows,
        newer=_address(request, "before", rows[0], keys) if rows and has_newer else "",
        older=_address(request, "after", rows[-1], keys) if rows and has_older else "",
        count=_count(_Counted(queryset, (queryset.model, *_whose(request)))),
    )


@dataclass(frozen=True)
class _Counted:
    """Rows to be counted, and what tells them from others: who looks at which list, on whatever page of it."""

    queryset: QuerySet[Any]
    key: tuple[Any, ...]


_count = Remembered[_Counted, int](
    lambda counted: counted.queryset.order_by()[:COUNT_CAP].count(), key=lambda counted: counted.key, seconds=15
)


def _whose(request: HttpRequest) -> tuple[Any, ...]:
    asked = sorted((name, *values) for name, values in request.GET.lists() if name not in {"after", "before", "sort"})
    return getattr(getattr(request, "user", None), "pk", None), request.path, *asked


def after(queryset: QuerySet[Any], order: Sequence[str], cursor: list[Any] | None) -> QuerySet[Any]:
    """Return the rows that follow a cursor, as `cursor_of` wrote it, in their order; all of them for None.

    Raises:
        ValueError, ValidationError: the cursor is of another order.
    """
    keys = _keys(queryset.model, order)
    if cursor is None:
        return ordered(queryset, order)
    if len(cursor) != len(keys):
        raise ValueError(cursor)
    values = [_parse(value, model=queryset.model, path=key.name) for key, value in zip(keys, cursor, strict=True)]
    return ordered(queryset.filter(_beyond(keys, values, backwards=False)), order)


def cursor_of(row: Any, order: Sequence[str]) -> list[Any]:
    """Return where a row stands in the order, as JSON keeps it."""
    keys = _keys(type(row), order)
    return [None if (value := _value(row, key.name)) is None else str(value) for key in keys]


def ordered(queryset: QuerySet[Any], order: Sequence[str]) -> QuerySet[Any]:
    """Return the rows in the order in which `paginate` pages through them."""
    return queryset.order_by(*(key.ordering(backwards=False) for key in _keys(queryset.model, order)))


def _keys(model: type[Model], order: Sequence[str]) -> list[_Key]:
    names = [name.lstrip("-") for name in order]
    complete = list(order) if {"pk", "id"} & set(names) else [*order, "-pk"]
    return [_Key(name.lstrip("-"), name.startswith("-"), _nullable(model, name.lstrip("-"))) for name in complete]


def _nullable(model: type[Model], path: str) -> bool:
    nullable = False
    current: Any = model
    for part in path.split("__"):
        if part == "pk":
            return nullable
        try:
            field = current._meta.get_field(part)  # noqa: SLF001 - Django's documented model API
        except FieldDoesNotExist:  # an annotation
            return True
        nullable = nullable or field.null
        current = field.related_model
    return nullable


def _beyond(keys: list[_Key], cursor: list[Any], *, backwards: bool) -> Q:
    found, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, cursor, strict=True):
        found |= same & key.beyond(value, backwards=backwards)
        same &= key.same(value)
    return found


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part, None)  # nothing where a record has no such related one
    return row


def _address(request: HttpRequest, name: str, row: Any, keys: list[_Key]) -> str:
    values = [None if (value := _value(row, key.name)) is None else str(value) for key in keys]
    query = request.GET.copy()
    for old in ("after", "before"):
        query.pop(old, None)
    query[name] = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    return f"?{query.urlencode()}"


def _decode(text: str | None, *, keys: list[_Key], model: type[Model]) -> list[Any] | None:
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            return None
        return [_parse(value, model=model, path=key.name) for key, value in zip(keys, values, strict=True)]
    except (ValueError, binascii.Error, ValidationError):
        return None


def _parse(value: Any, *, model: type[Model], path: str) -> Any:
    field: Any = None
    current: Any = model
    for part in path.split("__"):
        try:
            field = current._meta.pk if part == "pk" else current._meta.get_field(part)  # noqa: SLF001
        except FieldDoesNotExist:
            return value
        current = field.related_model
    return None if value is None else field.to_python(value)

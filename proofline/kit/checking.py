"""Records checked before they are written, as Django does, by a shorter way for the values that are usual."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import BooleanField, CharField, DateTimeField, JSONField, TextField

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from django.db.models import Field, Model

    Check = tuple[Field[Any, Any], str, Callable[[Any], bool]]


def check_fields(record: Model, *, exclude: Collection[str]) -> None:
    """Check the fields of a record, but for these.

    Raises:
        ValidationError: some can't be kept; all of them are named.
    """
    try:
        for item, name, is_fine in _checks(type(record), frozenset(exclude)):
            value = getattr(record, name)
            if not is_fine(value) and not (item.blank and value in item.empty_values):
                setattr(record, name, item.clean(value, record))
    except ValidationError:
        record.clean_fields(exclude=exclude)


@cache
def _checks(model: type[Model], exclude: frozenset[str]) -> list[Check]:
    every: list[Any] = list(model._meta.concrete_fields)  # noqa: SLF001 - Django's documented model API
    return [(item, item.attname, _check(item)) for item in every if item.name not in exclude]


def _check(item: Any) -> Callable[[Any], bool]:
    """Return what tells of a value that Django would find nothing wrong with it and keep it as it is; False where it might."""
    if isinstance(item, CharField | TextField) and not item.choices:
        longest, shortest = item.max_length or float("inf"), 0 if item.blank else 1
        others = [one for one in item.validators if type(one) is not MaxLengthValidator]
        return lambda value: type(value) is str and shortest <= len(value) <= longest and _passes(value, others)
    if isinstance(item, JSONField) and not item.validators:
        return lambda value: type(value) is dict and set(map(type, value.values())) == {str}
    usual = {BooleanField: bool, DateTimeField: datetime}.get(type(item))
    return lambda value: type(value) is usual and not item.validators


def _passes(value: str, validators: list[Any]) -> bool:
    try:
        for one in validators if value else ():
            one(value)
    except ValidationError:
        return False
    return True

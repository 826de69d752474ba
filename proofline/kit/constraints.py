"""What a store's constraint says to people: the fields that it is about, not its name."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import CheckConstraint, F, Q
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"\w+")


def in_words(message: str) -> tuple[str, str] | None:
    """Return (field, message) for Django's message that names a constraint; "" for several fields, None where it names none."""
    name = next((word for word in WORD.findall(message) if word in _fields_by_name()), None)
    if name is None:
        return None
    fields = _fields_by_name()[name]
    if len(fields) == 1:
        return fields[0], _("This value is not allowed here.")
    return "", _("These do not go together as they are: %(fields)s.") % {"fields": ", ".join(fields)}


@cache
def _fields_by_name() -> dict[str, tuple[str, ...]]:
    checks = (
        constraint
        for model in apps.get_models()
        for constraint in model._meta.constraints  # noqa: SLF001 - Django's documented model API
        if isinstance(constraint, CheckConstraint)
    )
    return {check.name: tuple(dict.fromkeys(_fields_in(check.condition))) for check in checks}


def _fields_in(part: object) -> Iterator[str]:
    """Yield the names of the fields that a condition is about."""
    if isinstance(part, F):
        yield part.name.partition("__")[0]  # type: ignore[attr-defined] # the stubs do not know it
    elif isinstance(part, Q):
        for child in part.children:
            yield from _fields_in(child)
    elif isinstance(part, tuple):
        yield part[0].partition("__")[0]
        if isinstance(part[1], F):
            yield from _fields_in(part[1])

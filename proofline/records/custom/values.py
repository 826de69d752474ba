"""The values of custom fields: how each type reads one, strictly, and how JSON keeps it.

| type | kept as | read from |
|---|---|---|
| text | a text of at most 500 characters | a text |
| number, money | a text such as "12.5", so that nothing is rounded | a number, or a text that is one |
| date | "2026-11-30" | a day, or its text |
| choice, choices | the option's key; a list of keys in the options' order | keys |
| person, relation | the record's id | the record, or its id |
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.records.models import CustomField, User

    Reader = Callable[["CustomField", Any, User | None], Any]

LONGEST = 500
"""Characters of a text: what an index of either store can hold."""
PLACES = {"number": 6, "money": 2}
LIMIT = Decimal(10) ** 13
NOTHING: tuple[Any, ...] = (None, "", [], ())
LAST_ID = 2**63


def read(field: CustomField, value: Any, *, by: User | None) -> Any:
    """Return a value as JSON keeps it; None for nothing. Records that `by` may not see do not exist.

    Raises:
        ValidationError: it is none of the field's type.
    """
    if isinstance(value, str):
        value = value.strip()
    if any(value is one or value == one for one in NOTHING):
        return None
    if field.type not in READERS:
        raise ValidationError(_("“%(name)s” is computed; it can't be set.") % {"name": field.label})
    return READERS[field.type](field, value, by)


def known(field: CustomField, stored: Any) -> Any:
    """Return a kept value as Python knows it: a Decimal, a day; None for what is none of the type any more."""
    if stored is None:
        return None
    try:
        if field.type in PLACES:
            return Decimal(stored)
        return date.fromisoformat(stored) if field.type == "date" else stored
    except (ValueError, TypeError, InvalidOperation):
        return None


def _text(_field: CustomField, value: Any, _by: User | None) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("This has to be a text."))
    if len(value) > LONGEST or "\0" in value:
        raise ValidationError(_("A text can have at most %(most)s characters.") % {"most": LONGEST})
    return value


def _number(field: CustomField, value: Any, _by: User | None) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValidationError(_("This has to be a number."))
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("“%(value)s” is no number.") % {"value": str(value)[:50]})
    places = PLACES[field.type]
    if abs(number) >= LIMIT or number != (rounded := round(number, places)):
        raise ValidationError(
            _("A number can have at most 13 digits, and %(places)s after the point.") % {"places": places}
        )
    text = format(rounded.normalize() if field.type == "number" else rounded, "f")
    return "0" if not rounded and field.type == "number" else text


def _day(_field: CustomField, value: Any, _by: User | None) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(
            value if isinstance(value, str) and len(value) == len("2026-11-30") else ""
        ).isoformat()
    except ValueError:
        raise ValidationError(
            _("“%(value)s” is no day; write it as 2026-11-30.") % {"value": str(value)[:50]}
        ) from None


def _choice(field: CustomField, value: Any, _by: User | None) -> str:
    keys = [option["key"] for option in field.options]
    if not isinstance(value, str) or value not in keys:
        raise ValidationError(
            _("“%(value)s” is none of the options: %(known)s.") % {"value": str(value)[:50], "known": ", ".join(keys)}
        )
    return value


def _choices(field: CustomField, value: Any, by: User | None) -> list[str]:
    given = list(value) if isinstance(value, list | tuple | set) else [value]
    chosen = {_choice(field, one, by) for one in given}
    return [option["key"] for option in field.options if option["key"] in chosen]


def _record(field: CustomField, value: Any, by: User | None) -> int:
    rows = field.candidates(by)
    key = getattr(value, "pk", value)
    if isinstance(key, str) and key.isascii() and key.isdigit():
        key = int(key)
    if isinstance(key, bool) or not isinstance(key, int) or not 0 < key < LAST_ID or not rows.filter(pk=key).exists():
        raise ValidationError(_("There is no such record that you may see."))
    return key


READERS: dict[str, Reader] = {
    "text": _text,
    "number": _number,
    "money": _number,
    "date": _day,
    "choice": _choice,
    "choices": _choices,
    "person": _record,
    "relation": _record,
}

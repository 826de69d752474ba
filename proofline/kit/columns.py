"""Columns: JSON that most rows leave empty, and numbers that every store keeps as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from decimal import Decimal

MOST_DIGITS = 15
"""What SQLite, which keeps decimals as floating-point numbers, gives back as it was."""


def check_digits(value: Decimal) -> None:
    """Refuse a number that a store would round, or could not read again; a validator of all decimal columns.

    Raises:
        ValidationError: it has more than 15 digits between its first and its last that are not 0.
    """
    if len(value.normalize().as_tuple().digits) > MOST_DIGITS:
        raise ValidationError(_("At most %(count)s digits can be kept.") % {"count": MOST_DIGITS}, code="max_digits")


class SmallJSONField(models.JSONField):
    """Django's, read by msgspec: lists read two of them a row, and Django's way through `json` takes longer than all other columns."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return what is kept; what msgspec does not take (NaN, half a surrogate pair) is read as Django does."""
        if not isinstance(value, str) or isinstance(expression, KeyTransform) or self.decoder is not None:
            return super().from_db_value(value, expression, connection)
        if value == "{}":
            return {}
        try:
            return msgspec.json.decode(value)
        except msgspec.DecodeError:
            return super().from_db_value(value, expression, connection)

    def deconstruct(self) -> Any:
        """Tell migrations of the column that it is: Django's."""
        name, _path, args, named = super().deconstruct()
        return name, "django.db.models.JSONField", args, named

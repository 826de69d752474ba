"""A column of JSON that most rows leave empty."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import models
from django.db.models.fields.json import KeyTransform


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

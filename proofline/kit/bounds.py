"""Forms whose long texts have a limit of their own, which is told beside the field with what was typed, long before a whole body is too large to be read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

LONGEST_TEXT = 100_000
"""Characters, of a text of several lines that has no other limit: the longest contract is shorter."""


class BoundedForm(forms.BaseForm):
    """A form in which no text of several lines is endless."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if (
                isinstance(field, forms.CharField)
                and field.max_length is None
                and isinstance(field.widget, forms.Textarea)
            ):
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))

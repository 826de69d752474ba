"""Shares that people write in percent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

HUNDRED = Decimal(100)


class PercentField(forms.DecimalField):
    """A share, written in percent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show 0.4 as 40; what was typed stays as it was typed."""
        return f"{(value * HUNDRED).normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """Return the share: 0.4 for 40."""
        percent = super().clean(value)
        return None if percent is None else percent / HUNDRED

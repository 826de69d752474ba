"""The form of a cell."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.records.forms.base import day_input
from proofline.records.models import Answer

if TYPE_CHECKING:
    from proofline.stages.discovery.models import Cell


class CellForm(forms.Form):
    """Whether a column can do what a need asks for, and how we know. Without an answer the cell is empty."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("can they do it", "Answer"), choices=[("", "—"), *Answer.choices], required=False
    )
    figure = forms.CharField(
        label=pgettext_lazy("can they do it", "Number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": pgettext_lazy("can they do it", "Number")}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Source: words or a link")}),
    )
    sourced_on = forms.DateField(label=_("Date of the source"), required=False, widget=day_input())

    def __init__(self, data: Any = None, *, cell: Cell | None, column: str) -> None:
        first = {name: getattr(cell, name) for name in self.base_fields} if cell else {}
        super().__init__(data, initial=first, auto_id=f"cell_{column}_%s")


def mark_of(cell: Cell | None) -> str:
    """Return what tells whether a cell is as it was."""
    values = [str(getattr(cell, name)) for name in CellForm.base_fields] if cell else []
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:20]

"""How form fields look: the look's classes on any Django widget, the errors tied to their field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.safestring import SafeString

CHOICE_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def kind(bound: BoundField) -> str:
    """Return which of the three layouts a field needs: "check", "choices" or "line"."""
    widget = bound.field.widget
    if isinstance(widget, CHOICE_LISTS):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def control(bound: BoundField) -> SafeString:
    """Return the field's input with the look's classes, and its state told to assistive technology."""
    widget = bound.field.widget
    attrs: dict[str, Any] = {}
    if not isinstance(widget, CHOICE_LISTS):
        attrs["class"] = (
            f"{widget.attrs.get('class', '')} {_css(widget)}{' is-invalid' if bound.errors else ''}".strip()
        )
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if described := " ".join(_described(bound)):
        attrs["aria-describedby"] = described
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        attrs["rows"] = 3
    return bound.as_widget(attrs=attrs)


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _described(bound: BoundField) -> list[str]:
    parts = [f"{bound.auto_id}_help"] if bound.help_text else []
    return [*parts, f"{bound.auto_id}_error"] if bound.errors else parts

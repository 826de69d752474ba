"""What the forms of records share: they read values, and the record's verb does the rest."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.records.models import User

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.utils.safestring import SafeString

OFFERED = 20


class RecordForm(BoundedForm, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a copy of a record, so that the record's own verb sees what changes.

    `user` is who fills it in: choices are what they may see.
    """

    def __init__(self, *args: Any, user: User, instance: Model | None = None, **kwargs: Any) -> None:
        kwargs["instance"] = copy.copy(instance) if instance else None
        super().__init__(*args, **kwargs)
        self.user = user
        if "owner" in self.fields:
            self.fields["owner"].queryset = User.objects.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, NameField):
                field.queryset = field.queryset.visible_to(user)  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, for the record's verb."""
        return dict(self.cleaned_data)


class NameInput(forms.TextInput):
    """A text input that offers names while one types (see `views/choices.py`)."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the input and the list that its offers go into."""
        offers = f"{(attrs or {}).get('id', name)}_offers"
        extra = {
            "list": offers,
            "autocomplete": "off",
            "hx-get": f"/choices/{self.kind}/",
            "hx-trigger": "input changed delay:200ms, focus once",
            "hx-target": f"#{offers}",
            "hx-swap": "innerHTML",
            "hx-vals": f'{{"field": "{name}"}}',
        }
        return format_html(
            '{}<datalist id="{}"></datalist>', super().render(name, value, (attrs or {}) | extra, renderer), offers
        )


class NameField(forms.Field):
    """A record chosen by its name, among those that the user may see; works for thousands of them."""

    default_error_messages = {
        "unknown": _("There is no record with this name that you may see."),
        "several": _("Several records have this name; write its number, such as #7."),
    }

    def __init__(self, queryset: QuerySet[Any], *, kind: str, **kwargs: Any) -> None:
        super().__init__(widget=NameInput(kind), **kwargs)
        self.queryset = queryset

    def prepare_value(self, value: Any) -> Any:
        """Show a record by its name, or by name and number where the name is not enough."""
        if not isinstance(value, int):
            return value
        found = self.queryset.filter(pk=value).first()
        if found is None:
            return f"#{value}"
        same = self.queryset.filter(name=found.name)[:2].count()
        return found.name if same == 1 else f"{found.name} #{value}"

    def to_python(self, value: Any) -> Any:
        """Return the record that the text names, None for no text."""
        text = " ".join(str(value or "").split())
        if not text:
            return None
        name, mark, number = text.rpartition("#")
        if mark and number.isascii() and number.isdigit() and len(number) < 19:  # noqa: PLR2004 - what a 64-bit id can have
            found = self.queryset.filter(pk=int(number)).first()
            if found is not None and name.strip() in {"", found.name}:
                return found
        matches = list(self.queryset.filter(name__iexact=text)[:2])
        if not matches:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if len(matches) > 1:
            raise ValidationError(self.error_messages["several"], code="several")
        return matches[0]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether the text names something else than before."""
        return str(self.prepare_value(initial) or "") != str(data or "")


def offers(queryset: QuerySet[Any], text: str) -> list[str]:
    """Return the first names that contain the text; one that stands twice gets its number."""
    found = list(queryset.filter(name__icontains=text.strip()).order_by("name", "pk")[:OFFERED])
    names = [row.name for row in found]
    return [f"{row.name} #{row.pk}" if names.count(row.name) > 1 else row.name for row in found]


def day_input() -> forms.DateInput:
    """Return an input with the browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


__all__ = ["NameField", "NameInput", "RecordForm", "day_input", "offers"]

"""Forms that stood open while somebody else changed the record: what only they changed stays theirs, what both changed is asked."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from proofline.records.models.history import plain, written
from proofline.records.showing import field_of, value_html

if TYPE_CHECKING:
    from proofline.records.models import User

OPENED = "opened"
"""The hidden field: {field: mark of its value when the form was opened}, as JSON."""


def watched(form: Any, record: Any, *, user: User) -> Any:
    """Return the form of a record that is there, so that saving it takes nothing back that somebody else wrote meanwhile.

    A form that comes without its marks is taken as it is.
    """
    names = [name for name in form.fields if _is_kept(record, name)]
    marks = {name: _mark(record, name, _value(record, name)) for name in names}
    form.fields[OPENED] = forms.CharField(widget=forms.HiddenInput, required=False, initial=json.dumps(marks))
    checked = form.clean

    def clean() -> dict[str, Any]:
        checked()
        return _settled(form, record, marks, user=user)

    form.clean = clean
    return form


def _settled(form: Any, record: Any, marks: dict[str, str], *, user: User) -> dict[str, Any]:
    """Return what the form says, with what others changed and this form did not; a field that both changed gets an error."""
    opened = _read(form.cleaned_data.pop(OPENED, ""))
    both = []
    for name, now in marks.items():
        if name not in form.cleaned_data or opened.get(name, now) == now:
            continue
        given = _mark(record, name, form.cleaned_data[name])
        if given == opened[name]:
            form.cleaned_data[name] = getattr(record, name)
        elif given != now:
            both.append(name)
    for name in both:
        form.add_error(name, _conflict(record, name, user=user))
    if both:
        form.data = form.data.copy()
        form.data[OPENED] = json.dumps(opened | {name: marks[name] for name in both})
    return dict(form.cleaned_data)


def _conflict(record: Any, name: str, *, user: User) -> str:
    return format_html(
        "{} {} {}",
        _("Somebody else changed this meanwhile, to:"),
        value_html(record, name, user=user),
        _("Save again to replace their value."),
    )


def _read(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_kept(record: Any, name: str) -> bool:
    field = field_of(type(record), name)
    return name.startswith("custom_") or (field is not None and not field.many_to_many)


def _value(record: Any, name: str) -> Any:
    field = field_of(type(record), name)
    return getattr(record, field.attname if field is not None else name)


def _mark(record: Any, name: str, value: Any) -> str:
    """Return what tells values of a field apart; nothing and an empty text are the same."""
    kept = "" if value is None or value == [] else value if isinstance(value, str) else plain(record, name, value)
    return hashlib.sha256(written(kept).encode()).hexdigest()[:20]

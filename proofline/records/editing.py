"""Facts of main records that are edited where they stand: their form, and whether somebody changed them since."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404

from proofline.records.forms.base import NameField
from proofline.records.models import Account, Contact
from proofline.records.models.history import plain, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.records.kinds import Kind
    from proofline.records.models import User

NAMED = {Account: "accounts", Contact: "contacts"}
"""Records of which there are too many to choose from a menu."""


def form_of(kind: Kind, record: Any, fact: str, *, user: User, data: Any = None) -> Any:
    """Return the record's own form, with the fields of one fact alone.

    Raises:
        Http404: the record has no such fact to edit.
    """
    form: Any = kind.form(data, record, user)
    names = kind.fields_of(fact)
    if not kind.has(fact) or any(name not in form.fields for name in names):
        raise Http404
    for name in [name for name in form.fields if name not in names]:
        del form.fields[name]
    for name in names:
        _offer_names(form, name)
    form.auto_id = f"{kind.name}_{record.pk}_%s"
    return form


def _offer_names(form: Any, name: str) -> None:
    """Let a record of which there are thousands be chosen by typing."""
    field = form.fields[name]
    rows: Any = getattr(field, "queryset", None) if isinstance(field, forms.ModelChoiceField) else None
    model = rows.model if rows is not None else None
    if model in NAMED:
        form.fields[name] = NameField(
            rows, kind=NAMED[model], label=field.label, required=field.required, help_text=field.help_text
        )


def mark_of(record: Any, names: Sequence[str]) -> str:
    """Return what tells whether fields have the value that they had."""
    values = [plain(record, name, _value(record, name)) for name in names]
    return hashlib.sha256(written(values).encode()).hexdigest()[:20]


def _value(record: Any, name: str) -> Any:
    if name.startswith("custom_"):
        return getattr(record, name)
    return getattr(record, record._meta.get_field(name).attname)  # noqa: SLF001 - Django's own way

"""Which fields of a kind can be set for many records at once, and how what is given for them is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.records.models.acting import plain_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.kit.lists import Field, Kind
    from proofline.records.models import User


def changeable(kind: Kind) -> list[Field]:
    """Return the fields that can be set for many records at once: not what each has of its own."""
    if kind.form is None or not hasattr(kind.model, "change"):
        return []
    return [one for one in kind.all_fields if one.edits and one.name not in kind.own]


def input_of(kind: Kind, field: Field, *, user: User) -> forms.Field:
    """Return the form's own field, which reads and checks a value."""
    form = kind.form(user=user) if kind.form else forms.Form()
    found: forms.Field = form.fields[field.edits]
    return found


def values_of(kind: Kind, given: Mapping[str, Any], *, user: User) -> dict[str, Any]:
    """Return what is to be set, as an action keeps it; related records are given by id.

    Raises:
        ValidationError: a field is none that can be set so, or a value is not valid.
    """
    known = {one.name: one for one in changeable(kind)}
    found: dict[str, Any] = {}
    for name, value in given.items():
        field = known.get(name)
        if field is None:
            raise ValidationError(
                {name: _("This can't be set for many records; possible: %(known)s.") % {"known": ", ".join(known)}}
            )
        reader = input_of(kind, field, user=user)
        try:
            found[field.edits] = plain_value(
                _by_id(reader, value) if hasattr(reader, "queryset") else reader.clean(value)
            )
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from None
    if not found:
        raise ValidationError({"set": _("Say what is to be set.")})
    return found


def _by_id(reader: Any, value: Any) -> Any:
    if value is None:
        if reader.required:
            raise ValidationError(reader.error_messages["required"])
        return None
    record = reader.queryset.filter(pk=value).first() if isinstance(value, int) and 0 < value < 2**63 else None
    if record is None:
        raise ValidationError(_("There is no such record that you may see."))
    return record

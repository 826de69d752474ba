"""Records with custom fields: their values, and the verbs that take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit.columns import SmallJSONField
from proofline.records import kinds
from proofline.records.models.changing import Changeable
from proofline.records.models.custom import PREFIX, CustomField, fields_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from proofline.records.models.people import User


class Customized(Changeable):
    """A main record: it has values for its kind's custom fields. Its verbs take them as `custom_<key>`."""

    custom = SmallJSONField(_("custom fields"), default=dict, blank=True, editable=False)
    """{key: value as `records.custom.values` keeps it}; a field without a value has no key."""

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **given: Any) -> None:
        named = {name: given.pop(name) for name in list(given) if name.startswith(PREFIX)} if given else {}
        super().__init__(*args, **given)
        if named:
            self.custom = self.with_custom(named, by=None)

    def __getattr__(self, name: str) -> Any:
        if name.startswith(PREFIX):
            return self.custom.get(name.removeprefix(PREFIX))
        return super().__getattribute__(name)  # fails once more, with what Django says of a relation that leads nowhere

    @classmethod
    def custom_fields(cls) -> list[CustomField]:
        """Return the fields of this kind of record."""
        kind = kinds.of_model(cls)
        return fields_of(kind.name) if kind else []

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """As every record's, with values of custom fields among the others; they stand so in what it returns."""
        named = {name: values.pop(name) for name in list(values) if name.startswith(PREFIX)}
        if not named:
            return super().change(by=by, now=now, **values)
        before = dict(self.custom)
        changed = super().change(by=by, now=now, **values, custom=self.with_custom(named, by=by))
        if changed.pop("custom", None):
            pairs = {name: (before.get(name[len(PREFIX) :]), getattr(self, name)) for name in named}
            changed |= {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        return changed

    def with_custom(self, named: Mapping[str, Any], *, by: User | None) -> dict[str, Any]:
        """Return the column with these values, {"custom_region": "north"}, None for no value.

        Raises:
            ValidationError: a value is none of its type, a required one would be emptied, or there is no such field.
        """
        known = {one.attribute: one for one in type(self).custom_fields()}
        found, errors = dict(self.custom), {}
        for name, value in named.items():
            try:
                found |= {name.removeprefix(PREFIX): _read(known.get(name), value, known, by=by)}
            except ValidationError as error:
                errors[name] = error.messages
        if errors:
            raise ValidationError(errors)
        return {key: value for key, value in found.items() if value is not None}


def _read(field: CustomField | None, value: Any, known: Mapping[str, CustomField], *, by: User | None) -> Any:
    if field is None:
        names = ", ".join(one.key for one in known.values()) or "–"
        raise ValidationError(gettext("There is no such custom field; there are: %(known)s.") % {"known": names})
    found = field.read(value, by=by)
    if found is None and field.required:
        raise ValidationError(gettext("This has to be filled in."))
    return found

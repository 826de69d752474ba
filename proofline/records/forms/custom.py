"""Custom fields in the forms of records, and the form that defines one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from proofline.kit.bounds import BoundedForm
from proofline.kit.lists import kind_named
from proofline.records import kinds
from proofline.records.custom import rollups, values
from proofline.records.forms.base import NameField, RecordForm, day_input
from proofline.records.models import CustomField, User, Workspace
from proofline.records.models.custom import fields_of, free_key

ROWS = 4


def add_custom(form: forms.BaseForm, *, user: User | None) -> None:
    """Add to a record's form what its kind has of custom fields."""
    record: Any = form.instance  # type: ignore[attr-defined]
    kind = kinds.of(record)
    for custom in fields_of(kind.name) if kind else ():
        if custom.is_computed:
            continue
        form.fields[custom.attribute] = field_of(custom, user=user)
        if (kept := record.custom.get(custom.key)) is not None:
            form.initial.setdefault(custom.attribute, values.known(custom, kept))


def field_of(custom: CustomField, *, user: User | None) -> forms.Field:
    """Return the form's field of a custom field; what it cleans is as records keep it."""
    field: forms.Field = _make(custom, user)
    checked = field.clean
    field.clean = lambda value: custom.read(checked(value), by=user)  # type: ignore[method-assign]
    return field


def _make(custom: CustomField, user: User | None) -> forms.Field:
    common: dict[str, Any] = {"label": custom.label, "required": custom.required, "help_text": custom.help}
    if custom.type == "relation":
        to = kinds.named(custom.to)
        return NameField(custom.candidates(user), kind=to.slug if to else "", **common)
    if custom.type == "person":
        return forms.ModelChoiceField(custom.candidates(user).order_by("name"), **common)
    if custom.type == "choices":
        return forms.MultipleChoiceField(choices=custom.choices, widget=forms.CheckboxSelectMultiple, **common)
    if custom.type == "money":
        return forms.DecimalField(**common | {"label": f"{custom.label} ({custom.currency})"}, decimal_places=2)
    simple: dict[str, Any] = {
        "number": lambda: forms.DecimalField(**common),
        "date": lambda: forms.DateField(widget=day_input(), **common),
        "choice": lambda: forms.ChoiceField(choices=[("", "—"), *custom.choices], **common),
    }
    made: forms.Field = simple.get(custom.type, lambda: forms.CharField(max_length=values.LONGEST, **common))()
    return made


class CustomizedForm(RecordForm):
    """The form of a main record of this room."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        add_custom(self, user=user)


class CustomFieldForm(BoundedForm, forms.ModelForm):  # type: ignore[type-arg]
    """A field's definition. Its type is chosen once; the form then asks what that type needs."""

    options_text = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": ROWS}),
        help_text=_("One a line; after | the name in Chinese: North | 北方"),
    )
    NEEDS = (
        ("options_text", {"choice", "choices"}),
        ("currency", {"money", "rollup"}),
        ("to", {"relation"}),
        ("formula", {"formula"}),
        ("relation", {"rollup"}),
        ("function", {"rollup"}),
        ("rolls", {"rollup"}),
    )

    class Meta:
        model = CustomField
        fields = ("name", "name_zh", "help", "required", "currency", "to", "formula", "relation", "function", "rolls")
        widgets = {"formula": forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        custom = self.instance
        for name, types in self.NEEDS:
            if custom.type not in types:
                del self.fields[name]
        if custom.is_computed:
            del self.fields["required"]
        self._fill(custom)

    def _fill(self, custom: CustomField) -> None:
        if "options_text" in self.fields:
            lines = [" | ".join(filter(None, (one["name"], one.get("name_zh")))) for one in custom.options]
            self.initial["options_text"] = "\n".join(lines)
        if "currency" in self.fields:
            self.initial["currency"] = custom.currency or Workspace.current().currency
        if "to" in self.fields:
            named = [(one.name, _kind_label(one.name)) for one in kinds.every() if hasattr(one.model, "name")]
            self.fields["to"] = forms.ChoiceField(label=_("Leads to"), choices=named, disabled=bool(custom.pk))
        if "formula" in self.fields:
            self.fields["formula"].help_text = _(
                "Fields by their names, + - * /, comparisons, if(…, …, …), round(…, 2), days(…, …), today(), concat(…). Such as: %(example)s"
            ) % {"example": "round(revenue / employees, 2)"}
        if "relation" in self.fields:
            self._fill_rollup(custom)

    def _fill_rollup(self, custom: CustomField) -> None:
        found = rollups.relations(custom.kind)
        self.fields["relation"] = forms.ChoiceField(
            label=_("Of which records"), choices=[(one.name, one.label) for one in found]
        )
        groups = [(one.label, [(field.name, field.label) for field in rollups.offered(one)]) for one in found]
        self.fields["rolls"] = forms.ChoiceField(
            label=_("Of which field"),
            required=False,
            choices=[("", "—"), *groups],
            help_text=_("Not needed to count them."),
        )

    def clean_options_text(self) -> str:
        """Read the options; one that keeps its name, or its place while its name changes, keeps its key."""
        lines = [line.strip() for line in self.cleaned_data["options_text"].splitlines() if line.strip()]
        pairs = [[part.strip() for part in line.partition("|")[::2]] for line in lines]
        names = [name for name, _zh in pairs]
        if len(set(names)) < len(names) or not all(names):
            raise ValidationError(_("Each option needs a name of its own."))
        self.cleaned_data["options"] = options_of(pairs, self.instance.options)
        return str(self.cleaned_data["options_text"])

    @property
    def values(self) -> dict[str, Any]:
        """What the form says, for the field's verbs."""
        return {name: value for name, value in self.cleaned_data.items() if name != "options_text"}

    def _post_clean(self) -> None:
        """Leave the definition as it is: its verbs check and write it."""


def options_of(pairs: list[list[str]], before: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return options with stable keys for (name, Chinese name) pairs."""
    by_name = {one["name"]: one["key"] for one in before}
    names = {name for name, _zh in pairs}
    renamed = {}
    if len(pairs) == len(before):
        renamed = {
            name: old["key"]
            for (name, _zh), old in zip(pairs, before, strict=True)
            if name not in by_name and old["name"] not in names
        }
    taken = {one["key"] for one in before}
    found = []
    for name, zh in pairs:
        key = by_name.get(name) or renamed.get(name) or free_key(name, taken)
        taken.add(key)
        found.append({"key": key, "name": name, "name_zh": zh})
    return found


def _kind_label(name: str) -> str:
    known = kinds.named(name)
    return str(kind_named(known.slug).label) if known else name

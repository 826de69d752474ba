"""What people say about a file: what it holds, and which column fills which field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.config.imports.kinds import kinds_of
from proofline.kit.imports.mapping import IGNORED, KEPT, missing, recognise

if TYPE_CHECKING:
    from django.http import QueryDict

    from proofline.config.imports.models import Import
    from proofline.kit.imports.kinds import Kind
    from proofline.records.models import User

MEGABYTE = 1_000_000
LARGEST = 200 * MEGABYTE


class FileForm(forms.Form):
    """A file, and what kind of records is in it."""

    kind = forms.ChoiceField(label=_("What is in the file?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "CSV or XLSX, from Excel, Salesforce, HubSpot or any other program. The first row names the columns."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kind"]
        choice.choices = [(kind.name, kind.label) for kind in kinds_of(user)]

    def clean_file(self) -> Any:
        """Refuse files larger than what an upload should be."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than 200 MB. Split it, or import it with the command line."))
        return file


@dataclass
class ColumnChoice:
    """A column of the file with its first cells, and the field that it fills."""

    place: int
    name: str
    samples: list[str]
    chosen: str

    @property
    def key(self) -> str:
        """The name of its control."""
        return f"column-{self.place}"


class ColumnsForm:
    """Which column fills which field: as recognised, as kept, or as it was posted."""

    def __init__(self, of: Import, data: QueryDict | None = None) -> None:
        self.of = of
        self.kind: Kind = of.taken
        self.keeps_others = self.kind.name != "users"
        self.errors = list[str]()
        found = recognise(self.kind, of.columns, given=of.mapping)
        self.choices = [
            ColumnChoice(
                place,
                name,
                [row[place] for row in of.samples if place < len(row) and row[place]][:3],
                data.get(f"column-{place}", IGNORED)
                if data is not None
                else found.field_at(place) or (KEPT if name in found.others and self.keeps_others else IGNORED),
            )
            for place, name in enumerate(of.columns)
        ]

    @property
    def fields(self) -> list[tuple[str, Any]]:
        """The fields to choose from."""
        return [(field.name, field.label) for field in self.kind.fields]

    @property
    def mapping(self) -> dict[str, str]:
        """Column to field, every column named."""
        return {choice.name: choice.chosen for choice in self.choices}

    def is_valid(self) -> bool:
        """Check that no field is given twice and that every row can have what it needs; `errors` say what is wrong."""
        chosen = [choice.chosen for choice in self.choices if choice.chosen not in {IGNORED, KEPT}]
        for name, label in self.fields:
            if chosen.count(name) > 1:
                self.errors.append(
                    gettext("Several columns are chosen for “%(field)s”; choose one.") % {"field": label}
                )
        known = {name for name, _label in self.fields}
        if not self.errors and known.issuperset(chosen):
            for group in missing(self.kind, recognise(self.kind, self.of.columns, given=self.mapping)):
                labels = gettext(" or ").join(f"“{field.label}”" for field in group)
                self.errors.append(
                    gettext("Choose the column for %(fields)s; every row needs it.") % {"fields": labels}
                )
        elif not known.issuperset(chosen):
            self.errors.append(gettext("Choose one of the fields."))
        return not self.errors

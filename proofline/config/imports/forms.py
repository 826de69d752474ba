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
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.imports.ways import Missing, Mode, Way

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


MODES = {
    Mode.BOTH: (_("Add new records and update known ones"), _("The usual: nothing is added twice.")),
    Mode.CREATE: (_("Only add new records"), _("Rows whose record is known are skipped.")),
    Mode.UPDATE: (_("Only update known records"), _("Rows whose record is not known are skipped.")),
}


class ColumnsForm:
    """Which column fills which field, and how rows meet records: as recognised, as kept, or as it was posted."""

    def __init__(self, of: Import, data: QueryDict | None = None) -> None:
        self.of = of
        self.kind: Kind = of.taken
        self.keeps_others = self.kind.name != "users"
        self.errors = list[str]()
        self.data = data
        self.chosen = of.way if data is None else self._posted(data)
        found = of.matched
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

    def _posted(self, data: QueryDict) -> Way:
        try:
            return Way(
                mode=Mode(data.get("mode", Mode.BOTH)),
                key=data.get("key", ""),
                clear=data.get("clear") == "yes",
                missing=Missing(data.get("missing", Missing.REJECT)),
            )
        except ValueError:
            self.errors.append(gettext("Choose one of the ways."))
            return self.of.way

    @property
    def modes(self) -> list[tuple[str, Any, Any]]:
        """What a run may do: the value, what it is called, what it means."""
        return [(mode.value, *words) for mode, words in MODES.items()]

    @property
    def keys(self) -> list[tuple[str, str]]:
        """The keys by which records may be found, in words."""
        return [(key, self.kind.key_label(key)) for key in self.kind.keys]

    @property
    def names_accounts(self) -> bool:
        """Whether the rows name accounts that could be added."""
        return bool(self.kind.introduces)

    @property
    def saved_name(self) -> str:
        """Under which name the mapping is to be kept, "" for not at all."""
        return (self.data.get("save_as", "") if self.data is not None else "").strip()[:120]

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
        if not {name for name, _label in self.fields}.issuperset(chosen):
            self.errors.append(gettext("Choose one of the fields."))
        if not self.errors:
            self._check_ways()
        return not self.errors

    def _check_ways(self) -> None:
        found = recognise(self.kind, self.of.columns, given=self.mapping)
        for group in missing(self.kind, found):
            labels = gettext(" or ").join(f"“{field.label}”" for field in group)
            self.errors.append(gettext("Choose the column for %(fields)s; every row needs it.") % {"fields": labels})
        try:
            self.kind.require_key(self.chosen.key, found)
        except UnreadableFileError as error:
            self.errors.append(str(error))

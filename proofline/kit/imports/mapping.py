"""Which column of a file fills which field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.text import squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.kit.imports.kinds import Field, Kind

IGNORED = "-"
"""In a mapping: leave this column out, even if it would be recognised."""
KEPT = "+"
"""In a mapping: keep this column beside the fields, even if it would be recognised."""


@dataclass(frozen=True)
class ColumnMap:
    """The columns' places by field, and the columns that fill none."""

    places: dict[str, int]
    others: dict[str, int]

    def field_at(self, place: int) -> str:
        """Return the name of the field that a column fills, "" for none."""
        return next((name for name, taken in self.places.items() if taken == place), "")


def recognise(kind: Kind, columns: list[str], *, given: Mapping[str, str] | None = None) -> ColumnMap:
    """Match columns to fields by their names; `given` (column to field) goes before.

    Where several columns could fill a field, the one whose name stands first among the field's aliases does. What is there for
    another field's blanks comes last.

    Raises:
        UnreadableFileError: `given` names a column or a field that is not there, or a field twice.
    """
    given = given or {}
    places = _given(kind, columns, given)
    taken = {_place(columns, theirs): ours for theirs, ours in given.items()}
    squeezed = {place: squeeze(column) for place, column in enumerate(columns) if place not in taken}
    wishes = sorted(
        (bool(field.instead), rank, order, field.name, name)
        for order, field in enumerate(kind.fields)
        for rank, name in enumerate(_names(field))
    )
    for _late, _rank, _order, field_name, name in wishes:
        if field_name in places:
            continue
        place = next((place for place, column in squeezed.items() if column == name), None)
        if place is not None:
            places[field_name] = place
            del squeezed[place]
    used = set(places.values()) | {place for place, ours in taken.items() if ours != KEPT}
    return ColumnMap(places, {column: place for place, column in enumerate(columns) if place not in used})


def _names(field: Field) -> list[str]:
    return list(dict.fromkeys(squeeze(name) for name in (field.name, *field.aliases)))


def _given(kind: Kind, columns: list[str], given: Mapping[str, str]) -> dict[str, int]:
    places = dict[str, int]()
    for theirs, ours in given.items():
        place = _place(columns, theirs)
        if ours in {IGNORED, KEPT}:
            continue
        field = kind.field(ours)
        if field is None:
            raise UnreadableFileError(
                _("There is no field “%(field)s”. The fields are: %(fields)s.")
                % {"field": ours, "fields": ", ".join(field.name for field in kind.fields)}
            )
        if ours in places:
            raise UnreadableFileError(_("The field “%(field)s” is given two columns; choose one.") % {"field": ours})
        places[ours] = place
    return places


def _place(columns: list[str], theirs: str) -> int:
    for same in (str, squeeze):
        for place, column in enumerate(columns):
            if same(column) == same(theirs):
                return place
    raise UnreadableFileError(
        _("The file has no column “%(column)s”. Its columns are: %(columns)s.")
        % {"column": theirs, "columns": ", ".join(columns)}
    )


def missing(kind: Kind, columns: ColumnMap) -> list[tuple[Field, ...]]:
    """Return the groups of fields of which a row needs one, but to which no column is matched."""
    groups = [(field.name,) for field in kind.fields if field.required] + list(kind.any_of)
    filled = columns.places.keys() | {field.instead for field in kind.fields if field.name in columns.places}
    lacking = [group for group in groups if not filled & set(group)]
    return [tuple(field for field in kind.fields if field.name in group) for group in lacking]


def require_complete(kind: Kind, columns: ColumnMap, names: list[str]) -> None:
    """Let a mapping pass that fills all that a row needs.

    Raises:
        UnreadableFileError: it does not.
    """
    for group in missing(kind, columns):
        raise UnreadableFileError(
            _(
                "No column is recognised as %(field)s of %(kind)s. The columns are: %(columns)s."
                " Say which it is: --map THEIRS=%(name)s."
            )
            % {
                "kind": kind.label,
                "field": _(" or ").join(f"“{field.label}”" for field in group),
                "columns": ", ".join(names[:20]) + ("…" if len(names) > 20 else ""),  # noqa: PLR2004 - a line's worth
                "name": group[0].name,
            }
        )

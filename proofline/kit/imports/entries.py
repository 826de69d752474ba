"""Rows read into values: each cell by its field, each name by what is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext as _

from proofline.kit.imports.cells import is_blank, text_of
from proofline.kit.imports.keeping import Entry
from proofline.kit.imports.trouble import CellError
from proofline.kit.imports.values import currency_in, shown
from proofline.kit.text import fold

if TYPE_CHECKING:
    from proofline.kit.imports.cells import Cell
    from proofline.kit.imports.kinds import Field, Kind
    from proofline.kit.imports.known import Known
    from proofline.kit.imports.mapping import ColumnMap
    from proofline.kit.imports.reading import Row
    from proofline.kit.imports.values import Order

Accepted = frozenset[tuple[str, str]] | Literal[True]
NOT_WORDS = frozenset({"-", "–", "—", "n/a", "#n/a", "null", "nan", "none"})
"""How programs write "nothing"; a text such as a name is taken as it stands."""


class Waiting(Exception):  # noqa: N818 - no error: the row's turn comes later
    """The row refers to a record that may still come in this file."""


@dataclass(frozen=True)
class Problem:
    """Why a row was rejected: its number in the file, the column ("" for the whole row) and the reason."""

    row: int
    column: str
    text: str

    @property
    def reason(self) -> str:
        """The column and what is wrong with it."""
        return f"{self.column}: {self.text}" if self.column else self.text


class EntryReader:
    """Reads the rows of one file. `known` are the lists of known values by name."""

    def __init__(
        self,
        kind: Kind,
        names: list[str],
        columns: ColumnMap,
        known: dict[str, Known],
        accept: Accepted,
        *,
        clear: bool = False,
        order: Order = "",
        home: str = "",
    ) -> None:
        self.kind = kind
        self.names = names
        self.known = known
        self.accept = accept
        self.clear = clear
        self.home = home
        self.fields, self.instead = _sorted(kind, columns)
        self.readers = {field.name: field.reading(order) for field, _place in self.fields}
        self.others = {column: place for column, place in columns.others.items() if not column.startswith("#")}
        self.currencies = [(field, place) for field, place in self.fields if field.currency]
        self.longest_blank = max(map(len, NOT_WORDS | set(kind.blanks)))
        self.suggested: Counter[tuple[str, str, str]] = Counter()

    def column_of(self, field_name: str) -> str:
        """Return the file's column that fills a field; the field's name where none does."""
        name = field_name.removesuffix("_id") if field_name.removesuffix("_id") in self.known else field_name
        return next((self.names[place] for field, place in self.fields if field.name == name), field_name)

    def read(self, row: Row, *, last: bool = False) -> Entry | list[Problem]:
        """Return the row's values, or what is wrong with it.

        Raises:
            Waiting: the row refers to a record that may come later in the file, and this is not the last try.
        """
        if row.problem:
            return [Problem(row.number, "", row.problem)]
        found, problems, cleared = dict[str, Any](), list[Problem](), list[str]()
        for main, of in self.fields:
            field, place = self._told_by(row, main, of)
            cell = row.cells[place]
            try:
                if not self._is_nothing(field, cell):
                    found[field.name] = self._value(field, place, cell, last=last)
                elif field.required:
                    raise CellError(_("is blank; every row needs it"))  # noqa: TRY301 - told like any other cell's trouble
                elif self.clear:
                    cleared.append(field.name)
            except CellError as error:
                problems.append(Problem(row.number, self.names[place], str(error)))
        self._add_currency(row, found)
        problems += [] if problems else self._lacking(row, found)
        return problems or Entry(row.number, found, self._extra(row), cleared=cleared)

    def unknown(self, row: Row, known: str) -> list[str]:
        """Return the names in a row that should be on the list of known values and are not, nor of another record of the kind itself."""
        found = list[str]()
        for main, of in self.fields:
            field, place = self._told_by(row, main, of) if main.known == known and not row.problem else (main, of)
            if field.known == known and not field.itself and place < len(row.cells):
                name = str(field.read(row.cells[place])) if not self._is_nothing(field, row.cells[place]) else ""
                if name and self.known[known].find(name) is None and not self.known[known].is_ambiguous(name):
                    found.append(name)
        return found

    def _told_by(self, row: Row, field: Field, place: int) -> tuple[Field, int]:
        """Return the column that fills a field in a row: its own, or the one instead where its own names nothing known."""
        instead = self.instead.get(field.name)
        if instead is None or is_blank(row.cells[instead]):
            return field, place
        known, cell = self.known[field.known], row.cells[place]
        return field, place if not is_blank(cell) and known.find(text_of(cell)) is not None else instead

    def _add_currency(self, row: Row, found: dict[str, Any]) -> None:
        for field, place in self.currencies:
            if field.name in found and (sign := currency_in(row.cells[place], home=self.home)):
                found.setdefault(field.currency, sign)

    def _is_nothing(self, field: Field, cell: Cell) -> bool:
        if is_blank(cell):
            return True
        if not isinstance(cell, str) or len(word := cell.strip()) > self.longest_blank:
            return False
        word = word.casefold()
        return word in self.kind.blanks or (word in NOT_WORDS and not field.required)

    def _value(self, field: Field, place: int, cell: Cell, *, last: bool) -> Any:
        value = self.readers[field.name](cell)
        return self._reference(field, place, str(value), last=last) if field.known else value

    def _reference(self, field: Field, place: int, name: str, *, last: bool) -> int:
        known = self.known[field.known]
        if known.is_ambiguous(name):
            raise CellError(_("“%(value)s” is the name of several; give the id in place of the name") % {"value": name})
        found = known.find(name)
        if found is not None:
            return found
        if field.itself and not last:
            raise Waiting
        near = known.suggest(name)
        if near is None:
            raise CellError(
                _("“%(value)s” is not known as %(field)s; import it first")
                % {"value": shown(name), "field": field.label}
            )
        column = self.names[place]
        self.suggested[column, name, near] += 1
        chosen = known.find(near)
        if chosen is not None and (self.accept is True or (column, fold(name)) in self.accept):
            return chosen
        raise CellError(
            _("“%(value)s” is not known as %(field)s; did you mean “%(near)s”?")
            % {"value": shown(name), "field": field.label, "near": near}
        )

    def _lacking(self, row: Row, found: dict[str, Any]) -> list[Problem]:
        for group in self.kind.any_of:
            if not any(name in found for name in group):
                columns = [self.names[place] for field, place in self.fields if field.name in group]
                return [Problem(row.number, _(" or ").join(columns), _("is blank; every row needs it"))]
        return []

    def _extra(self, row: Row) -> dict[str, str]:
        texts = {column: text_of(row.cells[place]).strip() for column, place in self.others.items()}
        return {column: text for column, text in texts.items() if text and text.casefold() not in self.kind.blanks}

    def suggestions(self) -> list[dict[str, Any]]:
        """Return the near misses, the most frequent first."""
        return [
            {"column": column, "value": value, "suggestion": near, "rows": rows}
            for (column, value, near), rows in self.suggested.most_common()
        ]


def _sorted(kind: Kind, columns: ColumnMap) -> tuple[list[tuple[Field, int]], dict[str, int]]:
    """Return the fields with the columns that fill them, and by field the column that fills it where its own does not."""
    mine = [(field, columns.places[field.name]) for field in kind.fields if field.name in columns.places]
    alone = [field for field, _place in mine if field.instead and field.instead not in columns.places]
    fields = [
        (replace(field, name=field.instead) if field in alone else field, place)
        for field, place in mine
        if not field.instead or field in alone
    ]
    return fields, {field.instead: place for field, place in mine if field.instead and field not in alone}

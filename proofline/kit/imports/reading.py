"""A file opened as a table. What it is, is told by its bytes; its name does not matter."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit.imports import delimited, workbooks
from proofline.kit.imports.cells import Cell, is_blank, text_of
from proofline.kit.imports.trouble import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from pathlib import Path

MOST_COLUMNS = 500
NOTES = ["row", "reason"]
"""The first two columns of an error file; when it comes back, they are left out."""
OTHER_FORMATS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"SQLite format 3": "SQLite",
    b"PAR1": "Parquet",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in the file, its cells beside the table's columns, and what is wrong with it as a whole."""

    number: int
    cells: list[Cell]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """How a file was read: as which form (CSV or XLSX), in which encoding and parted by what, or from which sheet.

    `header` is the number of the row that names the columns.
    """

    form: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read: its columns and, once, its rows below them. Blank rows are left out."""

    columns: list[str]
    rows: Iterator[Row]
    about: About


@contextmanager
def open_table(path: Path) -> Generator[Table]:
    """Open a file as a table.

    Raises:
        UnreadableFileError: it is none.
    """
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        raise UnreadableFileError(_("The file is empty."))
    for mark, form in OTHER_FORMATS.items():
        if start.startswith(mark):
            raise UnreadableFileError(
                _("This is a %(form)s file, not a table. Export the table as CSV or XLSX.") % {"form": form}
            )
    records: Iterable[tuple[int, list[Cell], str]]
    if workbooks.is_workbook(start):
        sheet, records = workbooks.read_workbook(path)
        about = About("XLSX", sheet=sheet)
    else:
        encoding, delimiter, records = delimited.read_delimited(path)  # type: ignore[assignment]
        about = About("CSV", encoding=encoding.name, delimiter=delimiter)
    with closing(_filled(records)) as filled:
        yield _table(filled, about)


def _filled(records: Iterable[tuple[int, list[Cell], str]]) -> Generator[tuple[int, list[Cell], str]]:
    return (record for record in records if not all(map(is_blank, record[1])))


def _table(records: Iterator[tuple[int, list[Cell], str]], about: About) -> Table:
    first = next(records, None)
    if first is None:
        raise UnreadableFileError(_("The file is empty."))
    number, cells, _problem = first
    while cells and is_blank(cells[-1]):
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise UnreadableFileError(
            _(
                "Row %(row)d, the header, has %(count)s columns; at most %(most)d can be read. Take out those that are not needed."
            )
            % {"row": number, "count": f"{len(cells):,}", "most": MOST_COLUMNS}
        )
    columns = _named(cells)
    notes = len(NOTES) if columns[: len(NOTES)] == NOTES else 0
    return Table(columns[notes:], _rows(records, width=len(columns), notes=notes), replace(about, header=number))


def _named(cells: list[Cell]) -> list[str]:
    """Return the columns' names: a blank one is named for its place, a second of the same name gets a number."""
    columns = list[str]()
    for place, cell in enumerate(cells, 1):
        name = " ".join(text_of(cell).replace("\x00", "").split()) or f"#{place}"
        unique, count = name, 1
        while unique in columns:
            count += 1
            unique = f"{name} ({count})"
        columns.append(unique)
    return columns


def _rows(records: Iterator[tuple[int, list[Cell], str]], *, width: int, notes: int) -> Iterator[Row]:
    for number, cells, problem in records:
        while len(cells) > width and is_blank(cells[-1]):
            cells.pop()
        yield Row(number, cells[notes:], problem or _problem(cells, width))


def _problem(cells: list[Cell], width: int) -> str:
    if len(cells) != width:
        return _count_problem(len(cells), width)
    if any(isinstance(cell, str) and "\x00" in cell for cell in cells):
        return _("has a character that is no text (NUL)")
    return ""


def _count_problem(found: int, expected: int) -> str:
    cells = ngettext("has %(count)d cell", "has %(count)d cells", found) % {"count": found}
    columns = ngettext("the header has %(count)d", "the header has %(count)d", expected) % {"count": expected}
    return f"{cells}, {columns}"

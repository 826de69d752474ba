"""Workbooks: XLSX and its relatives, the old XLS, OpenDocument."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from proofline.kit.imports.cells import Cell
from proofline.kit.imports.trouble import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
UNPACKED_LIMIT = 1 << 30

Record = tuple[int, list[Cell], str]


def is_workbook(start: bytes) -> bool:
    """Tell by its first bytes whether a file is, or wants to be, a workbook."""
    return start.startswith((ZIP, OLE))


def read_workbook(path: Path) -> tuple[str, Iterator[Record]]:
    """Return the name of the first sheet that has any rows, and these, with the numbers that a spreadsheet shows.

    Raises:
        UnreadableFileError: the file is damaged, locked, or no workbook.
    """
    _check_archive(path)
    try:
        book = CalamineWorkbook.from_path(path)
        for sheet in book.sheets_metadata:
            if sheet.typ == SheetTypeEnum.WorkSheet:
                rows = book.get_sheet_by_name(sheet.name)
                if rows.height:
                    return sheet.name, _rows(rows.iter_rows())
    except PasswordError:
        raise UnreadableFileError(_("The workbook is locked with a password. Save it without one.")) from None
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(_damaged()) from error
    raise UnreadableFileError(_("The workbook is empty: none of its sheets has any rows."))


def _rows(rows: Iterable[Sequence[Cell]]) -> Iterator[Record]:
    for number, cells in enumerate(rows, 1):
        yield number, list(cells), ""


def _check_archive(path: Path) -> None:
    """Refuse archives that are cut off, hold no workbook, or would unpack to more than memory takes."""
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            return
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableFileError(_damaged()) from None
    if not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
        raise UnreadableFileError(
            _("This is a ZIP archive without a workbook in it. Unpack it and import the table inside.")
        )
    if size > UNPACKED_LIMIT:
        raise UnreadableFileError(_("The workbook unpacks to over 1 GB. Split it, or save it as CSV."))


def _damaged() -> str:
    return _(
        "The workbook (XLSX) is cut off or damaged: its end is missing or can't be read. Copy or download it again, or save it"
        " anew from the spreadsheet program."
    )

"""Rows written as XLSX, one after the other, however many there are. Loading what writes it takes half a second, so who needs it does that."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_ROWS = 1_048_575
"""What a sheet holds beside its head."""
LONGEST_CELL = 32_767
PIECE = 64 * 1024


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give an XLSX file in pieces; beyond what one sheet holds it goes on in the next. It is written to the disk, not kept in memory."""
    book = Workbook(write_only=True)
    sheet = _sheet(book, title, head)
    for number, row in enumerate(rows):
        if number and number % MOST_ROWS == 0:
            sheet = _sheet(book, f"{title} {number // MOST_ROWS + 1}", head)
        sheet.append([_cell(sheet, cell) for cell in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _sheet(book: Workbook, title: str, head: Sequence[str]) -> Any:
    sheet: Any = book.create_sheet("".join(character for character in title if character not in r"[]:*?/\\")[-31:])
    sheet.append([_cell(sheet, name) for name in head])
    return sheet


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    text = "".join(one for one in str(value)[:LONGEST_CELL] if one in "\n\t" or one >= " ")
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # whatever it begins with, it is a text
    return cell

"""Rows written as CSV or XLSX, one after the other, however many there are; what a spreadsheet would run as a formula stays a text."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openpyxl import Workbook

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 1_048_575
"""What a sheet holds beside its head."""
LONGEST_CELL = 32_767
AT_ONCE = 500
PIECE = 64 * 1024


class _Line:
    """A file that hands on what is written to it."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give a CSV file in pieces, in UTF-8 with the mark by which spreadsheets know it."""
    line = _Line()
    writer = csv.writer(line)
    line.text = "\ufeff"
    writer.writerow([harmless(cell) for cell in head])
    for number, row in enumerate(rows):
        writer.writerow([_text(cell) for cell in row])
        if number % AT_ONCE == AT_ONCE - 1:
            yield line.text.encode()
            line.text = ""
    yield line.text.encode()


def _text(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if cell is None or isinstance(cell, int | float | Decimal) else harmless(str(cell))


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Give an XLSX file in pieces; beyond what one sheet holds it goes on in the next. It is written to the disk, not kept in memory."""
    from openpyxl import Workbook  # noqa: PLC0415 - half a second, for which no start waits

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
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as above

    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    text = "".join(one for one in str(value)[:LONGEST_CELL] if one in "\n\t" or one >= " ")
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # whatever it begins with, it is a text
    return cell

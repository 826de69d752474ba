"""Rows written as CSV, one after the other, however many there are; what a spreadsheet would run as a formula stays a text."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
AT_ONCE = 500


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

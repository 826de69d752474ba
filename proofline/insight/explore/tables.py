"""Answers as CSV: streamed row by row, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula."""
BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet computes: texts that begin like a formula get an apostrophe."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(columns: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of the file."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK + writer.writerow([harmless(column) for column in columns])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def streamed(columns: Sequence[Any], rows: Iterable[Sequence[Any]], *, name: str) -> StreamingHttpResponse:
    """Answer with the file."""
    answer = StreamingHttpResponse(lines(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer

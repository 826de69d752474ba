"""Text files of rows: CSV in its many dialects."""

from __future__ import annotations

import csv
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.imports.encodings import REPLACED, Encoding, encoding_of
from proofline.kit.imports.trouble import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

DELIMITERS = (",", ";", "|", "\t")
LONGEST_CELL = 1_000_000
LOOK_AHEAD = 50
WEB_PAGE = ("<!doctype html", "<html", "<head", "<body", "<table", "<div", "<script", "<?xml", "<meta", "<!--")

Record = tuple[int, list[str], str]
"""The row's number in the file, from 1; its cells; what is wrong with it as a whole."""


def read_delimited(path: Path) -> tuple[Encoding, str, Iterator[Record]]:
    """Return the encoding, the delimiter and the rows of a text file.

    Raises:
        UnreadableFileError: the file is no table.
    """
    encoding = encoding_of(path)
    with path.open(encoding=encoding.name, errors="replace", newline="") as file:
        start = file.read(1 << 16).lstrip("\ufeff \t\r\n")
    if not start:
        raise UnreadableFileError(_("The file is empty."))
    _refuse_other_formats(start)
    delimiter, named = _delimiter(start)
    return encoding, delimiter, _records(path, encoding=encoding, delimiter=delimiter, skip_first=named)


def _refuse_other_formats(start: str) -> None:
    head = start[:500].casefold()
    if head.startswith(WEB_PAGE) or ("<html" in head and "</" in start):
        raise UnreadableFileError(
            _(
                "This is a web page (HTML), not a table, whatever its name says. A download often gives a sign-in page instead of"
                " the file: open it in a browser to see, then export the table again as CSV or XLSX."
            )
        )
    if head.startswith(('{"', "{\n", "{\r", "{ ", "[{", "[\n")):
        raise UnreadableFileError(_("This is JSON, not a table. Export the table as CSV or XLSX."))
    if head.startswith("{\\rtf"):
        raise UnreadableFileError(_("This is a text document (RTF), not a table. Export the table as CSV or XLSX."))


def _delimiter(start: str) -> tuple[str, bool]:
    """Return the delimiter, and whether Excel's line `sep=…` names it."""
    first = start.splitlines()[0].strip().casefold()
    if first.startswith("sep=") and len(start) > len("sep="):
        return start[len("sep=")], True
    lines = start.splitlines(keepends=True)
    best, found = (0.0, False, 0), ","
    for delimiter in DELIMITERS:
        rows = [row for row in islice(csv.reader(lines, delimiter=delimiter), LOOK_AHEAD) if row]
        if rows and len(rows[0]) > 1:
            alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
            score = (alike, delimiter == "\t", len(rows[0]))  # tabs do not stand within texts, as the others do
            if score > best:
                best, found = score, delimiter
    return found, False


def _records(path: Path, *, encoding: Encoding, delimiter: str, skip_first: bool) -> Iterator[Record]:
    with path.open(encoding=encoding.name, errors="replace", newline="") as file:
        if skip_first:
            file.readline()
        for number, cells, problem in _Reader(file, delimiter).records():
            wrong = encoding.damaged and any(REPLACED in cell for cell in cells)
            yield number, cells, _("has a character that can't be read in the file's encoding") if wrong else problem


class _Reader:
    """Reads rows; a quotation mark that is never closed costs its own row, not the rest of the file."""

    def __init__(self, file: TextIO, delimiter: str) -> None:
        self.file = file
        self.delimiter = delimiter
        self.waiting: deque[str] = deque()
        self.used: list[str] = []

    def lines(self) -> Iterator[str]:
        """Give the lines that were put back, then the file's, keeping what the current row has used."""
        length = 0
        while length < LONGEST_CELL:
            line = self.waiting.popleft() if self.waiting else self.file.readline()
            if not line:
                return
            self.used.append(line)
            length += len(line)
            yield line

    def records(self) -> Iterator[Record]:
        """Give the rows; a blank line counts as a row, as it does in a spreadsheet."""
        number = 0
        while (cells := self._next()) is not None:
            number += 1
            if len(self.used) > 1 and sum(line.count('"') for line in self.used) % 2:
                first, *rest = self.used
                self.waiting.extendleft(reversed(rest))
                broken = next(csv.reader([first.replace('"', "")], delimiter=self.delimiter))
                yield number, broken, _("has a quotation mark that is never closed")
            else:
                yield number, cells, ""

    def _next(self) -> list[str] | None:
        self.used = []
        csv.field_size_limit(2 * LONGEST_CELL)
        return next(csv.reader(self.lines(), delimiter=self.delimiter), None)

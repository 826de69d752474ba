"""The rows that were not taken, in a file that can be corrected and imported again."""

from __future__ import annotations

import csv
from itertools import count
from typing import TYPE_CHECKING

from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.reading import NOTES

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

SUFFIX = "-errors"


class Rejects:
    """Collects rejected rows with their original cells; the file is made with the first of them.

    Before the original columns stand `row` and `reason`, which are left out when the file comes back. A file that is there
    already is never written over: somebody may be correcting it.
    """

    def __init__(self, folder: Path, *, name: str, columns: list[str]) -> None:
        self.folder = folder
        self.name = name.removesuffix(SUFFIX)
        self.columns = columns
        self.path: Path | None = None
        self._file: TextIO | None = None

    def add(self, number: int, cells: list[Cell], reason: str) -> None:
        """Keep a row."""
        if self._file is None:
            self._file = self._open()
            csv.writer(self._file).writerow([*NOTES, *self.columns])
        csv.writer(self._file).writerow([number, reason, *map(text_of, cells)])

    def _open(self) -> TextIO:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in count(1):
            self.path = self.folder / f"{self.name}{SUFFIX}{'' if number == 1 else f'-{number}'}.csv"
            try:
                return self.path.open("x", encoding="utf-8", newline="")
            except FileExistsError:
                continue
        raise AssertionError

    def close(self) -> None:
        """Finish the file; where it has more than ASCII, a byte order mark tells spreadsheet programs that it is UTF-8."""
        if self._file is None or self.path is None:
            return
        self._file.close()
        content = self.path.read_bytes()
        if not content.isascii():
            self.path.write_bytes(b"\xef\xbb\xbf" + content)
        self.path.chmod(0o600)

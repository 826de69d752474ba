"""The rows that were not taken, in a file that can be corrected and imported again."""

from __future__ import annotations

import codecs
import csv
import os
import shutil
from itertools import count
from typing import TYPE_CHECKING

from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.reading import NOTES

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

SUFFIX = "-errors"
PIECE = 1 << 20


class Rejects:
    """Collects rejected rows with their original cells; the file is made with the first of them.

    Before the original columns stand `row` and `reason`, which are left out when the file comes back. A file that is there
    already is never written over: somebody may be correcting it.
    """

    def __init__(self, folder: Path, *, name: str, columns: list[str], goes_on_at: int | None = None) -> None:
        self.folder = folder
        self.name = name.removesuffix(SUFFIX)
        self.columns = columns
        self.path: Path | None = None
        self._file: TextIO | None = None
        if goes_on_at is not None:
            self._go_on(goes_on_at)

    def _go_on(self, length: int) -> None:
        """Go on in the file of a run whose process was killed; what it wrote after its last transaction is cut off."""
        path = self.folder / f"{self.name}{SUFFIX}.csv"
        if not length:
            path.unlink(missing_ok=True)
            return
        self.path = path
        self._file = self.path.open("r+", encoding="utf-8", newline="")
        self._file.truncate(length)
        self._file.seek(length)

    def add(self, number: int, cells: list[Cell], reason: str) -> None:
        """Keep a row."""
        if self._file is None:
            self._file = self._open()
            csv.writer(self._file).writerow([*NOTES, *self.columns])
        csv.writer(self._file).writerow([number, reason, *map(text_of, cells)])

    def flushed(self) -> int:
        """See that what was added is on the disk; return the file's length in bytes, 0 where there is none."""
        if self._file is None:
            return 0
        self._file.flush()
        os.fsync(self._file.fileno())
        return os.fstat(self._file.fileno()).st_size

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
        """Write no more, for now."""
        if self._file is not None:
            self._file.close()

    def finish(self) -> None:
        """Finish the file; where it has more than ASCII, a byte order mark tells spreadsheet programs that it is UTF-8."""
        self.close()
        if self.path is None:
            return
        with self.path.open("rb") as file:
            plain = all(piece.isascii() for piece in iter(lambda: file.read(PIECE), b""))
        if not plain:
            marked = self.path.with_suffix(".marked")
            with self.path.open("rb") as file, marked.open("wb") as other:
                other.write(codecs.BOM_UTF8)
                shutil.copyfileobj(file, other)
            marked.replace(self.path)
        self.path.chmod(0o600)

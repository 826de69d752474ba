"""What can be wrong with a file and with a cell."""

from __future__ import annotations


class UnreadableFileError(ValueError):
    """Nothing of the file can be taken; the message says why and what to do."""


class CellError(ValueError):
    """A cell can't be read; the message says what is wrong and what is expected."""

"""What is said of a cell that can't be read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from proofline.kit.imports.cells import Cell, text_of
from proofline.kit.imports.trouble import CellError

SHOWN = 60


def shown(cell: Cell) -> str:
    """Return the cell for a message, cut where it is long."""
    text = " ".join(text_of(cell).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def refuse(cell: Cell, *, expected: str) -> CellError:
    """Return the error for a cell that is not what is expected."""
    return CellError(
        _("“%(value)s” can't be read; expected %(expected)s") % {"value": shown(cell), "expected": expected}
    )

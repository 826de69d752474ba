"""Cells as text: the same value reads the same, whether it comes from a workbook or a text file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | datetime | date | time | timedelta | None


def text_of(cell: Cell) -> str:
    """Return the cell as one would type it: whole numbers without ".0", days and times in ISO form."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        at_midnight = cell.time() == time()
        return cell.date().isoformat() if at_midnight else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def is_blank(cell: Cell) -> bool:
    """Tell whether there is nothing in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())

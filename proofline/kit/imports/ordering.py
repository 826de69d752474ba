"""Whether a file writes the day or the month of its days first, told from those that can be read in one way only."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from proofline.kit.imports.reading import open_table
from proofline.kit.imports.values import Order, order_in

if TYPE_CHECKING:
    from pathlib import Path

    from proofline.kit.imports.kinds import Kind
    from proofline.kit.imports.mapping import ColumnMap

ROWS = 10_000
"""Enough to meet a day after the twelfth many times over."""


def order_of(kind: Kind, path: Path, columns: ColumnMap) -> Order:
    """Return the one order that the days in a file's first rows show; "" where they show none, or both.

    One program wrote the file, so that one column speaks for the others.
    """
    places = [columns.places[field.name] for field in kind.fields if field.is_day and field.name in columns.places]
    if not places:
        return ""
    shown = set[Order]()
    with open_table(path) as table:
        for row in islice(table.rows, ROWS):
            shown.update(order_in(row.cells[place]) for place in places if place < len(row.cells))
            if {"day", "month"} <= shown:
                return ""
    return next(iter(shown - {""}), "")

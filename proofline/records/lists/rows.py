"""The rows of a list as HTML. Written without templates, as a page has hundreds of cells."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from proofline.kit.cells import writers
from proofline.kit.templatetags.kit import icon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.template import Context

    from proofline.kit.components import Column
    from proofline.records.lists import RecordList

PENCIL = icon("pencil")


@dataclass(frozen=True)
class Cell:
    """A column's cell: what writes its inside; the address of its editor around a record's id, "" for none; and its button."""

    write: Callable[[Any], str]
    kind: str
    before: str
    after: str
    button: str

    def html(self, row: Any, *, editable: bool) -> str:
        """Return the cell of a row."""
        if editable and self.before:
            return f'<td{self.kind} data-edit="{self.before}{row.pk}{self.after}">{self.write(row)}{self.button}</td>'
        return f"<td{self.kind}>{self.write(row)}</td>"


def rows_html(listing: RecordList, rows: Sequence[Any], context: Context) -> SafeString:
    """Return the rows of a list's table: a mark, the head, and cells that can be edited where they stand by who may."""
    write_head, *others = writers(listing, context)
    cells = [
        _cell(write, column, *listing.edits.get(field.name, ("", "")))
        for write, column, field in zip(others, listing.columns[1:], listing.state.columns[1:], strict=True)
    ]
    mark = _("Mark %(row)s")
    parts: list[str] = []
    for row in rows:
        said, editable = escape(mark % {"row": row}), listing.may_edit(row)
        parts.append(
            f'<tr data-id="{row.pk}"><td class="mark"><input type="checkbox" class="form-check-input" value="{row.pk}" data-mark aria-label="{said}"></td><th scope="row">{write_head(row)}</th>'
        )
        parts += [cell.html(row, editable=editable) for cell in cells]
        parts.append("</tr>")
    return SafeString("".join(parts))


def _cell(write: Callable[[Any], str], column: Column, before: str, after: str) -> Cell:
    said = escape(_("Change: %(label)s") % {"label": column.label})
    button = f'<button type="button" class="cell-edit" data-edit-open aria-label="{said}">{PENCIL}</button>'
    return Cell(write, ' class="end num"' if column.is_number else "", before, after, button)

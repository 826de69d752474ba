"""The rows of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString

from proofline.kit import cells

if TYPE_CHECKING:
    from proofline.kit.components import ListPage

register = template.Library()


@register.simple_tag(takes_context=True)
def list_rows(context: template.Context, listing: ListPage) -> SafeString:
    """Show the rows of a list's page."""
    write, ends = cells.writers(listing, context), [column.is_number for column in listing.columns]
    return SafeString("".join(f"<tr>{_cells([one(row) for one in write], ends)}</tr>" for row in listing.rows))


def _cells(inner: list[str], ends: list[bool]) -> str:
    """Return a row's cells, the first as its head; figures stand at the right."""
    parts = [f'<th scope="row">{inner[0]}</th>']
    parts += [
        f'<td class="end num">{one}</td>' if end else f"<td>{one}</td>"
        for one, end in zip(inner[1:], ends[1:], strict=True)
    ]
    return "".join(parts)

"""The cells of a list: each column is prepared once a page and then written for every row. Without templates, as a page has hundreds."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from django.template import Engine
from django.template.base import render_value_in_context
from django.utils import timezone
from django.utils.html import conditional_escape

from proofline.kit import formats
from proofline.kit.components import follower
from proofline.kit.templatetags.kit import avatar, badge, date_tag, money, when

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.template import Context

    from proofline.kit.components import Column, ListPage

    Write = Callable[[Any], str]

__all__ = ["writers"]

NO_VALUE = '<span class="nothing">–</span>'
SHOWN: dict[str, Callable[[Any], Any]] = {
    "number": formats.number,
    "percent": formats.percent,
    "date": date_tag,
    "when": when,
}
"""How a cell shows a value of these kinds; any other is written as a template writes it."""
ONCE: dict[str, Callable[[Any], Any]] = {"user": lambda value: avatar(value, name=True), "badge": badge}
"""As `SHOWN`, for values of which a page has few: each is written once."""


def writers(listing: ListPage, context: Context) -> list[Write]:
    """Return, for each column of a list, what writes the cell of a row as HTML; the first column leads to the row's page."""
    return [_writer(listing, column, context, first=not number) for number, column in enumerate(listing.columns)]


def _writer(listing: ListPage, column: Column, context: Context, *, first: bool) -> Write:
    if column.template:
        return _templated(listing, column, context, first=first)
    value_of, leads_to = follower(column.value), _leads_to(listing, column, first=first)
    show = _show(column, context)

    def write(row: Any) -> str:
        value = value_of(row)
        if value is None or value == "":
            return NO_VALUE
        url = leads_to(row) if leads_to else ""
        return f'<a href="{escape(url)}">{show(value, row)}</a>' if url else show(value, row)

    return write


def _leads_to(listing: ListPage, column: Column, *, first: bool) -> Write | None:
    if column.url and first:
        return lambda row: column.url_of(row) or listing.url_of(row)
    if column.url:
        return column.url_of
    return listing.url_of if first else None


def _show(column: Column, context: Context) -> Callable[[Any, Any], str]:
    """Return what writes a value as HTML, given its row."""
    if column.kind == "money":
        return lambda value, row: money(value, column.currency_of(row))
    if column.kind in ONCE:
        once, written = ONCE[column.kind], dict[str, str]()

        def again(value: Any, _row: Any) -> str:
            text = str(value)
            if text not in written:
                written[text] = conditional_escape(once(value))
            return written[text]

        return again
    if column.kind in SHOWN:
        shown = SHOWN[column.kind]
        return lambda value, _row: conditional_escape(shown(value))

    def plain(value: Any, _row: Any) -> str:
        if type(value) is str:
            return escape(value)
        return conditional_escape(render_value_in_context(value, context))

    return plain


def _templated(listing: ListPage, column: Column, context: Context, *, first: bool) -> Write:
    template = Engine.get_default().get_template(column.template)
    leads_to = _leads_to(listing, column, first=first)
    same = {
        "column": column,
        "may_write": getattr(listing, "can_write", False),
        "today": timezone.localdate(),
        "csrf_token": context.get("csrf_token"),
    }

    def write(row: Any) -> str:
        url = leads_to(row) if leads_to else ""
        return template.render(context.new({**same, "row": row, "value": column.of(row), "url": url}))

    return write

"""A list as a file: all of it, whatever its length, written while it is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.kit.lists.exporting import csv_lines
from proofline.records.custom import several
from proofline.records.lists.listing import loaded
from proofline.records.views.lists.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from proofline.kit.lists import Field

AT_ONCE = 2000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Give the list, or the rows that were marked, as CSV or XLSX (`?format=xlsx`)."""
    asked = Asked.by(request, kind)
    wanted = request.GET.get("format", "csv")
    if wanted not in TYPES:
        return HttpResponseBadRequest(_("Possible formats: csv, xlsx."))
    fields = asked.state.columns
    chosen = asked.chosen() if "ids" in request.GET else asked.rows()
    found = loaded(chosen, asked.kind, fields, asked.context)
    head = [name for one in fields for name in heads(one)]
    said = {one.name: dict(one.options(asked.context)) for one in fields if one.type.name in {"choice", "choices"}}
    rows = (line(row, fields, said) for row in found.iterator(chunk_size=AT_ONCE))
    name = f"{asked.kind.label} {timezone.localdate():%Y-%m-%d}.{wanted}"
    answer = StreamingHttpResponse(
        in_language(pieces_of(wanted, str(asked.kind.label), head, rows)), content_type=TYPES[wanted]
    )
    answer["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(name)}"
    return answer


def pieces_of(wanted: str, title: str, head: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    """Give the file in pieces."""
    if wanted == "csv":
        return csv_lines(head, rows)
    from proofline.kit.lists.workbooks import workbook  # noqa: PLC0415 - half a second of code, for which no start waits

    return workbook(title, head, rows)


def heads(field: Field) -> list[str]:
    """Return what stands above a field's cells: an amount of money has two."""
    label = str(field.label)
    return [label, _("%(label)s · currency") % {"label": label}] if field.type.name == "money" else [label]


def line(row: Any, fields: list[Field], said: Mapping[str, Mapping[str, str]]) -> list[Any]:
    """Return a row's cells: a choice by its label in `said`; an amount of money takes two, the second its currency."""
    cells: list[Any] = []
    for one in fields:
        if one.type.name == "choices":
            cells.append(several.written(json.loads(getattr(row, one.key) or "[]"), said[one.name]))
            continue
        value = one.column.of(row)
        is_plain = value is None or one.type.name in {"number", "money", "date", "time"}
        cells.append(value if is_plain else said.get(one.name, {}).get(str(value), str(value)))
        if one.type.name == "money":
            cells.append(one.column.currency_of(row))
    return cells


def in_language(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the pieces in the language and time zone of now, though they be written after the request's end."""
    language, zone = translation.get_language(), timezone.get_current_timezone()
    while True:
        with translation.override(language), timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece

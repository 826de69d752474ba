"""Custom fields as columns of imports."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proofline.kit.imports import values as cells
from proofline.kit.imports.cells import text_of
from proofline.kit.imports.kinds import Field, Kind
from proofline.kit.imports.trouble import CellError
from proofline.kit.text import fold
from proofline.records import kinds
from proofline.records.custom import several
from proofline.records.models.custom import PREFIX, fields_of

if TYPE_CHECKING:
    from proofline.kit.imports.cells import Cell
    from proofline.kit.imports.values import Parser
    from proofline.records.models import CustomField


def with_custom(kind: Kind) -> Kind:
    """Return a kind of import with the custom fields of its records, as there are now."""
    keeper: Any = kind.keeper
    of = kinds.of_model(getattr(keeper, "model", None))
    found = [made for one in (fields_of(of.name) if of else ()) if (made := _field(one, keeper)) is not None]
    return replace(kind, fields=(*kind.fields, *found)) if found else kind


def _field(custom: CustomField, keeper: Any) -> Field | None:
    """Return the column of a custom field; None for what is computed, or names records that this import does not know."""
    lists = {"person": "user", "relation": custom.to}
    known = lists.get(custom.type, "")
    if custom.is_computed or (known and known not in keeper.lists):
        return None
    read = cells.line if known else _reader(custom)
    names = tuple(filter(None, (custom.name, custom.name_zh, custom.key)))
    ordered = partial(_reader, custom) if custom.type == "date" else None
    return Field(name=custom.attribute, label=custom.label, aliases=names, read=read, known=known, ordered=ordered)


def _reader(custom: CustomField, order: cells.Order = "") -> Parser:
    parsers: dict[str, Parser] = {
        "number": cells.number,
        "money": _money(custom),
        "date": partial(cells.day, order=order),
    }
    parse = parsers.get(custom.type, cells.line)

    def read(cell: Cell) -> Any:
        value: Any = _keys(custom, text_of(cell)) if custom.options else parse(cell)
        try:
            return custom.read(value, by=None)
        except ValidationError as error:
            raise CellError(" ".join(error.messages)) from None

    return read


def _money(custom: CustomField) -> Parser:
    """Return the reader of an amount in the field's currency, which refuses one that says it is in another."""

    def read(cell: Cell) -> Any:
        if (sign := cells.currency_in(cell, home=custom.currency)) and sign != custom.currency:
            expected = _("an amount in %(currency)s") % {"currency": custom.currency}
            raise cells.refuse(cell, expected=expected)
        return cells.money(cell)

    return read


def _keys(custom: CustomField, text: str) -> Any:
    """Return the options that a cell names, by key or in either language."""
    named = ("name_zh", "name", "key")
    known = {fold(one[name]): one["key"] for name in named for one in custom.options if one.get(name)}
    return several.read(text, known) if custom.type == "choices" else known.get(fold(text), text.strip())


def put_custom(record: Any, values: dict[str, Any], cleared: list[str]) -> dict[str, Any] | None:
    """Return the column of custom fields with what a row gives and empties; None where it says nothing of them."""
    given = {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}
    gone = {name.removeprefix(PREFIX) for name in cleared if name.startswith(PREFIX)}
    if not given and not gone:
        return None
    return {key: value for key, value in {**record.custom, **given}.items() if key not in gone and value is not None}

"""Groups of a list's rows, and sums under its columns: over all rows of the list, as long as they can be added up while one waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from proofline.kit import formats

if TYPE_CHECKING:
    from proofline.kit.lists import Field
    from proofline.records.lists.listing import RecordList


@dataclass
class Section:
    """Rows of one group. `label` is None where the list has no groups; `count` None where there are too many rows to count."""

    label: str | None
    rows: list[Any] = field(default_factory=list)
    count: int | None = None
    sums: str = ""


def sections(listing: RecordList) -> list[Section]:
    """Return the page's rows by group."""
    by = listing.state.group
    if by is None:
        return [Section(None, listing.rows)]
    totals = _totals(listing, by)
    found: list[Section] = []
    last: Any = object()
    for row in listing.rows:
        key = _key(row, by)
        if key != last or not found:
            last = key
            count, said = totals.get(key, (None, ""))
            found.append(Section(_label(row, by, listing), [], count, said))
        found[-1].rows.append(row)
    return found


def sums(listing: RecordList) -> list[str]:
    """Return what stands under each column; an empty list for nothing at all."""
    summed = [one for one in listing.state.columns if one.sums]
    if not summed or listing.page.capped or not listing.page.count:
        return []
    said = _summed(listing, summed)
    return [said.get(one.name, "") for one in listing.state.columns]


def _summed(listing: RecordList, fields: list[Field]) -> dict[str, str]:
    rows = listing.everything
    found = {}
    plain = [one for one in fields if one.type.name != "money" or one.one_currency]
    if plain:
        totals = rows.order_by().aggregate(**{f"sum_{one.name}": Sum(one.key) for one in plain})
        found = {one.name: _total(one, total) for one in plain if (total := totals[f"sum_{one.name}"]) is not None}
    for one in fields:
        if one.type.name == "money" and not one.one_currency:
            by_currency = rows.order_by().values_list(one.currency_key).annotate(total=Sum(one.key))
            pairs = sorted((currency, total) for currency, total in by_currency if total is not None)
            found[one.name] = " + ".join(formats.money(total, currency) for currency, total in pairs)
    return found


def _total(field: Field, total: Any) -> str:
    return formats.money(total, field.one_currency) if field.one_currency else formats.number(total)


def _totals(listing: RecordList, by: Field) -> dict[Any, tuple[int | None, str]]:
    if listing.page.capped:
        return {}
    counted = listing.everything.order_by().values_list(by.key).annotate(number=Count("pk"))
    return {key: (number, "") for key, number in counted}


def _key(row: Any, by: Field) -> Any:
    *way, last = by.key.split("__")
    for part in way:
        row = getattr(row, part, None)
    return getattr(row, f"{last}_id", getattr(row, last, None))


def _label(row: Any, by: Field, listing: RecordList) -> str:
    value = by.column.of(row)
    if value is None or value == "":
        return _("none")
    said = dict(by.options(listing.state.context)).get(str(value)) if by.choices else None
    return said or str(value)

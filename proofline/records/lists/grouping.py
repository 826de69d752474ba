"""Groups of a list's rows, and sums under its columns: over all rows of the list, as long as they can be added up while one waits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from proofline.kit import formats

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    """Return the page's rows by group, each with the number of its rows in the whole list and their sums."""
    by = listing.state.group
    if by is None:
        return [Section(None, listing.rows)]
    counted, added = _totals(listing, by)
    found: list[Section] = []
    last: Any = object()
    for row in listing.rows:
        key = _key(row, by)
        if key != last:
            last = key
            found.append(Section(_label(row, by, listing), [], counted.get(key), added.get(key, "")))
        found[-1].rows.append(row)
    return found


def sums(listing: RecordList) -> list[str]:
    """Return what stands under each column; an empty list for nothing at all."""
    summed = _summed(listing)
    if not summed or not listing.page.count:
        return []
    said = _added(listing.everything, summed)[None]
    return [said.get(one.name, "") for one in listing.state.columns]


def _summed(listing: RecordList) -> list[Field]:
    """Return the columns that are added up: none where there are too many rows."""
    return [] if listing.page.capped else [one for one in listing.state.columns if one.sums]


def _added(rows: QuerySet[Any], fields: list[Field], *, by: str = "") -> dict[Any, dict[str, str]]:
    """Return the sum of each field in words, by its name, for each value of `by`; without it all under None."""
    found: dict[Any, dict[str, str]] = defaultdict(dict)
    key = (by,) if by else ()
    plain = [one for one in fields if one.type.name != "money" or one.one_currency]
    if plain:
        asked = {f"sum_{one.name}": Sum(one.key) for one in plain}
        lines = rows.order_by().values(*key).annotate(**asked) if by else [rows.order_by().aggregate(**asked)]
        for line in lines:
            found[line[by] if by else None] |= {
                one.name: _total(one, total) for one in plain if (total := line[f"sum_{one.name}"]) is not None
            }
    for one in fields:
        if one not in plain:
            parts: dict[Any, list[tuple[str, Any]]] = defaultdict(list)
            for *group, currency, total in (
                rows.order_by().values_list(*key, one.currency_key).annotate(total=Sum(one.key))
            ):
                if total is not None:
                    parts[group[0] if group else None].append((currency, total))
            for value, pairs in parts.items():
                found[value][one.name] = " + ".join(formats.money(total, currency) for currency, total in sorted(pairs))
    return found


def _total(field: Field, total: Any) -> str:
    return formats.money(total, field.one_currency) if field.one_currency else formats.number(total)


def _totals(listing: RecordList, by: Field) -> tuple[dict[Any, int], dict[Any, str]]:
    """Return by group how many rows it has, and its sums in words; nothing where there are too many rows."""
    if listing.page.capped:
        return {}, {}
    counted = dict(listing.everything.order_by().values_list(by.key).annotate(number=Count("pk")))
    summed = _summed(listing)
    added = _added(listing.everything, summed, by=by.key) if summed else {}
    labels = {one.name: one.label for one in summed}
    said = {
        key: " · ".join(f"{labels[name]} {total}" for name, total in totals.items()) for key, totals in added.items()
    }
    return counted, said


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

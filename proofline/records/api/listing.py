"""Lists through the API: the same filters, orders and fields as on the pages, for every kind of record."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django.db.models import Model
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from proofline.kit.lists import Context, FilterError, conditions_of, kind_named, kinds
from proofline.kit.rest import page_of
from proofline.kit.search.narrowing import searched
from proofline.records.api.tokens import user_of
from proofline.records.lists.changing import changeable
from proofline.records.lists.custom import Named
from proofline.records.lists.listing import loaded
from proofline.records.models import Customized, SavedView
from proofline.records.more import with_computed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from proofline.kit.lists import Field as ListField
    from proofline.kit.lists import Kind
    from proofline.kit.rest import Paging

from proofline.kit.rest import PagingQuery

router = Router(tags=["lists"])
LANGUAGE_NEUTRAL = {"text", "number", "money", "date", "time", "flag"}


class Listing(Schema):
    """How a list is narrowed and ordered."""

    filter: str = Field("", description="Conditions as JSON; see “Lists” in the documentation.")
    sort: str = Field(
        "", description="A field's name, with “-” before it for descending; empty: the kind's usual order."
    )


ListingQuery = Annotated[Listing, Query()]


class FieldOut(Schema):
    name: str
    label: str
    type: str
    operators: list[str]
    sortable: bool
    filterable: bool
    shown: bool
    changeable: bool
    relation: str | None


class KindOut(Schema):
    name: str
    label: str
    fields: list[FieldOut]
    relations: dict[str, str] = Field(description="Related records by name, with their kind: for “has” and “has_no”.")
    columns: list[str]
    can_change: bool
    can_remove: bool


class Records(Schema):
    items: list[dict[str, Any]]
    next: str | None = Field(None, description="The cursor of the next page; null on the last one.")


def context_of(request: HttpRequest) -> Context:
    """Return who asks, and when."""
    return Context(user_of(request), timezone.now())


def listed(request: HttpRequest, name: str, found: QuerySet[Any], paging: Paging, listing: Listing) -> dict[str, Any]:
    """Return a page of a kind's records, narrowed and ordered.

    Raises:
        FilterError: the filter or the order can't be read.
    """
    if issubclass(found.model, Customized):
        found = with_computed(found, user=user_of(request))
    if not listing.filter and not listing.sort:
        return page_of(found, paging)
    kind, context = kind_named(name), context_of(request)
    found = narrowed(found, kind, listing, context)
    return page_of(found, paging, order=kind.order_by(listing.sort) if listing.sort else ("-pk",))


def narrowed(found: QuerySet[Any], kind: Kind, listing: Listing, context: Context) -> QuerySet[Any]:
    """Return the records that the filter keeps, with what the order needs."""
    found = conditions_of(listing.filter, kind=kind, context=context).narrow(found, context)
    by = kind.field(listing.sort.removeprefix("-")) if listing.sort else None
    return by.needed(found, context) if by else found


def kind_out(kind: Kind) -> dict[str, Any]:
    """Describe a kind."""
    known = {one.name for one in changeable(kind)}
    return {
        "name": kind.name,
        "label": str(kind.label),
        "columns": list(kind.columns),
        "relations": {one.name: one.kind for one in kind.relations},
        "can_change": bool(known),
        "can_remove": kind.can_remove,
        "fields": [
            {
                "name": one.name,
                "label": str(one.label),
                "type": one.type.name,
                "operators": [operator.name for operator in one.type.operators] if one.is_filterable else [],
                "sortable": one.is_sortable_here,
                "filterable": one.is_filterable,
                "shown": one.is_shown,
                "changeable": one.name in known,
                "relation": one.to or None,
            }
            for one in kind.all_fields
        ],
    }


@router.get("/kinds", response=list[KindOut])
def all_kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """List the kinds of record, with their fields: what can be shown, filtered, sorted and changed."""
    del request
    return [kind_out(kind) for kind in kinds()]


@router.get("/kinds/{slug:name}", response=KindOut)
def one_kind(request: HttpRequest, name: str) -> dict[str, Any]:
    """Describe one kind."""
    del request
    return kind_out(kind_named(name))


@router.get("/kinds/{slug:name}/records", response=Records)
def records(
    request: HttpRequest,
    name: str,
    paging: PagingQuery,
    listing: ListingQuery,
    q: str = "",
    fields: str = "",
    view: int | None = None,
) -> dict[str, Any]:
    """List records of any kind: `fields` names what is told of each (a, b, c), `view` begins with a saved view."""
    kind, context = kind_named(name), context_of(request)
    listing, fields = with_view(kind, view, listing, fields, context)
    shown = fields_of(kind, fields)
    found = narrowed(searched(kind.visible(context.user), q, kind.search), kind, listing, context)
    page = page_of(loaded(found, kind, shown, context), paging, order=kind.order_by(listing.sort))
    return {"items": [told(row, shown) for row in page["items"]], "next": page["next"]}


def with_view(kind: Kind, view: int | None, listing: Listing, fields: str, context: Context) -> tuple[Listing, str]:
    """Return the listing with what a saved view says where nothing else is said."""
    if view is None:
        return listing, fields
    found = (
        SavedView.objects.visible_to(context.user).filter(kind=kind.name, pk=view).first() if 0 < view < 2**63 else None
    )
    if found is None:
        raise Http404
    kept = found.state
    text = listing.filter or (json.dumps(kept["filter"]) if kept.get("filter") else "")
    return Listing(filter=text, sort=listing.sort or kept.get("sort", "")), fields or ",".join(kept.get("columns", []))


def fields_of(kind: Kind, names: str) -> list[ListField]:
    """Return the fields of these names; the kind's usual columns for none.

    Raises:
        FilterError: one of them is none.
    """
    found = []
    for name in [one.strip() for one in names.split(",") if one.strip()] or kind.columns:
        field = kind.field(name)
        if field is None or not field.is_shown:
            known = ", ".join(one.name for one in kind.all_fields if one.is_shown)
            raise FilterError(
                _("There is no field “%(name)s”; there are: %(known)s.") % {"name": name[:50], "known": known},
                at="fields",
            )
        found.append(field)
    return found


def told(row: Any, fields: Sequence[ListField]) -> dict[str, Any]:
    """Return a record as JSON: its id and the fields that were asked for."""
    return {"id": row.pk} | {one.name: plain(one, row) for one in fields}


def plain(field: ListField, row: Any) -> Any:
    """Return a field's value as JSON: amounts as text with their currency, related records and people by id and name.

    Of custom fields people and records are told by id alone, as in `custom` of a record.
    """
    if isinstance(field, Named):
        value = getattr(row, field.key)
    elif field.type.name in LANGUAGE_NEUTRAL or field.choices is None:
        value = field.column.of(row)
    else:
        value = _stored(row, field)
    if field.type.name == "choices":
        return json.loads(value) if value else []
    if isinstance(value, Model):
        return {"id": value.pk, "name": str(value)}
    if field.type.name == "money":
        return None if value is None else {"amount": str(value), "currency": field.column.currency_of(row)}
    if isinstance(value, Decimal):
        return str(value)
    return (
        value
        if value is None or isinstance(value, str | int | float | bool) or hasattr(value, "isoformat")
        else str(value)
    )


def _stored(row: Any, field: ListField) -> Any:
    for part in field.key.split("__"):
        row = getattr(row, part, None)
    return row

"""Roll-ups: what the records that belong to one come to, such as the sum of an account's deals. Only what the reader may see counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Count, IntegerField, Max, Min, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.kit.lists import kind_named
from proofline.records import kinds

if TYPE_CHECKING:
    from proofline.kit.lists import Context, Field, Kind, Relation
    from proofline.records.models import CustomField

FUNCTIONS = (
    ("count", gettext_lazy("how many")),
    ("sum", gettext_lazy("sum")),
    ("min", gettext_lazy("smallest")),
    ("max", gettext_lazy("largest")),
    ("latest", gettext_lazy("of the newest")),
)
AGGREGATES: dict[str, Any] = {"sum": Sum, "min": Min, "max": Max}
SUMMED = frozenset({"number", "money"})
COMPARED = SUMMED | {"date", "time"}


def list_kind(kind: str) -> Kind | None:
    """Return a kind of main record as lists know it."""
    known = kinds.named(kind)
    try:
        return kind_named(known.slug) if known else None
    except Http404:  # it has no list yet
        return None


def relations(kind: str) -> list[Relation]:
    """Return the records that can belong to one of a kind."""
    found = list_kind(kind)
    return found.relations if found else []


def source(field: CustomField) -> tuple[Relation | None, Field | None]:
    """Return the relation and the field that a roll-up is made of, as far as they are there."""
    relation = next((one for one in relations(field.kind) if one.name == field.relation), None)
    other = kind_named(relation.kind).field(field.rolls) if relation and field.rolls else None
    return relation, other


def check(field: CustomField) -> str:
    """Return the type of a roll-up's result.

    Raises:
        ValidationError: there are no such records, or nothing of that kind can be made of the field.
    """
    relation, other = source(field)
    if relation is None:
        raise ValidationError({"relation": _("Choose the records that are rolled up.")})
    if field.function == "count":
        field.rolls = ""
        return "number"
    if other is None or other.name not in {one.name for one in offered(relation)}:
        raise ValidationError({"rolls": _("Choose a field of these records.")})
    allowed = {"sum": SUMMED, "min": COMPARED, "max": COMPARED, "latest": COMPARED | {"text"}}.get(field.function)
    if allowed is None:
        raise ValidationError({"function": _("Choose what is made of them.")})
    if other.type.name not in allowed:
        raise ValidationError({"rolls": _("This can't be made of “%(field)s”.") % {"field": other.label}})
    return other.type.name


def offered(relation: Relation) -> list[Field]:
    """Return the fields that can be rolled up; none that is computed of others, which could come back to the roll-up itself."""
    every = [one for one in kind_named(relation.kind).all_fields if one.is_filterable]
    plain = [one for one in every if one.edits or not one.name.startswith("custom_")]
    return [one for one in plain if one.type.name in COMPARED | {"text"}]


def expression(field: CustomField, context: Context) -> Any:
    """Return what the store is asked; None when what it was made of is gone."""
    relation, other = source(field)
    if relation is None:
        return None
    rows = kind_named(relation.kind).visible(context.user).filter(**{relation.path: OuterRef("pk")}).order_by()
    if field.function == "count":
        counted = rows.values(relation.path).annotate(rolled=Count("pk")).values("rolled")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    if other is None:
        return None
    rows = other.needed(rows, context)
    if other.type.name == "money" and other.currency_key:
        rows = rows.filter(**{other.currency_key: field.currency})
    if field.function == "latest":
        return Subquery(rows.order_by("-pk").values(other.key)[:1])
    rolled = rows.values(relation.path).annotate(rolled=AGGREGATES[field.function](other.key))
    return Subquery(rolled.values("rolled"))

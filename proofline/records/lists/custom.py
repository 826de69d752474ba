"""Custom fields, as lists know them: columns, filters, order, groups, sums and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from proofline.kit import formats
from proofline.kit.lists import Choice, Day, Field, Moment, Money, Number, Person, RelationType, Several, Text
from proofline.records import kinds as main
from proofline.records.custom import values
from proofline.records.lists import offers
from proofline.records.models import User
from proofline.records.models.custom import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

    from proofline.kit.lists import Context
    from proofline.records.models import CustomField

TYPES = {
    "text": Text(),
    "number": Number(),
    "money": Money(),
    "date": Day(),
    "time": Moment(),
    "choice": Choice(),
    "choices": Several(),
    "person": Person(),
    "relation": RelationType(),
}


@dataclass(frozen=True)
class Named(Field):
    """A field that names a person or a record by its id: rows show and are ordered by what that is called."""

    custom: CustomField | None = None

    def needed(self, queryset: QuerySet[Any], context: Context) -> QuerySet[Any]:
        """Return the queryset with the id, and the name of what the user may see."""
        queryset = super().needed(queryset, context)
        if self.order in queryset.query.annotations or self.custom is None:
            return queryset
        rows = self.custom.candidates(context.user) if self.type.name == "relation" else User.objects.all()
        named: QuerySet[Any] = queryset.annotate(
            **{self.order: Subquery(rows.filter(pk=OuterRef(self.key)).order_by().values("name")[:1])}
        )
        return named


def giver(kind: str) -> Callable[[], Sequence[Field]]:
    """Return what gives a kind's custom fields as lists know them."""
    return lambda: [list_field(one) for one in fields_of(kind)]


def list_field(custom: CustomField) -> Field:
    """Return a custom field as lists know it; the same one as long as the definition is held, in one language."""
    language = get_language() or ""
    kept: dict[str, Field] = custom.__dict__.setdefault("list_fields", {})
    if language not in kept:
        kept[language] = _made(custom)
    return kept[language]


def _made(custom: CustomField) -> Field:
    kind = custom.shown_type
    common: dict[str, Any] = {
        "name": custom.attribute,
        "label": custom.label,
        "type": TYPES.get(kind, Text()),
        "expression": custom.expression_for,
        "edits": "" if custom.is_computed else custom.attribute,
    }
    if kind in {"person", "relation"}:
        return _named(custom, common)
    if kind in {"choice", "choices"}:
        names = dict(custom.choices)
        common |= {"choices": lambda _context: custom.choices, "value": lambda row: said(custom, row, names)}
    elif not custom.is_computed:
        common["value"] = lambda row: values.known(custom, row.custom.get(custom.key))
    if kind == "money":
        common |= {"currency": lambda _row: custom.currency, "currency_key": "", "one_currency": custom.currency}
    if kind == "choices":
        common["is_sortable"] = False
    return Field(**common)


def _named(custom: CustomField, common: dict[str, Any]) -> Field:
    order = f"field_{custom.attribute}_name"
    common |= {"order": order, "value": order, "custom": custom, "cell": "text"}
    if custom.type == "person":
        return Named(**common, choices=offers.people)
    to = main.named(custom.to)

    def url(row: Any) -> str:
        return to.model(pk=row.custom[custom.key]).get_absolute_url() if to and getattr(row, order, None) else ""  # type: ignore[attr-defined]

    return Named(**common, to=to.slug if to else "", url=url)


def said(custom: CustomField, row: Any, names: dict[str, str]) -> str:
    """Return the names of the options that a row has; an option that is gone by its key."""
    kept = row.custom.get(custom.key)
    keys: list[str] = kept if isinstance(kept, list) else [kept] if kept else []
    return formats.listed(names.get(one, one) for one in keys)

"""A field of a kind of record, as lists, filters, exports and the API know it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import cached_property

from proofline.kit.components import Column
from proofline.kit.lists.types import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from proofline.kit.lists.types import FieldType

    Words = str | _StrPromise
    Choices = Callable[["Context"], Sequence[tuple[str, Words]]]


@dataclass(frozen=True)
class Context:
    """Who looks, and when: "me", "the last 7 days", and what may be seen depend on it."""

    user: Any
    now: datetime
    asked: Mapping[str, str] = field(default_factory=dict)
    """What the list's address says, for filters that depend on one another."""


@dataclass(frozen=True)
class Field:
    """A field.

    `path` is where the record store keeps it (`"account__name"`); a field that has to be computed gives an `expression`, which is
    only asked of the store where the field is shown, filtered or sorted by. `value` is how a row tells it, as in `Column`.
    `edits` names the field of the kind's form that changes it.
    """

    name: str
    label: Words
    type: FieldType = field(default_factory=Text)
    path: str = ""
    expression: Callable[[Context], Any] | None = None
    value: str | Callable[[Any], Any] = ""
    choices: Choices | None = None
    url: str | Callable[[Any], str] = ""
    template: str = ""
    currency: str | Callable[[Any], str] = "currency"
    currency_key: str = "currency"
    """What the store calls the currency of an amount, by which sums are kept apart."""
    one_currency: str = ""
    """The currency of all amounts, where each has no other."""
    cell: str = ""
    """How a list shows it, where that is not the type's own way."""
    order: str = ""
    """What the store orders by, where that is not the field itself: the name of a related record."""
    to: str = ""
    """The kind that a relation leads to."""
    is_sortable: bool = True
    is_filterable: bool = True
    is_summed: bool = True
    is_shown: bool = True
    """Whether it may be a column."""
    edits: str = ""
    related: tuple[str, ...] = ()
    """What has to be loaded with the rows where it is shown."""
    many: tuple[str, ...] = ()
    """As `related`, where each row may have many of them."""

    @cached_property
    def key(self) -> str:
        """How queries name it."""
        return f"field_{self.name}" if self.expression else (self.path or self.name)

    @property
    def sums(self) -> bool:
        """Whether its values can be added up."""
        return self.type.sums and self.is_summed

    @property
    def order_key(self) -> str:
        """What the store orders by."""
        return self.order or self.key

    @property
    def is_sortable_here(self) -> bool:
        """Whether a list can be ordered by it."""
        return self.is_sortable and self.is_shown

    @cached_property
    def column(self) -> Column:
        """How a list shows it."""
        return Column(
            self.label,
            self.value or (self.key if self.expression else self.key.replace("__", ".")),
            kind=self.cell or self.type.cell,  # type: ignore[arg-type]
            url=self.url,
            sort=self.name if self.is_sortable else "",
            template=self.template,
            currency=self.currency,
        )

    def needed(self, queryset: QuerySet[Any], context: Context) -> QuerySet[Any]:
        """Return the queryset with the field's expression, where it has one that is not there yet."""
        if self.expression is None or self.key in queryset.query.annotations:
            return queryset
        annotated: QuerySet[Any] = queryset.annotate(**{self.key: self.expression(context)})
        return annotated

    def may_be_text(self, model: Any) -> bool:
        """Whether the store keeps an empty text for nothing."""
        current = model
        for part in self.key.split("__"):
            try:
                found = current._meta.get_field(part)  # noqa: SLF001 - Django's documented model API
            except (FieldDoesNotExist, AttributeError):
                return False
            current = found.related_model
        return bool(getattr(found, "empty_strings_allowed", False)) and not found.is_relation

    def options(self, context: Context) -> list[tuple[str, str]]:
        """Return the values that can be chosen from, with their labels."""
        return [(str(value), str(label)) for value, label in self.choices(context)] if self.choices else []

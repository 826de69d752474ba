"""Conditions on the records of a list: groups of "all of", "any of" and "none of", nested, on fields, related records and behaviour.

In an address, a saved view and the API a condition is JSON:

    {"all": [{"field": "sector", "op": "is", "value": ["Software"]},
             {"any": [{"field": "owner", "op": "is", "value": ["me"]}, {"field": "employees", "op": "gte", "value": 200}]},
             {"has": "deals", "all": [{"field": "amount", "op": "gt", "value": 10000}]},
             {"did": {"event": "Page Viewed", "times": 3, "within": "7d"}}]}

A list alone means "all of". `written` gives the same JSON back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from proofline.kit.lists.kinds import kind_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from proofline.kit.lists.fields import Context, Field
    from proofline.kit.lists.kinds import Kind, Relation
    from proofline.kit.lists.operators import Operator

GROUPS = ("all", "any", "none")


class Part(Protocol):
    """A condition or a group of them."""

    def q(self) -> Q:
        """Return what the store is asked."""

    def words(self) -> str:
        """Return it as people read it."""

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""

    def fields(self) -> Iterator[Field]:
        """Give the fields of the list's own kind that it needs."""


@dataclass(frozen=True)
class OnField:
    """A condition on a field."""

    kind: Kind
    field: Field
    operator: Operator
    values: list[Any]
    context: Context

    def q(self) -> Q:
        """Return what the store is asked."""
        field, asked = self.field, self.operator.denies or self.operator.name
        is_text = field.may_be_text(self.kind.model)
        found = field.type.q(field.key, asked, self.values, context=self.context, is_text=is_text)
        if field.expression is not None and asked != "empty":
            # Nothing is not the value, so that to deny it holds: Django sees to that for columns alone.
            found &= Q(**{f"{field.key}__isnull": False})
        return ~found if self.operator.denies else found

    def words(self) -> str:
        """Return it as people read it: "Owner is me"."""
        said = [self.field.type.say(value, field=self.field, context=self.context) for value in self.values]
        joined = (" – " if self.operator.takes == "two" else pgettext("filter", " or ")).join(said)
        if self.operator.name in {"last", "next"}:
            words = _("in the last %(days)s days") if self.operator.name == "last" else _("in the next %(days)s days")
            return f"{self.field.label} {words % {'days': joined}}"
        return f"{self.field.label} {self.operator.label} {joined}".strip()

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        found: dict[str, Any] = {"field": self.field.name, "op": self.operator.name}
        if self.values:
            values = [self._plain(value) for value in self.values]
            found["value"] = values if self.operator.takes in {"many", "two"} else values[0]
        return found

    def fields(self) -> Iterator[Field]:
        """Give its field, and those that its values stand for."""
        yield self.field
        yield from self.field.type.fields(self.operator.name, self.values)

    def _plain(self, value: Any) -> Any:
        is_me = self.field.type.name == "person" and value == self.context.user.pk
        return "me" if is_me else value if isinstance(value, str | int) else str(value)


@dataclass(frozen=True)
class Group:
    """All, any or none of the parts."""

    how: str
    parts: list[Part]

    def __bool__(self) -> bool:
        return bool(self.parts)

    def q(self) -> Q:
        """Return what the store is asked; no parts ask nothing."""
        found = Q()
        for part in self.parts:
            found = found & part.q() if self.how == "all" else found | part.q()
        return ~found if self.how == "none" and self.parts else found

    def words(self) -> str:
        """Return it as people read it."""
        joined = (pgettext("filter", " and ") if self.how == "all" else pgettext("filter", " or ")).join(
            f"({part.words()})" if isinstance(part, Group) and len(part.parts) > 1 else part.words()
            for part in self.parts
        )
        return _("not (%(conditions)s)") % {"conditions": joined} if self.how == "none" else joined

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {self.how: [part.plain() for part in self.parts]}

    def fields(self) -> Iterator[Field]:
        """Give the fields that it needs."""
        for part in self.parts:
            yield from part.fields()

    def narrow(self, queryset: QuerySet[Any], context: Context) -> QuerySet[Any]:
        """Return the records for which it holds."""
        for field in self.fields():
            queryset = field.needed(queryset, context)
        return queryset.filter(self.q()) if self.parts else queryset


@dataclass(frozen=True)
class OnRelated:
    """That there are related records, or none, of which a group holds. Only what the user may see of them counts."""

    relation: Relation
    group: Group
    is_wanted: bool
    context: Context

    def q(self) -> Q:
        """Return what the store is asked."""
        found = kind_named(self.relation.kind).visible(self.context.user)
        found = self.group.narrow(found.filter(**{self.relation.path: OuterRef(self.relation.of)}), self.context)
        return Q(Exists(found)) if self.is_wanted else ~Q(Exists(found))

    def words(self) -> str:
        """Return it as people read it: "Deals: Amount > 10,000"."""
        label = str(self.relation.label) if self.is_wanted else _("no %(records)s") % {"records": self.relation.label}
        return (
            f"{label}: {self.group.words()}"
            if self.group
            else label
            if not self.is_wanted
            else _("has %(records)s") % {"records": label}
        )

    def plain(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"has" if self.is_wanted else "has_no": self.relation.name, **self.group.plain()}

    def fields(self) -> Iterator[Field]:
        """Give nothing: its fields are the other kind's."""
        yield from ()


def written(group: Group) -> str:
    """Return conditions as an address has them; nothing for none."""
    return json.dumps(group.plain(), ensure_ascii=False, separators=(",", ":")) if group else ""

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

from proofline.kit.lists.fields import FilterError
from proofline.kit.lists.kinds import kind_named
from proofline.kit.lists.types import MOST_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from proofline.kit.lists.fields import Context, Field
    from proofline.kit.lists.kinds import Kind, Relation
    from proofline.kit.lists.operators import Operator

MOST_CONDITIONS, DEEPEST, LONGEST_TEXT = 50, 5, 16_000
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
        is_text = self.field.may_be_text(self.kind.model)
        return self.field.type.q(self.field.key, self.operator.name, self.values, context=self.context, is_text=is_text)

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
        """Give its field."""
        yield self.field

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


_behaviour: Any = None


def set_behaviour(read: Callable[[Kind, dict[str, Any], bool, Context], Part]) -> None:
    """Say who reads conditions on behaviour: (kind, what is asked, whether it is wanted, context) → part."""
    global _behaviour  # noqa: PLW0603 - the room that knows the timeline registers itself once
    _behaviour = read


def conditions_of(text: str, *, kind: Kind, context: Context) -> Group:
    """Read the conditions of an address.

    Raises:
        FilterError: they can't be read; it says what and where.
    """
    if not text.strip():
        return Group("all", [])
    if len(text) > LONGEST_TEXT:
        raise FilterError(_("The filter is too long."))
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise FilterError(_("The filter is no JSON.")) from None
    return group_of(data, kind=kind, context=context)


def group_of(data: Any, *, kind: Kind, context: Context) -> Group:
    """Read conditions from JSON that is already parsed.

    Raises:
        FilterError: as above.
    """
    return _Reader(context).group({"all": data} if isinstance(data, list) else data, kind=kind, at="", depth=0)


def written(group: Group) -> str:
    """Return conditions as an address has them; nothing for none."""
    return json.dumps(group.plain(), ensure_ascii=False, separators=(",", ":")) if group else ""


class _Reader:
    """Reads one filter, counting its conditions."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.left = MOST_CONDITIONS

    def group(self, data: Any, *, kind: Kind, at: str, depth: int) -> Group:
        if not isinstance(data, dict):
            raise FilterError(_("A group has to be an object with “all”, “any” or “none”."), at=at)
        named = [name for name in GROUPS if name in data]
        if len(named) != 1 or not isinstance(data[named[0]], list):
            raise FilterError(
                _("A group has to be an object with “all”, “any” or “none” and a list of conditions."), at=at
            )
        if depth > DEEPEST:
            raise FilterError(_("Groups can be nested %(most)s deep.") % {"most": DEEPEST}, at=at)
        where = f"{at}.{named[0]}" if at else named[0]
        parts = [
            self.part(one, kind=kind, at=f"{where}[{number}]", depth=depth + 1)
            for number, one in enumerate(data[named[0]])
        ]
        return Group(named[0], parts)

    def part(self, data: Any, *, kind: Kind, at: str, depth: int) -> Part:
        self.left -= 1
        if self.left < 0:
            raise FilterError(_("A filter can have at most %(most)s conditions.") % {"most": MOST_CONDITIONS}, at=at)
        if not isinstance(data, dict):
            raise FilterError(_("A condition has to be an object."), at=at)
        if "has" in data or "has_no" in data:
            return self.related(data, kind=kind, at=at, depth=depth)
        if "did" in data or "did_not" in data:
            return self.behaviour(data, kind=kind, at=at)
        if any(name in data for name in GROUPS):
            return self.group(data, kind=kind, at=at, depth=depth)
        return self.on_field(data, kind=kind, at=at)

    def on_field(self, data: dict[str, Any], *, kind: Kind, at: str) -> OnField:
        field = kind.field(data.get("field"))
        if field is None or not field.is_filterable:
            known = ", ".join(one.name for one in kind.all_fields if one.is_filterable)
            raise FilterError(
                _("There is no field “%(name)s”; there are: %(known)s.")
                % {"name": str(data.get("field"))[:50], "known": known},
                at=f"{at}.field",
            )
        try:
            operator = field.type.operator(data.get("op", "is"))
            return OnField(kind, field, operator, self.values(data, field, operator), self.context)
        except FilterError as error:
            raise FilterError(str(error), at=f"{at}.{error.at}" if error.at else at) from None

    def values(self, data: dict[str, Any], field: Field, operator: Operator) -> list[Any]:
        given = data.get("value", [])
        raw = given if isinstance(given, list) else [given]
        if operator.takes == "nothing":
            return []
        wanted = 2 if operator.takes == "two" else len(raw) or 1 if operator.takes == "many" else 1
        if len(raw) != wanted or len(raw) > MOST_VALUES:
            raise FilterError(
                _("“%(op)s” takes %(number)s values.")
                % {"op": operator.name, "number": wanted if len(raw) <= MOST_VALUES else MOST_VALUES},
                at="value",
            )
        read = [field.type.read(value, field=field, context=self.context) for value in raw]
        field.type.q(
            "pk", operator.name, read, context=self.context, is_text=False
        )  # what does not fit the operator says so now
        return read

    def related(self, data: dict[str, Any], *, kind: Kind, at: str, depth: int) -> OnRelated:
        is_wanted = "has" in data
        relation = kind.relation(data.get("has") if is_wanted else data.get("has_no"))
        if relation is None:
            known = ", ".join(one.name for one in kind.relations) or "–"
            raise FilterError(_("There are no such related records; there are: %(known)s.") % {"known": known}, at=at)
        inner = {name: data[name] for name in GROUPS if name in data} or {"all": []}
        group = self.group(inner, kind=kind_named(relation.kind), at=at, depth=depth)
        return OnRelated(relation, group, is_wanted, self.context)

    def behaviour(self, data: dict[str, Any], *, kind: Kind, at: str) -> Part:
        is_wanted = "did" in data
        asked = data.get("did") if is_wanted else data.get("did_not")
        if _behaviour is None or not isinstance(asked, dict):
            raise FilterError(_("A condition on behaviour has to name an event."), at=at)
        try:
            found: Part = _behaviour(kind, asked, is_wanted, self.context)
        except FilterError as error:
            raise FilterError(str(error), at=f"{at}.{error.at}" if error.at else at) from None
        return found

"""Conditions as an address, a saved view or the API says them in JSON (see `conditions`), read and checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.lists.conditions import GROUPS, Group, OnField, OnRelated
from proofline.kit.lists.kinds import kind_named
from proofline.kit.lists.refusing import FilterError
from proofline.kit.lists.types import MOST_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.kit.lists.conditions import Part
    from proofline.kit.lists.fields import Context, Field
    from proofline.kit.lists.kinds import Kind
    from proofline.kit.lists.operators import Operator

MOST_CONDITIONS, DEEPEST, LONGEST_TEXT = 50, 5, 16_000
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
        wanted = 2 if operator.takes == "two" else len(raw) if operator.takes == "many" else 1
        if not raw or any(isinstance(one, str) and not one.strip() for one in raw):
            raise FilterError(
                _("%(field)s: a value is missing. Give one, or ask whether the field “is empty”.")
                % {"field": field.label},
                at="value",
            )
        if len(raw) != wanted or len(raw) > MOST_VALUES:
            raise FilterError(
                _("“%(op)s” takes %(number)s values.")
                % {"op": operator.name, "number": wanted if len(raw) <= MOST_VALUES else MOST_VALUES},
                at="value",
            )
        read = [field.type.read(value, field=field, context=self.context) for value in raw]
        field.type.q(
            "pk", operator.denies or operator.name, read, context=self.context, is_text=False
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

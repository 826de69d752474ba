"""The builder of filters: a tree of conditions as the form shows it; `edits` reads it back.

Each part stands at a path such as `0.1`: the second part of the first. Its inputs are named by it: `0.1.field`, `0.1.op`, `0.1.value`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.kit.lists import kind_named
from proofline.kit.lists.conditions import GROUPS
from proofline.kit.lists.reading import DEEPEST, MOST_CONDITIONS
from proofline.kit.lists.spans import SPANS
from proofline.records.lists.behaviour import PER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.kit.lists import Context, Field, Kind

    Tree = dict[str, Any]

HOW = {
    "all": gettext_lazy("all of these hold"),
    "any": gettext_lazy("any of these holds"),
    "none": gettext_lazy("none of these holds"),
}
LENGTHS = {"": gettext_lazy("ever"), "1d": "1", "7d": "7", "14d": "14", "30d": "30", "90d": "90", "365d": "365"}
MOST_DEEP = 3
STEP = re.compile(r"\[(\d+)\]")


@dataclass
class Row:
    """A part of the filter as the form shows it."""

    path: str
    what: str
    """ "group", "field", "related" or "behaviour"."""
    kind: Kind
    data: Tree
    context: Context
    rows: list[Row] = field(default_factory=list)
    depth: int = 0
    is_wrong: bool = False
    """Whether the condition can't be read."""

    @property
    def text(self) -> str:
        """The part as JSON, which the form carries along."""
        return json.dumps(self.data, ensure_ascii=False)

    @property
    def how(self) -> str:
        """Which group it is."""
        return next((name for name in GROUPS if name in self.data), "all")

    @property
    def hows(self) -> list[tuple[str, str, bool]]:
        """The kinds of group: value, label, whether it is chosen."""
        return [(name, str(label), name == self.how) for name, label in HOW.items()]

    @property
    def field(self) -> Field | None:
        """The field of a condition."""
        return self.kind.field(self.data.get("field"))

    @property
    def fields(self) -> list[tuple[str, str, bool]]:
        """The fields to choose from."""
        known = [one for one in self.kind.all_fields if one.is_filterable]
        return [(one.name, str(one.label), one is self.field) for one in known]

    @property
    def operators(self) -> list[tuple[str, str, bool]]:
        """The conditions that the field can be put under."""
        known = self.field.type.operators if self.field else ()
        return [(one.name, str(one.label), one.name == self.op) for one in known]

    @property
    def op(self) -> str:
        """The condition's name; the first one for a field that has none yet."""
        known = [one.name for one in self.field.type.operators] if self.field else []
        given = self.data.get("op")
        return str(given) if given in known else (known[0] if known else "")

    @property
    def control(self) -> str:
        """Which input takes the value."""
        if self.field is None:
            return "nothing"
        takes = next(one.takes for one in self.field.type.operators if one.name == self.op)
        if takes in {"nothing", "two", "days", "span"}:
            return takes if takes != "two" else f"two-{self.field.type.control}"
        return self.field.type.control

    @property
    def values(self) -> list[str]:
        """The values as texts; a related record by its name."""
        given = self.data.get("value", [])
        texts = [str(one) for one in (given if isinstance(given, list) else [given])]
        if self.control == "relation" and self.field:
            rows = (
                kind_named(self.field.to)
                .visible(self.context.user)
                .filter(pk__in=[one for one in texts if one.isdigit()])
            )
            named = {str(row.pk): str(row) for row in rows[:20]}
            return [named.get(one, one) for one in texts]
        return texts

    @property
    def value(self) -> str:
        """The first value."""
        return next(iter(self.values), "")

    @property
    def second(self) -> str:
        """The second value, of "between"."""
        return self.values[1] if len(self.values) > 1 else ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """What can be chosen from: value, label, whether it is chosen; what is chosen stays on offer though it be gone."""
        if self.control == "span":
            return [(name, str(label), name == self.value) for name, label in SPANS.items()]
        offered = self.field.options(self.context) if self.field else []
        known = {value for value, _label in offered}
        gone = [(value, value) for value in self.values if value not in known]
        return [(value, label, value in self.values) for value, label in [*offered, *gone]]

    @property
    def is_wanted(self) -> bool:
        """Whether related records, or behaviour, have to be there."""
        return "has" in self.data or "did" in self.data

    @property
    def relation_label(self) -> str:
        """Which related records."""
        found = self.kind_above.relation(self.data.get("has") or self.data.get("has_no")) if self.kind_above else None
        return str(found.label) if found else ""

    kind_above: Kind | None = None

    @property
    def did(self) -> Mapping[str, Any]:
        """What was done."""
        asked = self.data.get("did") or self.data.get("did_not")
        return asked if isinstance(asked, dict) else {}

    @property
    def lengths(self) -> list[tuple[str, str, bool]]:
        """Within what time something was done."""
        chosen = str(self.did.get("within") or "")
        known = {
            name: str(label) if not name else _("the last %(days)s days") % {"days": label}
            for name, label in LENGTHS.items()
        }
        if chosen not in known:
            known[chosen] = chosen
        return [(name, label, name == chosen) for name, label in known.items()]

    @property
    def relations(self) -> list[tuple[str, str]]:
        """The related records that conditions can be put on."""
        return [(one.name, str(one.label)) for one in self.kind.relations] if self.depth < MOST_DEEP else []

    @property
    def can_do(self) -> bool:
        """Whether records of this kind can be filtered by behaviour."""
        return self.kind.name in PER

    @property
    def can_nest(self) -> bool:
        """Whether a group may stand within this one."""
        return self.depth < MOST_DEEP


def tree_of(data: Any) -> Tree:
    """Return a filter's JSON as a tree whose top is a group; what no form can show is left out."""
    if isinstance(data, list):
        data = {"all": data}
    is_group = isinstance(data, dict) and any(name in data for name in GROUPS)
    return (_sound(data, 0) if is_group else None) or {"all": []}


def _sound(data: Any, depth: int) -> Tree | None:
    if not isinstance(data, dict) or depth > DEEPEST:
        return None
    if isinstance(data.get("field"), str) or any(isinstance(data.get(name), dict) for name in ("did", "did_not")):
        return data
    how = next((name for name in GROUPS if isinstance(data.get(name), list)), None)
    related = {name: data[name] for name in ("has", "has_no") if isinstance(data.get(name), str)}
    if how is None and not related:
        return None
    parts = [_sound(one, depth + 1) for one in data[how][:MOST_CONDITIONS]] if how else []
    return {**related, how or "all": [one for one in parts if one is not None]}


def row_of(tree: Tree, *, kind: Kind, context: Context, path: str = "", depth: int = 0) -> Row:
    """Return the tree as the form shows it."""
    if "field" in tree:
        return Row(path, "field", kind, tree, context, depth=depth)
    if "did" in tree or "did_not" in tree:
        return Row(path, "behaviour", kind, tree, context, depth=depth)
    inner, what, above = kind, "group", None
    if (name := tree.get("has") or tree.get("has_no")) is not None:
        relation = kind.relation(name)
        inner, what, above = (kind_named(relation.kind) if relation else kind), "related", kind
    found = Row(path, what, inner, tree, context, depth=depth)
    found.kind_above = above
    parts = tree.get(found.how, [])
    found.rows = [
        row_of(part, kind=inner, context=context, path=f"{path}.{number}" if path else str(number), depth=depth + 1)
        for number, part in enumerate(parts)
        if isinstance(part, dict)
    ]
    return found


def mark_wrong(row: Row, at: str) -> None:
    """Mark the condition at a place such as `all[1].any[0].value`, as a `FilterError` tells it."""
    path = ".".join(STEP.findall(at))
    for one in row.rows:
        mark_wrong(one, at)
    row.is_wrong = bool(path) and row.path == path and row.what in {"field", "behaviour"}

"""The builder of filters: a tree of conditions as a form, edited step by step; nothing is kept between the steps but the form itself.

Each part stands at a path such as `0.1`: the second part of the first. Its inputs are named by it: `0.1.field`, `0.1.op`, `0.1.value`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.kit.lists import FilterError, kind_named
from proofline.kit.lists.conditions import GROUPS, MOST_CONDITIONS
from proofline.kit.lists.types import SPANS
from proofline.records.lists.behaviour import PER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from proofline.kit.lists import Context, Field, Kind

    Tree = dict[str, Any]

HOW = {
    "all": gettext_lazy("all of these hold"),
    "any": gettext_lazy("any of these holds"),
    "none": gettext_lazy("none of these holds"),
}
LENGTHS = {"": gettext_lazy("ever"), "1d": "1", "7d": "7", "14d": "14", "30d": "30", "90d": "90", "365d": "365"}
MOST_DEEP = 3


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
    """Return a filter's JSON as a tree whose top is a group."""
    if isinstance(data, list):
        return {"all": data}
    return data if isinstance(data, dict) and any(name in data for name in GROUPS) else {"all": []}


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


def read_form(post: QueryDict, *, kind: Kind, context: Context) -> Tree:
    """Return the tree that a form shows, with what was typed and after the step that was asked for (`do`)."""
    try:
        tree = tree_of(json.loads(post.get("tree", "") or "{}"))
    except (ValueError, RecursionError):
        tree = {"all": []}
    _overlay(tree, post, kind=kind, context=context, path="")
    step, _colon, rest = post.get("do", "").partition(":")
    path, _colon, name = rest.partition(":")
    if step in STEPS and step != "apply":
        STEPS[step](tree, path, name, kind)
    return tree


def _overlay(tree: Tree, post: QueryDict, *, kind: Kind, context: Context, path: str) -> None:
    start = f"{path}." if path else ""
    if "field" in tree:
        _overlay_field(tree, post, kind=kind, context=context, start=start)
        return
    if "did" in tree or "did_not" in tree:
        _overlay_behaviour(tree, post, start=start)
        return
    name = tree.get("has") or tree.get("has_no")
    if name is not None and (wanted := post.get(f"{start}wanted")) in {"has", "has_no"}:
        tree.pop("has", None)
        tree.pop("has_no", None)
        tree[wanted] = name
    relation = kind.relation(name) if name else None
    inner = kind_named(relation.kind) if relation else kind
    how = next((one for one in GROUPS if one in tree), "all")
    parts = tree.pop(how, [])
    chosen = post.get(f"{start}how")
    tree[chosen if chosen in GROUPS else how] = parts
    for number, part in enumerate(parts):
        if isinstance(part, dict):
            _overlay(part, post, kind=inner, context=context, path=f"{start}{number}")


def _overlay_field(tree: Tree, post: QueryDict, *, kind: Kind, context: Context, start: str) -> None:
    chosen = post.get(f"{start}field", tree["field"])
    if chosen != tree["field"]:
        tree.clear()
        tree["field"] = chosen
        return
    row = Row("", "field", kind, tree, context)
    before = row.control
    tree["op"] = post.get(f"{start}op", row.op)
    if row.control != before:
        tree.pop("value", None)
    elif f"{start}value" in post or f"{start}shown" in post:
        given = [one.strip() for one in post.getlist(f"{start}value")]
        if row.control == "relation" and row.field:
            given = _ids(given, row.field, context)
        tree["value"] = (
            given if row.control in {"choice", "relation"} or row.control.startswith("two") else next(iter(given), "")
        )


def _ids(names: list[str], field: Field, context: Context) -> list[str]:
    found = []
    for name in names:
        to = kind_named(field.to)
        rows = to.visible(context.user).filter(**{f"{to.titled}__iexact": name}).values_list("pk", flat=True)[:20]
        found += [str(pk) for pk in rows] or [name]
    return found


def _overlay_behaviour(tree: Tree, post: QueryDict, *, start: str) -> None:
    asked = dict(tree.get("did") or tree.get("did_not") or {})
    for name in ("event", "within"):
        asked[name] = str(post.get(f"{start}{name}", asked.get(name, ""))).strip()
    times = post.get(f"{start}times", str(asked.get("times", 1)))
    asked["times"] = int(times) if times.isascii() and times.isdigit() and len(times) < 7 else times  # noqa: PLR2004
    wanted = post.get(f"{start}wanted", "did" if "did" in tree else "did_not")
    tree.clear()
    tree["did_not" if wanted == "did_not" else "did"] = {name: value for name, value in asked.items() if value}


def _find(tree: Tree, path: str) -> tuple[list[Any], int] | None:
    parts: list[Any] = []
    number, current = -1, tree
    for step in path.split("."):
        how = next((one for one in GROUPS if one in current), None)
        if how is None or not step.isdigit() or int(step) >= len(current[how]):
            return None
        parts, number = current[how], int(step)
        current = parts[number]
    return parts, number


def _inside(tree: Tree, path: str) -> list[Any] | None:
    place = _find(tree, path) if path else None
    inner = place[0][place[1]] if place else tree
    how = next((one for one in GROUPS if one in inner), None)
    return inner[how] if how and not (path and place is None) else None


def _kind_at(tree: Tree, path: str, kind: Kind) -> Kind:
    current = tree
    for step in path.split(".") if path else []:
        how = next((one for one in GROUPS if one in current), "all")
        current = current[how][int(step)]
        relation = kind.relation(current.get("has") or current.get("has_no"))
        kind = kind_named(relation.kind) if relation else kind
    return kind


def _add(tree: Tree, path: str, what: str, kind: Kind) -> None:
    parts = _inside(tree, path)
    if parts is None or len(parts) >= MOST_CONDITIONS:
        return
    inner = _kind_at(tree, path, kind)
    first = next(one.name for one in inner.all_fields if one.is_filterable)
    new: dict[str, Tree] = {
        "field": {"field": first},
        "group": {"any": [{"field": first}]},
        "did": {"did": {"event": "", "times": 1}},
    }
    parts.append(new.get(what) or {"has": what, "all": []})


def _remove(tree: Tree, path: str, _name: str, _kind: Kind) -> None:
    place = _find(tree, path)
    if place:
        del place[0][place[1]]


STEPS: dict[str, Any] = {"add": _add, "remove": _remove, "show": lambda *_given: None, "apply": lambda *_given: None}


def without_unfinished(tree: Tree) -> Tree:
    """Return the tree without groups that hold nothing, which would ask nothing."""
    how = next((one for one in GROUPS if one in tree), None)
    if how is None:
        return tree
    parts = [without_unfinished(part) for part in tree[how]]
    kept = [part for part in parts if not _is_empty_group(part)]
    return {**tree, how: kept}


def _is_empty_group(part: Tree) -> bool:
    is_group = any(name in part for name in GROUPS) and "has" not in part and "has_no" not in part
    return is_group and not any(part.get(name) for name in GROUPS)


__all__ = ["FilterError", "Row", "read_form", "row_of", "tree_of", "without_unfinished"]

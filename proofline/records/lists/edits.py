"""A filter as its form sends it: what was typed, and the step that was asked for. Nothing is kept between the steps but the form itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from proofline.kit.lists import kind_named
from proofline.kit.lists.conditions import GROUPS
from proofline.kit.lists.reading import MOST_CONDITIONS
from proofline.records.lists.building import Row, tree_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from proofline.kit.lists import Context, Field, Kind

    Tree = dict[str, Any]


def read_form(post: QueryDict, *, kind: Kind, context: Context) -> Tree:
    """Return the tree that a form shows, with what was typed and after the step that was asked for (`do`)."""
    tree = parsed(post.get("tree", ""))
    _overlay(tree, post, kind=kind, context=context, path="")
    step, _colon, rest = post.get("do", "").partition(":")
    path, _colon, name = rest.partition(":")
    if step in STEPS:
        STEPS[step](tree, path, name, kind)
    return tree


def parsed(text: str) -> Tree:
    """Return the tree of a filter's JSON as it was written, whether it can be read or not."""
    try:
        return tree_of(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        return {"all": []}


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


def add(tree: Tree, path: str, what: str, kind: Kind) -> None:
    """Add a condition on a field, a group, a condition on behaviour ("did"), or on related records (by their name)."""
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


STEPS: dict[str, Any] = {"add": add, "remove": _remove}
"""By the word that a button sends; any other, such as "show" and "apply", changes nothing."""


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

"""What a list shows, as its address says it, on top of the view that it begins with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proofline.kit.lists import Context, FilterError, Group, conditions_of
from proofline.kit.lists.types import ID
from proofline.records.models import FirstView, SavedView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict

    from proofline.kit.lists import Field, Kind

PAGING = ("after", "before")
MOST_COLUMNS = 40
WIDTHS = range(48, 1201)
GROUPING = {"choice", "person", "relation", "flag"}
"""The types of fields that rows can be grouped by."""


@dataclass
class State:
    """A list's state. `problem` says why a filter could not be read; then nothing is filtered out silently: the list is empty."""

    kind: Kind
    context: Context
    group_of_conditions: Group
    sort: str
    columns: list[Field]
    group: Field | None
    query: str
    view: SavedView | None = None
    widths: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    """The filter as it was written, which may be none that can be read."""
    problem: str = ""
    is_view_lost: bool = False
    """Whether the address names a view that the user may not use, or that is gone."""
    is_usual: bool = False
    """Whether the filter is the one with which the list comes."""
    is_changed: bool = False
    """Whether it differs from the view that it began with."""

    @property
    def plain(self) -> dict[str, Any]:
        """The state as a saved view keeps it."""
        return {
            "filter": self.group_of_conditions.plain() if self.group_of_conditions else None,
            "sort": self.sort,
            "columns": [one.name for one in self.columns],
            "group": self.group.name if self.group else "",
            "widths": dict(self.widths),
        }

    @property
    def nothing(self) -> str:
        """What an address says for no filter at all; without a word the list would come with its usual one again."""
        return "[]" if self.view or self.kind.usual else ""

    @property
    def order(self) -> list[str]:
        """The order for the store: by group first, then as sorted."""
        found = list(dict.fromkeys((self.group.order_key, self.group.key))) if self.group else []
        return [*found, *self.kind.order_by(self.sort)]

    @property
    def needed(self) -> list[Field]:
        """The fields that the store has to tell for the order, whether they are shown or not."""
        sorted_by = self.kind.field(self.sort.removeprefix("-")) if self.sort else None
        return [one for one in (self.group, sorted_by) if one is not None]


def read(query: QueryDict, *, kind: Kind, context: Context, is_part: bool = False) -> State:
    """Return the state that an address asks for; a part of the records, such as a segment, comes whole and without a view."""
    view = _view(query, kind=kind, context=context, is_part=is_part)
    kept: Mapping[str, Any] = view.state if view else {}
    is_usual = view is None and "filter" not in query and bool(kind.usual) and not is_part
    is_usual = is_usual and not any(one["field"] in query for one in kind.usual)
    usual = list(kind.usual) if is_usual else []
    given = json.dumps(kept.get("filter") or usual) if kept.get("filter") or usual else ""
    text = query.get("filter", given)
    problem = ""
    try:
        conditions = conditions_of(text, kind=kind, context=context)
    except FilterError as error:
        conditions, problem = Group("all", []), f"{error.at}: {error}" if error.at else str(error)
    return State(
        kind=kind,
        context=context,
        group_of_conditions=conditions,
        sort=_sort(query.get("sort", kept.get("sort", "")), kind),
        columns=_columns(query.get("columns", "").split(",") if query.get("columns") else kept.get("columns"), kind),
        group=group_named(query.get("group", kept.get("group", "")), kind),
        query=query.get("q", "").strip()[:200],
        view=view,
        widths=widths_of(kept.get("widths")),
        text=text,
        problem=problem,
        is_view_lost=view is None and _names_a_view(query.get("view", "0")),
        is_usual=is_usual,
        is_changed=any(name in query for name in ("filter", "sort", "columns", "group")),
    )


def _view(query: QueryDict, *, kind: Kind, context: Context, is_part: bool) -> SavedView | None:
    given = query.get("view", "")
    if ID.fullmatch(given):
        visible = SavedView.objects.visible_to(context.user).filter(kind=kind.name)
        return visible.filter(pk=given).select_related("owner").first()
    begun = is_part or any(name not in PAGING for name in query)
    return None if begun else FirstView.of(kind.name, user=context.user)


def _names_a_view(given: str) -> bool:
    """Tell whether it is the number of a view; 0 stands for none, and a word is not of ours."""
    return given != "0" and ID.fullmatch(given) is not None


def _sort(text: Any, kind: Kind) -> str:
    found = kind.field(str(text).removeprefix("-")) if text else None
    return str(text) if found and found.is_sortable_here else ""


def _columns(names: Any, kind: Kind) -> list[Field]:
    wanted = [name for name in names if isinstance(name, str)][:MOST_COLUMNS] if isinstance(names, list) else []
    found = [one for name in dict.fromkeys(wanted) if (one := kind.field(name)) is not None and one.is_shown]
    first = kind.field(kind.columns[0])
    if not found:
        return [one for name in kind.columns if (one := kind.field(name)) is not None]
    return found if found[0] is first or first is None else [first, *(one for one in found if one is not first)]


def group_named(text: Any, kind: Kind) -> Field | None:
    """Return the field of that name by which rows can be grouped, None for any other name."""
    found = kind.field(text) if text else None
    return found if found and found.is_sortable_here and found.type.name in GROUPING else None


def widths_of(given: Any) -> dict[str, int]:
    """Return the widths that columns can have, in pixels, by the field's name."""
    pairs = given.items() if isinstance(given, dict) else []
    return {name: width for name, width in pairs if isinstance(width, int) and width in WIDTHS}

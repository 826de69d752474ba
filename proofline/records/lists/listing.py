"""A list of one kind of record as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit.components import Column, Empty, ListPage
from proofline.kit.lists import Context, FilterError, Group, written
from proofline.records import kinds as main_kinds
from proofline.records.lists import grouping, segments, state
from proofline.records.models import Segment
from proofline.records.models.views import views_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from proofline.kit.lists import Field, Kind
    from proofline.records.kinds import Kind as MainKind
    from proofline.records.lists.state import State
    from proofline.records.models import SavedView


@dataclass(frozen=True)
class Condition:
    """A condition of the filter as a chip: in words, and the address without it."""

    words: str
    remove: str


@dataclass
class RecordList(ListPage):
    """A list of a registered kind. Its address says everything: view, filter, order, columns, group, search and page."""

    kind: Kind = field(kw_only=True)
    state: State = field(kw_only=True)
    segment: Segment | None = field(kw_only=True, default=None)
    """The segment whose members it lists, instead of all records."""

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        *,
        kind: Kind,
        empty: Empty | None = None,
        row_url: Callable[[Any], str] | None = None,
        per: int = 50,
        segment: Segment | None = None,
    ) -> RecordList:
        """Return the list that the request asks for."""
        context = Context(request.user, timezone.now(), request.GET)
        found = state.read(request.GET, kind=kind, context=context, is_part=segment is not None)
        return cls(
            request,
            queryset=shown(found, kind.visible(request.user), segment=segment),
            columns=[one.column for one in found.columns],
            order=found.order,
            per=per,
            filters=kind.filters(context) if kind.filters else (),
            search=kind.search,
            empty=empty or Empty(_("Nothing here yet")),
            row_url=row_url,
            kind=kind,
            state=found,
            segment=segment,
        )

    @property
    def clear(self) -> str:
        """The address without search and filters but with the order, columns and groups: the filters of the view, or of the list as it comes."""
        narrowing = dict.fromkeys(("q", "filter", *(one.name for one in self.filters)), "")
        return self.request.path + self._address(**narrowing, view=str(self.state.view.pk) if self.state.view else "0")

    @property
    def narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        is_filtered = bool(self.state.group_of_conditions) and not self.state.is_usual
        return super().narrowed or is_filtered or bool(self.state.problem)

    @property
    def conditions(self) -> list[Condition]:
        """The parts of the filter in words; taking one away leaves the others."""
        group = self.state.group_of_conditions
        if not group:
            return []
        if group.how != "all":
            return [Condition(group.words(), self._address(filter=self.state.nothing))]
        found = []
        for number, part in enumerate(group.parts):
            rest = Group("all", [one for at, one in enumerate(group.parts) if at != number])
            found.append(Condition(part.words(), self._address(filter=written(rest) or self.state.nothing)))
        return found

    @cached_property
    def views(self) -> list[SavedView]:
        """The saved views that the user may choose from."""
        return views_of(self.kind.name, user=self.request.user)

    @property
    def all_address(self) -> str:
        """The address of the list without any view or filter."""
        return f"{self.request.path}?view=0{'&filter=[]' if self.kind.usual else ''}"

    @property
    def is_all(self) -> bool:
        """Whether the list is neither a saved view nor the usual part of the records."""
        return self.state.view is None and not self.state.is_usual

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where what can be done with the list is done; each carries the list's own address along."""
        query = self.request.GET.copy()
        for name in state.PAGING:
            query.pop(name, None)
        if self.segment is not None:
            query["segment"] = str(self.segment.pk)
        carried = f"?{query.urlencode()}" if query else ""
        names = ("filter", "columns", "view", "export", "bulk", "removal", "layout", "segment", "joining", "leaving")
        return {name: reverse(f"records:list_{name}", args=[self.kind.name]) + carried for name in names}

    @property
    def groups(self) -> list[tuple[str, str, bool]]:
        """The fields that rows can be grouped by: label, address, whether it is chosen."""
        chosen = self.state.group
        return [
            (str(one.label), self._address(group=one.name), one is chosen)
            for one in self.kind.all_fields
            if one.type.name in state.GROUPING and one.is_sortable_here
        ]

    @property
    def no_group(self) -> str:
        """The address without groups."""
        return self._address(group="-")

    @property
    def can_write(self) -> bool:
        """Whether the user may change records of this kind."""
        return bool(self.request.user.may_write(self.kind.area))

    @property
    def can_change(self) -> bool:
        """Whether a field can be set for many records at once."""
        return self.kind.form is not None and hasattr(self.kind.model, "change")

    @property
    def can_assign(self) -> bool:
        """Whether many records can be given an owner at once."""
        owner = self.kind.field("owner")
        return self.can_change and owner is not None and bool(owner.edits)

    @property
    def can_join(self) -> bool:
        """Whether records can be put into segments, and the user may do so."""
        return segments.has_segments(self.kind) and bool(self.request.user.may_write(Segment.write_area))

    @property
    def owns_view(self) -> bool:
        """Whether the view that is shown is the user's own to change."""
        view = self.state.view
        return view is not None and (
            view.owner_id == self.state.context.user.pk or self.state.context.user.is_administrator
        )

    @cached_property
    def _main(self) -> MainKind | None:
        return main_kinds.of_model(self.kind.model)

    @cached_property
    def edits(self) -> dict[str, tuple[str, str]]:
        """What stands before and after a record's id in the addresses of its facts, by field; the first column leads to the record."""
        if self._main is None or not self.can_write:
            return {}
        return {
            one.name: _around(reverse(f"records:{self._main.name}_fact", args=[0, one.edits]))
            for one in self.state.columns[1:]
            if self._main.has(one.edits)
        }

    def may_edit(self, row: Any) -> bool:
        """Whether a row's cells can be edited where they stand, as far as the user may write."""
        return self._main is not None and self._main.may_edit(row)

    @cached_property
    def sections(self) -> list[grouping.Section]:
        """The rows, under the head of their group where there is one."""
        return grouping.sections(self)

    @cached_property
    def sums(self) -> list[str]:
        """Under each column, its sum over all rows of the list; nothing when there are too many to add up while one waits."""
        return grouping.sums(self)

    def width_of(self, column: Column) -> int | None:
        """Return the width that the column was given, in pixels."""
        return self.state.widths.get(self.field_of(column).name)

    def field_of(self, column: Column) -> Field:
        """Return the field that a column shows."""
        return next(field for known, field in zip(self.columns, self.state.columns, strict=True) if known is column)

    @property
    def wide_heads(self) -> list[tuple[Column, str, str, str, int | None]]:
        """As `heads`, with the field's name and the column's width."""
        return [(*head, self.field_of(head[0]).name, self.width_of(head[0])) for head in self.heads]

    def _sort(self) -> str:
        return self.state.sort

    def _address(self, **changes: str) -> str:
        """Keep the view that the list began with: without anything in the address, it would begin anew."""
        if self.state.view is not None:
            changes.setdefault("view", str(self.state.view.pk))
        return super()._address(**changes)

    def _order(self) -> Sequence[str]:
        return self.order


def _around(address: str) -> tuple[str, str]:
    before, _zero, after = address.partition("/0/")
    return f"{before}/", f"/{after}"


def shown(found: State, queryset: QuerySet[Any], *, segment: Segment | None = None) -> QuerySet[Any]:
    """Return the records that a state shows, of a segment or of all, with what its columns need."""
    if segment is not None and not found.problem:
        try:
            queryset = segments.members(segment, queryset, found.context)
        except FilterError as error:
            found.problem = str(error)
    if found.problem:
        queryset = queryset.none()
    queryset = found.group_of_conditions.narrow(queryset, found.context)
    for one in found.needed:
        queryset = one.needed(queryset, found.context)
    return loaded(queryset, found.kind, found.columns, found.context)


def loaded(queryset: QuerySet[Any], kind: Kind, fields: Sequence[Field], context: Context) -> QuerySet[Any]:
    """Return the records with all that these fields tell of them, related records in as few questions as it takes."""
    for one in fields:
        queryset = one.needed(queryset, context)
    related = {*kind.related, *(name for one in fields for name in one.related)}
    many = {name for one in fields for name in one.many}
    queryset = queryset.select_related(*sorted(related)) if related else queryset
    return queryset.prefetch_related(*sorted(many)) if many else queryset

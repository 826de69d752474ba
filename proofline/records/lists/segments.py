"""Segments as lists know them: their members, and "is in segment" among the conditions of their kind.

A live segment's conditions are read for whoever looks: "me" is they, and related records that they may not see do not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from proofline.kit import lists
from proofline.kit.lists import Choice, Context, Field, FilterError, kind_named
from proofline.kit.lists.operators import Operator
from proofline.kit.lists.reading import group_of
from proofline.kit.lists.types import identifier
from proofline.records.models import Segment, SegmentMember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.db.models import QuerySet

    from proofline.kit.lists import Group, Kind
    from proofline.records.models import User

NAME = "segment"
MOST_OFFERED = 200
DEEPEST = 5
"""So many segments can stand on one another."""
_kinds: set[str] = set()
MANY = 5_000
"""Beyond so many members each row of a list is looked up among them; up to here their rows are fetched by their keys."""


@dataclass(frozen=True)
class Within(Context):
    """Who looks, while a segment's conditions are read: what stands in them may be a segment that its owner sees."""

    above: tuple[Segment, ...] = ()


class Chosen(int):
    """A segment's id as the value of a condition, with what it asks."""

    segment: Segment
    group: Group | None
    """The conditions of a live one."""

    @classmethod
    def of(cls, segment: Segment, context: Context) -> Chosen:
        """Return the segment as a value.

        Raises:
            FilterError: its conditions can't be read any more.
        """
        found = cls(segment.pk)
        found.segment = segment
        found.group = conditions(segment, context) if segment.is_live else None
        return found

    @cached_property
    def inside(self) -> Q:
        """What the store is asked for those in it."""
        if self.group is not None:
            return self.group.q()
        members = SegmentMember.objects.filter(segment=self)
        if members.order_by("record")[MANY : MANY + 1].exists():
            return Q(Exists(members.filter(record=OuterRef("pk"))))
        return Q(pk__in=members.values("record"))


@dataclass(frozen=True)
class InSegment(Choice):
    """That a record of a kind is in a segment, or is not."""

    kind: str = ""
    name = "segment"
    operators: ClassVar[tuple[Operator, ...]] = (
        Operator("is", pgettext_lazy("segment", "is in"), "many"),
        Operator("is_not", pgettext_lazy("segment", "is not in"), "many", "is"),
    )

    def read(self, value: Any, *, field: Field, context: Context) -> Chosen:
        """Return the segment.

        Raises:
            FilterError: there is none that the user may see, or it stands on itself.
        """
        given = value if isinstance(value, str) else str(value)
        pk = identifier(super().read(given, field=field, context=context))
        above = context.above if isinstance(context, Within) else ()
        found = Segment.objects.visible_to(context.user).filter(kind=self.kind, pk=pk).first()
        if found is None and above:
            found = Segment.objects.visible_to(above[-1].owner).filter(kind=self.kind, pk=pk).first()
        if found is None:
            raise FilterError(_("There is no segment %(number)s.") % {"number": pk}, at="value")
        return Chosen.of(found, context)

    def say(self, value: Any, *, field: Field, context: Context) -> str:
        """Return the segment's name."""
        del field, context
        return str(value.segment)

    def q(self, key: str, operator: str, values: list[Any], *, context: Context, is_text: bool) -> Q:
        """Return that it is in one of them."""
        del key, operator, context, is_text
        found = Q(pk__in=[])
        for value in values:
            found |= value.inside
        return found

    def fields(self, operator: str, values: list[Any]) -> Iterator[Field]:
        """Give the fields that conditions of live segments need."""
        del operator
        for value in values:
            if value.group is not None:
                yield from value.group.fields()


def conditions(segment: Segment, context: Context) -> Group:
    """Read a live segment's conditions for whoever looks.

    Raises:
        FilterError: they can't be read: a field is gone, or segments stand on one another in a circle.
    """
    above = context.above if isinstance(context, Within) else ()
    if segment in above:
        raise FilterError(_("The segment “%(name)s” stands on itself.") % {"name": segment})
    if len(above) >= DEEPEST:
        raise FilterError(_("Segments can stand on one another %(most)s deep.") % {"most": DEEPEST})
    within = Within(context.user, context.now, context.asked, (*above, segment))
    return group_of(segment.conditions, kind=kind_named(segment.kind), context=within)


def members(segment: Segment, rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    """Return those of the rows that are in the segment.

    Raises:
        FilterError: its conditions can't be read any more.
    """
    chosen = Chosen.of(segment, context)
    if chosen.group is not None:
        return chosen.group.narrow(rows, context)
    return rows.filter(chosen.inside)


def has_segments(kind: Kind) -> bool:
    """Tell whether records of the kind can be in segments."""
    return kind.name in _kinds


def kinds() -> list[Kind]:
    """Return the kinds of which there are segments."""
    return [one for one in lists.kinds() if has_segments(one)]


def giver(kind: str) -> Callable[[], Sequence[Field]]:
    """Return what gives a kind the condition; whoever calls it lets the kind's records be in segments."""

    def offered(context: Context) -> list[tuple[str, str]]:
        found = Segment.objects.visible_to(context.user).filter(kind=kind).order_by("name")
        return [(str(pk), name) for pk, name in found.values_list("pk", "name")[:MOST_OFFERED]]

    field = Field(
        NAME,
        gettext_lazy("Segment"),
        InSegment(kind),
        path="pk",
        choices=offered,
        is_sortable=False,
        is_shown=False,
        is_summed=False,
    )
    _kinds.add(kind)
    return lambda: (field,)


def picked(user: User, kind: str) -> QuerySet[Segment]:
    """Return the segments of a kind that the user may put records into."""
    return Segment.objects.visible_to(user).filter(kind=kind, conditions__isnull=True).order_by("name")

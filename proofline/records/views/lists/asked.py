"""The list that a request speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from proofline.kit.lists import Context, Kind, kind_named
from proofline.kit.lists.types import ID
from proofline.kit.paging import ordered
from proofline.kit.search.narrowing import searched
from proofline.records.lists import state
from proofline.records.lists.listing import shown
from proofline.records.models import Segment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, QueryDict

    from proofline.records.lists.state import State
    from proofline.records.models import User

MOST_IDS = 10_000


@dataclass
class Asked:
    """A list as an address asks for it, apart from its page."""

    kind: Kind
    context: Context
    query: QueryDict

    @classmethod
    def by(cls, request: HttpRequest, kind: str) -> Asked:
        """Return the list of this request."""
        return cls(kind_named(kind), Context(request.user, timezone.now(), request.GET), request.GET)

    @property
    def user(self) -> User:
        """Who asks."""
        user: User = self.context.user
        return user

    @cached_property
    def segment(self) -> Segment | None:
        """The segment whose members the list shows (`?segment=7`).

        Raises:
            Http404: there is none that the user may see.
        """
        given = self.query.get("segment", "")
        if not given:
            return None
        if not ID.fullmatch(given):
            raise Http404
        return get_object_or_404(Segment.objects.visible_to(self.user), kind=self.kind.name, pk=given)

    @property
    def state(self) -> State:
        """Filter, order, columns."""
        return state.read(self.query, kind=self.kind, context=self.context, is_part=self.segment is not None)

    def address(self, **changes: str) -> str:
        """Return the list's address, with changes; an empty one takes a part away."""
        query = self.query.copy()
        for name in (*state.PAGING, "ids", "all", "segment", *changes):
            query.pop(name, None)
        for name, value in changes.items():
            if value:
                query[name] = value
        page = self.segment.get_absolute_url() if self.segment else reverse(self.kind.address)
        return f"{page}?{query.urlencode()}" if query else page

    def rows(self) -> QuerySet[Any]:
        """Return the records of the list, in its order, with what its columns need."""
        found = self.state
        rows = self.kind.visible(self.user)
        for item in self.kind.filters(self.context) if self.kind.filters else ():
            value = self.query.get(item.name, "")
            if value and item.takes(value):
                rows = item.apply(rows, value)
        return ordered(searched(shown(found, rows, segment=self.segment), found.query, self.kind.search), found.order)

    def chosen(self) -> QuerySet[Any]:
        """Return the records that were marked: `?ids=1,2,3`, or all of the list with `?all=1`."""
        if self.query.get("all"):
            return self.rows()
        ids = [int(one) for one in self.query.get("ids", "").split(",") if ID.fullmatch(one)]
        return self.kind.visible(self.user).filter(pk__in=ids[:MOST_IDS])

"""Segments through the API: live ones by conditions, others picked by hand, and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.lists import kind_named
from proofline.kit.lists.reading import group_of
from proofline.kit.paging import COUNT_CAP
from proofline.kit.rest import Given, page_of
from proofline.kit.search.narrowing import searched
from proofline.records.access import require_write
from proofline.records.api.list_actions import ActionOut, Chosen, chosen, done
from proofline.records.api.listing import ListingQuery, Records, context_of, fields_of, narrowed, told
from proofline.records.api.tokens import user_of
from proofline.records.lists import segments
from proofline.records.lists.listing import loaded
from proofline.records.models import ListAction, SavedView, Segment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from proofline.kit.lists import Context, Kind

from proofline.kit.rest import PagingQuery

router = Router(tags=["segments"])
LONGEST = 300


class SegmentIn(Given):
    """A live segment has a filter; one without is picked by hand."""

    kind: str = Field(max_length=40)
    name: str = Field(max_length=80)
    about: str = Field("", max_length=LONGEST)
    audience: SavedView.Audience = SavedView.Audience.ME
    filter: Any = Field(None, description="Conditions as in lists; null: records are put into it by hand.")


class SegmentChange(Given):
    name: str | None = Field(None, max_length=80)
    about: str | None = Field(None, max_length=LONGEST)
    audience: SavedView.Audience | None = None
    filter: Any = Field(None, description="Of a live segment alone.")


class SegmentOut(Schema):
    id: int
    kind: str
    name: str
    about: str
    audience: str
    owner_id: int
    live: bool = Field(alias="is_live")
    filter: Any = Field(None, alias="conditions")
    created_at: Any
    changed_at: Any


class CountOut(Schema):
    count: int = Field(description=f"How many members you may see, at most {COUNT_CAP}.")
    capped: bool = Field(description="Whether there are more.")


class SegmentsOut(Schema):
    items: list[SegmentOut]
    next: str | None = Field(None, description="The cursor of the next page; null on the last one.")


@router.get("/segments", response=SegmentsOut)
def all_segments(
    request: HttpRequest, paging: PagingQuery, kind: str = "", how: Literal["", "live", "picked"] = ""
) -> dict[str, Any]:
    """List the segments that you may use."""
    found = Segment.objects.visible_to(user_of(request))
    if kind:
        found = found.filter(kind=kind)
    if how:
        found = found.filter(conditions__isnull=how == "picked")
    return page_of(found, paging)


@router.post("/segments", response={201: SegmentOut})
def add(request: HttpRequest, body: SegmentIn) -> Status[Segment]:
    """Begin a segment."""
    context = context_of(request)
    require_write(context.user, area=Segment.write_area)
    kind = _kind(body.kind)
    made = Segment.objects.add(
        by=context.user,
        now=context.now,
        kind=kind.name,
        name=body.name,
        about=body.about,
        audience=body.audience,
        conditions=None if body.filter is None else group_of(body.filter, kind=kind, context=context).plain(),
    )
    return Status(201, made)


@router.get("/segments/{int:pk}", response=SegmentOut)
def one(request: HttpRequest, pk: int) -> Segment:
    """Return a segment."""
    return _load(request, pk)


@router.patch("/segments/{int:pk}", response=SegmentOut)
def change(request: HttpRequest, pk: int, body: SegmentChange) -> Segment:
    """Change a segment of your own: its name, what it is for, for whom, and the filter of a live one."""
    context = context_of(request)
    found = _load(request, pk, write=True)
    found.require_owner(context.user)
    values = {name: value for name, value in body.dict(exclude={"filter"}).items() if value is not None}
    if body.filter is not None:
        within = segments.Within(context.user, context.now, context.asked, (found,))
        values["conditions"] = group_of(body.filter, kind=kind_named(found.kind), context=within).plain()
    found.change(by=context.user, now=context.now, **values)
    return found


@router.delete("/segments/{int:pk}", response={204: None})
def remove(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a segment of your own; its records stay. For a week it can be brought back."""
    _load(request, pk, write=True).remove(by=user_of(request), now=timezone.now())
    return Status(204, None)


@router.post("/segments/{int:pk}/restoration", response=SegmentOut)
def restore(request: HttpRequest, pk: int) -> Segment:
    """Bring a segment of your own back."""
    user = user_of(request)
    found = Segment.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None or (found.removed_at is None and not _visible(request).filter(pk=pk).exists()):
        raise Http404
    require_write(user, area=Segment.write_area)
    if not found.may_change(user):
        raise Http404
    found.restore(by=user)
    return found


@router.get("/segments/{int:pk}/count", response=CountOut)
def count(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Count a segment's members, as far as you may see them."""
    found, context = _load(request, pk), context_of(request)
    number = _members(found, context).order_by()[:COUNT_CAP].count()
    return {"count": number, "capped": number >= COUNT_CAP}


@router.get("/segments/{int:pk}/records", response=Records)
def records(
    request: HttpRequest, pk: int, paging: PagingQuery, listing: ListingQuery, q: str = "", fields: str = ""
) -> dict[str, Any]:
    """List a segment's members, as far as you may see them: with the same fields, filters and orders as their kind's list."""
    found, context = _load(request, pk), context_of(request)
    kind = kind_named(found.kind)
    shown = fields_of(kind, fields)
    rows = narrowed(searched(_members(found, context), q, kind.search), kind, listing, context)
    page = page_of(loaded(rows, kind, shown, context), paging, order=kind.order_by(listing.sort))
    return {"items": [told(row, shown) for row in page["items"]], "next": page["next"]}


@router.post("/segments/{int:pk}/additions", response={200: ActionOut, 202: ActionOut})
def put(request: HttpRequest, pk: int, body: Chosen) -> Status[ListAction]:
    """Put records into a segment that is picked by hand; over 500 in the background (202)."""
    return _act(request, pk, body, "join")


@router.post("/segments/{int:pk}/removals", response={200: ActionOut, 202: ActionOut})
def take(request: HttpRequest, pk: int, body: Chosen) -> Status[ListAction]:
    """Take records out of a segment that is picked by hand; over 500 in the background (202)."""
    return _act(request, pk, body, "leave")


def _act(request: HttpRequest, pk: int, body: Chosen, verb: str) -> Status[ListAction]:
    found, context = _load(request, pk, write=True), context_of(request)
    found.require_picked()
    action = ListAction.objects.begin(
        by=context.user,
        now=context.now,
        kind=found.kind,
        verb=verb,
        records=chosen(kind_named(found.kind), body, context),
        values={"segment": found.pk},
    )
    return done(action)


def _visible(request: HttpRequest) -> QuerySet[Segment]:
    return Segment.objects.visible_to(user_of(request)).select_related("owner")


def _load(request: HttpRequest, pk: int, *, write: bool = False) -> Segment:
    found = _visible(request).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    if write:
        require_write(user_of(request), area=Segment.write_area)
    return found


def _members(segment: Segment, context: Context) -> QuerySet[Any]:
    return segments.members(segment, kind_named(segment.kind).visible(context.user), context)


def _kind(name: str) -> Kind:
    known = [one.name for one in segments.kinds()]
    if name not in known:
        raise ValidationError({"kind": _("There are segments of: %(known)s.") % {"known": ", ".join(known)}})
    return kind_named(name)

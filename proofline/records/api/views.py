"""Saved views of lists through the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.lists import FilterError, kind_named, kinds
from proofline.kit.lists.reading import group_of
from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.api.listing import context_of, fields_of
from proofline.records.api.tokens import user_of
from proofline.records.lists.state import group_named
from proofline.records.models import SavedView

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["lists"])


class ViewIn(Given):
    kind: str
    name: str = Field(max_length=80)
    audience: SavedView.Audience = SavedView.Audience.ME
    filter: Any = None
    sort: str = ""
    columns: list[str] = Field(default_factory=list, max_length=40)
    group: str = ""


class ViewOut(Schema):
    id: int
    kind: str
    name: str
    audience: str
    owner_id: int
    state: dict[str, Any]


@router.get("/views", response=Page[ViewOut])
def views(request: HttpRequest, paging: PagingQuery, kind: str = "") -> dict[str, Any]:
    """List the saved views that you may use."""
    found = SavedView.objects.visible_to(user_of(request))
    return page_of(found.filter(kind=kind) if kind else found, paging)


@router.post("/views", response={201: ViewOut})
def add_view(request: HttpRequest, body: ViewIn) -> Status[SavedView]:
    """Save a view of a list."""
    if body.kind not in {one.name for one in kinds()}:
        raise ValidationError({"kind": _("There is no such kind of record.")})
    kind, context = kind_named(body.kind), context_of(request)
    group = group_of(body.filter, kind=kind, context=context) if body.filter else None
    kind.order_by(body.sort)
    if body.group and group_named(body.group, kind) is None:
        raise FilterError(_("Rows are not grouped by “%(name)s”.") % {"name": body.group[:50]}, at="group")
    state = {
        "filter": group.plain() if group else None,
        "sort": body.sort,
        "columns": [one.name for one in fields_of(kind, ",".join(body.columns))],
        "group": body.group,
    }
    made = SavedView.objects.save_view(
        by=context.user, now=context.now, kind=body.kind, name=body.name, audience=body.audience, state=state
    )
    return Status(201, made)


@router.delete("/views/{int:pk}", response={204: None})
def remove_view(request: HttpRequest, pk: int) -> Status[None]:
    """End a saved view."""
    found = SavedView.objects.visible_to(user_of(request)).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    found.remove(by=user_of(request))
    return Status(204, None)

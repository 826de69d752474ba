"""What belongs to every main record, through the API: its history."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ninja import Field, Router, Schema

from proofline.kit.rest import Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api.tokens import user_of
from proofline.records.models import Change
from proofline.records.showing import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.kinds import Kind


class ChangeOut(Schema):
    id: int
    at: datetime
    by_id: int | None = Field(description="Who changed it; null when it changed by itself.")
    by: str
    field: str
    label: str = Field(description="The field's name in the user's language.")
    before: Any = Field(description="Texts are cut after 500 characters; of records the id; money with its currency.")
    after: Any
    before_text: str = Field(description="The value in words; empty for none.")
    after_text: str


def router_of(kind: Kind) -> Router:
    """Return what the API offers for every record of a kind."""
    router = Router(tags=[kind.slug])

    @router.get(f"/{kind.slug}/{{int:pk}}/history", response=Page[ChangeOut], operation_id=f"{kind.name}_history")
    def history(request: HttpRequest, pk: int, paging: PagingQuery, field: str = "") -> dict[str, Any]:
        """Return what changed on a record, field by field, newest first; `field` keeps one field's changes."""
        user = user_of(request)
        record = load(kind.model, user=user, pk=pk)
        found = Change.objects.of(kind.name, record.pk).select_related("by")
        page = page_of(found.filter(field=field) if field else found, paging)
        return page | {"items": [_change(one) for one in told(page["items"], kind, user=user)]}

    return router


def _change(one: Any) -> dict[str, Any]:
    change = one.change
    return {
        "id": change.pk,
        "at": change.at,
        "by_id": change.by_id,
        "by": one.who,
        "field": change.field,
        "label": one.label,
        "before": change.before,
        "after": change.after,
        "before_text": one.before,
        "after_text": one.after,
    }

"""What happened around a customer, a contact or a person of the timeline, through the API: the same lines as on their pages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ninja import Field, Router, Schema

from proofline.kit.rest import UNREADABLE_CURSOR, BadCursorError, Page, PagingQuery
from proofline.records.access import load
from proofline.records.api.tokens import user_of
from proofline.records.behaviour import load_person
from proofline.records.models import Account, Contact
from proofline.timeline import feed
from proofline.timeline.scope import Scope

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.kit.rest import Paging

router = Router()
Kinds = Literal["sale", "use", "visits"]


class LineOut(Schema):
    at: datetime
    id: str = Field(description="Of the event; of several that are folded into one line, of their last.")
    kind: str = Field(description="fact, track, page, screen, identify or group")
    event: str = Field(validation_alias="name")
    who: str = Field(description="Who did it; empty when nobody in particular did.")
    sentence: str
    count: int = Field(description="How many events of the day are folded into it.")


class FeedOut(Page[LineOut]):
    complete: bool = Field(
        description="False while the store of events does not answer: only what waits for it is here."
    )


def _shown(request: HttpRequest, scope: Scope, paging: Paging, kinds: Kinds | None) -> dict[str, Any]:
    shown = feed.page(
        scope, chosen=kinds or "", before=paging.cursor or "", limit=paging.limit, user=user_of(request).pk
    )
    if paging.cursor and not shown.before:
        raise BadCursorError(UNREADABLE_CURSOR)
    return {"items": shown.items, "next": shown.more or None, "complete": not shown.down}


@router.get("/accounts/{int:pk}/feed", response=FeedOut, tags=["accounts"])
def account_feed(request: HttpRequest, pk: int, paging: PagingQuery, kinds: Kinds | None = None) -> dict[str, Any]:
    """Return what happened around an account and what its people did, folded by day; `kinds` keeps what we did, product use or visits."""
    account = load(Account, user=user_of(request), pk=pk)
    return _shown(request, Scope(account=account.pk), paging, kinds)


@router.get("/contacts/{int:pk}/feed", response=FeedOut, tags=["contacts"])
def contact_feed(request: HttpRequest, pk: int, paging: PagingQuery, kinds: Kinds | None = None) -> dict[str, Any]:
    """Return what happened around a contact and what they did, as of an account."""
    contact = load(Contact, user=user_of(request), pk=pk)
    return _shown(request, Scope(contact=contact.pk), paging, kinds)


@router.get("/people/{int:pk}/feed", response=FeedOut, tags=["people"])
def person_feed(request: HttpRequest, pk: int, paging: PagingQuery, kinds: Kinds | None = None) -> dict[str, Any]:
    """Return what a person of the timeline did, with all who became them, as of an account."""
    found = load_person(user=user_of(request), pk=pk)
    root = found.canonical or found
    return _shown(request, Scope(contact=root.contact_id, person=root.pk), paging, kinds)

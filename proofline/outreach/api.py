"""The room's part of the REST API: what was sent to whom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ninja import Field, Router, Schema

from proofline.kit.rest import Page, PagingQuery, page_of
from proofline.outreach.models import Message
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.models import Account, Contact

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.kit.rest import Paging

router = Router()


class MessageOut(Schema):
    id: int
    contact_id: int
    to: str
    subject: str
    body: str
    reason: str = Field(description="Why it was sent.")
    state: Literal["sent", "failed", "waiting"]
    written_at: datetime = Field(validation_alias="created_at")
    sent_at: datetime | None

    @staticmethod
    def resolve_sent_at(message: Message) -> datetime | None:
        """Return when it left."""
        return message.dispatch.at if hasattr(message, "dispatch") else None


@router.get("/contacts/{int:pk}/messages", response=Page[MessageOut], tags=["contacts"])
def contact_messages(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the e-mails to a contact, newest first, with what became of them."""
    contact = load(Contact, user=user_of(request), pk=pk)
    return _page(request, paging, contact=contact)


@router.get("/accounts/{int:pk}/messages", response=Page[MessageOut], tags=["accounts"])
def account_messages(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the e-mails to an account's people, newest first, with what became of them."""
    account = load(Account, user=user_of(request), pk=pk)
    return _page(request, paging, contact__account=account)


def _page(request: HttpRequest, paging: Paging, **of: Any) -> dict[str, Any]:
    found = Message.objects.visible_to(user_of(request)).filter(**of)
    return page_of(found.select_related("dispatch").prefetch_related("failures"), paging)

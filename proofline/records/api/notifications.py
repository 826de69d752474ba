"""What one is told, through the API."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Router, Schema

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.api.tokens import user_of
from proofline.records.models import Notification
from proofline.records.models.notifications import shown

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()


class NotificationOut(Schema):
    id: int
    kind: str
    text: str
    url: str
    subject: tuple[str, int] | None
    at: datetime
    read_at: datetime | None


class ReadingIn(Given):
    ids: list[int] | None = None


class ReadingOut(Schema):
    read: int


@router.get("/notifications", response=Page[NotificationOut], tags=["notifications"])
def notifications(request: HttpRequest, paging: PagingQuery, *, unread: bool = False, kind: str = "") -> dict[str, Any]:
    """List what you were told, in your language; what you may no longer see is not named and leads nowhere."""
    found = Notification.objects.of(user_of(request)).select_related("by")
    if unread:
        found = found.unread()
    if kind:
        found = found.filter(kind=kind)
    page = page_of(found, paging)
    page["items"] = [
        {
            "id": line.notification.pk,
            "kind": line.kind.name,
            "text": line.text,
            "url": line.url,
            "subject": None if line.withheld else line.notification.subject,
            "at": line.notification.at,
            "read_at": line.notification.read_at,
        }
        for line in shown(page["items"], user=user_of(request))
    ]
    return page


@router.post("/notifications/reading", response=ReadingOut, tags=["notifications"])
def read_notifications(request: HttpRequest, body: ReadingIn) -> dict[str, int]:
    """Note that you read these, or all when `ids` is left out; returns how many were unread."""
    found = Notification.objects.of(user_of(request))
    if body.ids is not None:
        found = found.filter(pk__in=[pk for pk in body.ids[:1000] if 0 < pk < 2**63])
    return {"read": found.note_read(now=timezone.now())}

"""Sources of events, and what of their events could not be taken in, through the API: for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import require_write
from proofline.records.api.tokens import user_of
from proofline.timeline.jobs import AT_ONCE, replay_quarantined
from proofline.timeline.models import Quarantined, Source

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["sources"])
SETTINGS = "settings"
MOST_ID = 2**63


class SourceIn(Given):
    name: Words = None
    kind: str = Source.Kind.PRODUCT
    origins: list[str] = Field([], description="Origins that browsers may send from; empty: all.")
    rate: int | None = Field(None, description="Most events a second; null: no limit.")


class SourceChange(Given):
    name: Words = None
    origins: list[str] | None = None
    rate: int | None = None


class SourceOut(Schema):
    id: int
    name: str
    kind: str
    write_key: str
    origins: list[str]
    rate: int | None
    created_at: datetime
    revoked_at: datetime | None

    @staticmethod
    def resolve_origins(source: Source) -> list[str]:
        """Return the origins one by one."""
        return source.origins.split()


class QuarantinedOut(Schema):
    id: int
    source_id: int | None
    event: str
    reason: str
    error: str
    received_at: datetime
    at: datetime
    text: str

    @staticmethod
    def resolve_event(one: Quarantined) -> str:
        """Return the name of the event, as far as it can be read."""
        return one.title


class Which(Given):
    """Which events in quarantine are meant."""

    source: int | None = Field(None, description="Of this source; 0: facts of the sale; null: of all.")
    reason: str = Field("", description="With this `reason`; empty: with any.")


class Correction(Given):
    message: dict[str, Any] | None = Field(None, description="The message, corrected; null: as it is.")


class Replayed(Schema):
    events: int = Field(description="How many are tried again.")
    job: UUID | None = Field(description="The background job that does it, when they are many.")


@router.get("/sources", response=Page[SourceOut])
def sources(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the sources that send events, with their write keys."""
    require_write(user_of(request), area=SETTINGS)
    return page_of(Source.objects.all(), paging)


@router.post("/sources", response={201: SourceOut})
def add_source(request: HttpRequest, body: SourceIn) -> Status[Source]:
    """Add a source of events."""
    require_write(user_of(request), area=SETTINGS)
    with transaction.atomic():
        made = Source.add(name=body.name or "", kind=body.kind, now=timezone.now())
        made.change(name=made.name, origins="\n".join(body.origins), rate=body.rate)
    return Status(201, made)


@router.patch("/sources/{pk}", response=SourceOut)
def change_source(request: HttpRequest, pk: int, body: SourceChange) -> Source:
    """Change a source's name, allowed origins and rate."""
    require_write(user_of(request), area=SETTINGS)
    found = _source(pk)
    given = body.dict(exclude_unset=True)
    origins = given.get("origins")
    found.change(
        name=given.get("name", found.name),
        origins=found.origins if "origins" not in given else "\n".join(origins or []),
        rate=given.get("rate", found.rate),
    )
    return found


@router.post("/sources/{pk}/revocation", response={201: SourceOut})
def revoke_source(request: HttpRequest, pk: int) -> Status[Source]:
    """Take no more events with a source's key."""
    require_write(user_of(request), area=SETTINGS)
    found = _source(pk)
    found.revoke(now=timezone.now())
    return Status(201, found)


@router.get("/quarantine", response=Page[QuarantinedOut])
def quarantine(request: HttpRequest, paging: PagingQuery, which: Query[Which]) -> dict[str, Any]:
    """List events that could not be taken in, with their reason."""
    require_write(user_of(request), area=SETTINGS)
    return page_of(Quarantined.objects.held().of(source=which.source, reason=which.reason), paging)


@router.post("/quarantine/replays", response={201: Replayed})
def replay_all(request: HttpRequest, body: Which) -> Status[dict[str, Any]]:
    """Try all of a source and a reason again, in the background when they are many."""
    user = user_of(request)
    require_write(user, area=SETTINGS)
    wanted = Quarantined.objects.held().of(source=body.source, reason=body.reason)
    count = wanted.count()
    if count > AT_ONCE:
        job = replay_quarantined.enqueue(source=body.source, reason=body.reason, by=user.pk)
        return Status(201, {"events": count, "job": job.id})
    return Status(201, {"events": wanted.replay(by=user.pk, now=timezone.now()), "job": None})


@router.post("/quarantine/{pk}/replay", response={201: Replayed})
def replay(request: HttpRequest, pk: int, body: Correction) -> Status[dict[str, Any]]:
    """Try one event again, corrected when a message is given; what fails again comes back with its new reason."""
    user = user_of(request)
    require_write(user, area=SETTINGS)
    found = _held(pk)
    text = None if body.message is None else msgspec.json.encode(body.message).decode()
    if text is not None and not found.is_message:
        raise ValidationError({"message": _("Only a message of a client can be corrected.")})
    if not found.replay(by=user.pk, now=timezone.now(), text=text):
        raise ValidationError({"message": _("This can't be tried as it is; correct it first.")})
    return Status(201, {"events": 1, "job": None})


@router.delete("/quarantine/{pk}", response={204: None})
def discard(request: HttpRequest, pk: int) -> Status[None]:
    """Discard one event."""
    user = user_of(request)
    require_write(user, area=SETTINGS)
    _held(pk).discard(by=user.pk, now=timezone.now())
    return Status(204, None)


def _source(pk: int) -> Source:
    """Return a source.

    Raises:
        Http404: there is none with this id.
    """
    found = Source.objects.filter(pk=pk).first() if 0 < pk < MOST_ID else None
    if found is None:
        raise Http404
    return found


def _held(pk: int) -> Quarantined:
    """Return what is in quarantine.

    Raises:
        Http404: nothing is under this id (any more).
    """
    found = Quarantined.objects.held().filter(pk=pk).first() if 0 < pk < MOST_ID else None
    if found is None:
        raise Http404
    return found

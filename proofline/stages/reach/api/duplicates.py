"""Duplicates of leads through the API, as those of accounts and contacts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, page_of
from proofline.records import saying
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.api.duplicates import (
    DuplicatesOut,
    MergeIn,
    MergerOut,
    SeparationIn,
    duplicates_of,
    hint,
    merged,
    parted,
)
from proofline.records.models import Contact
from proofline.stages.reach import knowing
from proofline.stages.reach.models import AlreadyDecidedError, KnownApart, KnownContact, Lead, tie

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Merger

from proofline.kit.rest import PagingQuery

router = Router(tags=["duplicates"])


class NotContactIn(Given):
    contact_id: int = Field(ge=1, lt=2**63)


class TieIn(Given):
    contact_id: int | None = Field(None, ge=1, lt=2**63)


class KnownOut(Schema):
    lead_id: int
    contact_id: int
    bits: float
    why: str
    found_at: datetime

    @staticmethod
    def resolve_why(known: KnownContact) -> str:
        """Say what speaks for it."""
        return saying.sentence(known.reasons)


@router.get("/leads/contacts", response=Page[KnownOut])
def known_contacts(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the leads who may be contacts, of whom you may see both, newest first."""
    return page_of(KnownContact.objects.open().visible_to(user_of(request)), paging)


@router.get("/leads/{int:pk}/contacts", response=DuplicatesOut)
def contacts_of_lead(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return the contacts that a lead may be, as long as nothing is decided about it."""
    user = user_of(request)
    return hint(knowing.known_of(load(Lead, user=user, pk=pk), user=user))


@router.post("/leads/{int:pk}/contact", response={204: None})
def tie_lead(request: HttpRequest, pk: int, body: TieIn) -> Status[None]:
    """Tie a lead about whom nothing is decided to a contact, or with null to nobody."""
    user = user_of(request)
    lead = load(Lead, user=user, pk=pk, write=True)
    if hasattr(lead, "qualification") or hasattr(lead, "disqualification"):
        raise AlreadyDecidedError(str(lead))
    contact = None if body.contact_id is None else _contact(request, body.contact_id)
    tie(lead, contact, by=user, now=timezone.now())
    return Status(204, None)


@router.post("/leads/{int:pk}/contact-separation", response={204: None})
def part_from_contact(request: HttpRequest, pk: int, body: NotContactIn) -> Status[None]:
    """Say that a lead is not a contact; nobody is asked again."""
    user = user_of(request)
    lead = load(Lead, user=user, pk=pk, write=True)
    KnownApart.say(lead, _contact(request, body.contact_id), by=user, now=timezone.now())
    return Status(204, None)


def _contact(request: HttpRequest, pk: int) -> Contact:
    found: Contact | None = Contact.objects.visible_to(user_of(request)).filter(pk=pk).first()
    if found is None:
        raise ValidationError({"contact_id": _("There is no such record that you may see.")})
    return found


@router.get("/leads/{int:pk}/duplicates", response=DuplicatesOut)
def lead_duplicates(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return what the background found that may be the same as a lead."""
    return duplicates_of(request, "leads", pk)


@router.post("/leads/{int:pk}/merge", response={201: MergerOut})
def merge_lead(request: HttpRequest, pk: int, body: MergeIn) -> Status[Merger]:
    """Let another lead become part of this one, with everything that is tied to it."""
    return Status(201, merged(request, "leads", pk, body))


@router.post("/leads/{int:pk}/separation", response={204: None})
def part_lead(request: HttpRequest, pk: int, body: SeparationIn) -> Status[None]:
    """Say that another lead is not the same; nobody is asked again."""
    return parted(request, "leads", pk, body)

"""People of the timeline through the API: who they are, merging, taking out, erasing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given
from proofline.records.access import require_write
from proofline.records.api.tokens import user_of
from proofline.records.behaviour import ERASES, load_person, who_is
from proofline.timeline import erasing, identity, jobs
from proofline.timeline.models import Erasure

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.timeline.models import Person

router = Router()


class KeyOut(Schema):
    kind: str = Field(description="`user`, `email` or `anonymous` (a device).")
    key: str


class MergedOut(Schema):
    id: int
    keys: list[KeyOut]
    at: datetime


class PersonOut(Schema):
    id: int
    contact_id: int | None
    account_id: int | None
    keys: list[KeyOut]
    merged: list[MergedOut] = Field(description="Who became this person, each with the keys that they brought.")
    separated: list[int] = Field(description="Who somebody said is not the same person.")
    erased_at: datetime | None


class PersonMergeIn(Given):
    with_: int = Field(alias="with", ge=1, lt=2**63, description="The person who is the same.")


class ErasureOut(Schema):
    id: int
    person_id: int = Field(validation_alias="person")
    at: datetime
    done_at: datetime | None = Field(description="Null as long as it is going on.")
    removed: dict[str, int] = Field(description="How much was removed, by place.")


def _shown(person: Person) -> dict[str, Any]:
    root = person.canonical or person
    who = who_is(root)
    return {
        "id": root.pk,
        "contact_id": root.contact_id,
        "account_id": root.account_id,
        "keys": who.keys,
        "merged": who.merged,
        "separated": who.separated,
        "erased_at": root.erased_at,
    }


@router.get("/people/{int:pk}", response=PersonOut, tags=["people"])
def person(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Return a person of the timeline; of one who merged, the person whom they became."""
    return _shown(load_person(user=user_of(request), pk=pk))


@router.post("/people/{int:pk}/merge", response=PersonOut, tags=["people"])
def merge(request: HttpRequest, pk: int, body: PersonMergeIn) -> dict[str, Any]:
    """Make two people one, because you know that they are."""
    user = user_of(request)
    load_person(user=user, pk=pk, write=True)
    try:
        load_person(user=user, pk=body.with_)
    except Http404:
        raise ValidationError({"with": _("There is no such person that you may see.")}) from None
    stays = identity.merge(person=body.with_, into=pk, by=user.pk, now=timezone.now())
    return _shown(load_person(user=user, pk=stays))


@router.post("/people/{int:pk}/unmerge", response=PersonOut, tags=["people"])
def unmerge(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Let a merged person stand for themselves again, with all who had become them; return the person whom they left."""
    user = user_of(request)
    load_person(user=user, pk=pk, write=True)
    left = identity.unmerge(person=pk, by=user.pk, now=timezone.now())
    return _shown(load_person(user=user, pk=left))


@router.post("/people/{int:pk}/erasure", response={202: ErasureOut}, tags=["people"])
def erase(request: HttpRequest, pk: int) -> Status[Erasure]:
    """Erase what a person did, and every key by which they are known, for good. It goes on when this is answered."""
    user = user_of(request)
    one = load_person(user=user, pk=pk)
    require_write(user, area=ERASES)
    found = _erasure_of(one.canonical_id or pk)
    if found is None:
        if one.erased_at:
            raise Http404
        with transaction.atomic():
            found = erasing.begin(person=pk, by=user.pk, now=timezone.now())
            jobs.erase.enqueue(erasure=found.pk)
    return Status(202, found)


@router.get("/people/{int:pk}/erasure", response=ErasureOut, tags=["people"])
def erasure(request: HttpRequest, pk: int) -> Erasure:
    """Return how the erasure of a person stands."""
    user = user_of(request)
    load_person(user=user, pk=pk)
    require_write(user, area=ERASES)
    found = _erasure_of(pk)
    if found is None:
        raise Http404
    return found


def _erasure_of(pk: int) -> Erasure | None:
    found: Erasure | None = Erasure.objects.filter(person=pk).order_by("-pk").first()
    return found

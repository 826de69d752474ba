"""What customers use and consider instead of us, through the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Competitor, Contact
from proofline.stages.discovery.models import Alternative, Need, Study

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["discovery"])


class AlternativeIn(Given):
    """`needs` are the ids of needs of the study that it leaves unmet."""

    standing: Words = None
    kind: Words = None
    competitor_id: int | None = None
    name: Words = None
    since: date | None = None
    pays: Decimal | None = None
    currency: Words = None
    per: Words = None
    gaps: Words = None
    difference: Words = None
    needs: list[int] | None = None
    stated_by_id: int | None = None


class AlternativeOut(Schema):
    id: int
    study_id: int
    standing: str
    kind: str
    competitor_id: int | None
    name: str
    since: date | None
    pays: Decimal | None
    currency: str
    per: str
    gaps: str
    difference: str
    needs: list[int]
    stated_by_id: int | None
    noted_at: datetime

    @staticmethod
    def resolve_needs(alternative: Alternative) -> list[int]:
        """Return the ids of the needs that it leaves unmet."""
        return sorted(need.pk for need in alternative.needs.all())


@router.get("/alternatives", response=Page[AlternativeOut])
def alternatives(
    request: HttpRequest, paging: PagingQuery, study_id: int | None = None, competitor_id: int | None = None
) -> dict[str, Any]:
    """List what customers use and consider, of what you may see."""
    found = Alternative.objects.visible_to(user_of(request)).prefetch_related("needs")
    if study_id is not None:
        found = found.filter(study=study_id)
    return page_of(found if competitor_id is None else found.filter(competitor=competitor_id), paging)


@router.post("/studies/{int:pk}/alternatives", response={201: AlternativeOut})
def add_alternative(request: HttpRequest, pk: int, body: AlternativeIn) -> Status[Alternative]:
    """Note what a study's customer uses or considers."""
    user = user_of(request)
    study = load(Study, user=user, pk=pk, write=True)
    values = _values(request, body, study=study)
    return Status(201, Alternative.objects.note(by=user, now=timezone.now(), study=study, **values))


@router.get("/alternatives/{int:pk}", response=AlternativeOut)
def alternative(request: HttpRequest, pk: int) -> Alternative:
    """Return one of them."""
    return load(Alternative, user=user_of(request), pk=pk)


@router.patch("/alternatives/{int:pk}", response=AlternativeOut)
def change_alternative(request: HttpRequest, pk: int, body: AlternativeIn) -> Alternative:
    """Change the fields that are given."""
    found = load(Alternative, user=user_of(request), pk=pk, write=True)
    values = _values(request, body, study=found.study)
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found


@router.delete("/alternatives/{int:pk}", response={204: None})
def drop_alternative(request: HttpRequest, pk: int) -> Status[None]:
    """Take it back."""
    load(Alternative, user=user_of(request), pk=pk, write=True).drop(by=user_of(request), now=timezone.now())
    return Status(204, None)


def _values(request: HttpRequest, body: AlternativeIn, *, study: Study) -> dict[str, Any]:
    values = linked(request, body.dict(exclude_unset=True), competitor=Competitor, stated_by=Contact)
    if "needs" in values:
        asked = set(values["needs"] or [])
        values["needs"] = list(Need.objects.filter(study=study, pk__in=asked))
        if len(values["needs"]) < len(asked):
            raise ValidationError({"needs": _("That need belongs to another customer.")})
    return values

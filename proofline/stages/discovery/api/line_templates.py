"""Templates of value lines through the API."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api import linked, user_of
from proofline.records.models import Pain, ValueMetric
from proofline.stages.discovery.models import LineTemplate

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["discovery"])


class LineTemplateFields(Given):
    metric_id: int | None = None
    question: Words = None
    quantity: Decimal | None = None
    people: int | None = None
    low: Decimal | None = None
    expected: Decimal | None = None
    high: Decimal | None = None
    rate_amount: Decimal | None = None
    currency: Words = None
    rate_per: Words = None
    rate_source: Words = None


class LineTemplateIn(LineTemplateFields):
    pain_id: int
    name: str
    unit: str = "h/week"


class LineTemplateChange(LineTemplateFields):
    pain_id: int = 0
    name: Words = None
    unit: Words = None


class LineTemplateOut(Schema):
    id: int
    pain_id: int
    metric_id: int | None
    name: str
    question: str
    quantity: Decimal | None
    unit: str
    people: int | None
    low: Decimal | None
    expected: Decimal | None
    high: Decimal | None
    rate_amount: Decimal | None
    currency: str
    rate_per: str
    rate_source: str


@router.get("/line-templates", response=Page[LineTemplateOut])
def line_templates(request: HttpRequest, paging: PagingQuery, pain_id: int | None = None) -> dict[str, Any]:
    """List what value lines may begin with, by the pain that they are about."""
    del request
    found = LineTemplate.objects.all()
    return page_of(found if pain_id is None else found.filter(pain_id=pain_id), paging)


@router.post("/line-templates", response={201: LineTemplateOut})
def add_line_template(request: HttpRequest, body: LineTemplateIn) -> Status[LineTemplate]:
    """Add a template."""
    user = user_of(request)
    require_write(user, area="library")
    values = linked(request, body.dict(exclude_unset=True), pain=Pain, metric=ValueMetric)
    return Status(201, LineTemplate.objects.add(by=user, now=timezone.now(), **values))


@router.patch("/line-templates/{int:pk}", response=LineTemplateOut)
def change_line_template(request: HttpRequest, pk: int, body: LineTemplateChange) -> LineTemplate:
    """Change the fields that are given."""
    found = load(LineTemplate, user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), pain=Pain, metric=ValueMetric)
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found


@router.delete("/line-templates/{int:pk}", response={204: None})
def remove_line_template(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a template; the lines that began with it stay."""
    load(LineTemplate, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)

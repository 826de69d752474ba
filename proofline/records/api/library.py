"""The catalogue, evidence and competitors through the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from ninja import Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api.tokens import linked, user_of
from proofline.records.models import Account, Competitor, Evidence, Pain, Product, User, ValueMetric

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router()


class ModuleOut(Schema):
    id: int
    name: str
    name_zh: str
    description: str
    feature_key: str
    monthly_price: Decimal | None
    currency: str


class TierOut(Schema):
    id: int
    name: str
    name_zh: str
    rank: int
    seat_price: Decimal
    currency: str
    included_seats: int
    module_ids: list[int]

    @staticmethod
    def resolve_module_ids(tier: Any) -> list[int]:
        """Return the ids of what the tier unlocks."""
        return [module.pk for module in tier.modules.all()]


class ServicePackOut(Schema):
    id: int
    name: str
    name_zh: str
    description: str
    fee: Decimal
    currency: str


class ProductIn(Given):
    name: Words = None
    name_zh: Words = None
    series: Words = None
    description: Words = None
    list_price: Decimal | None = None
    currency: Words = None
    external_id: str | None = None


class ProductOut(Schema):
    id: int
    name: str
    name_zh: str
    series: str
    description: str
    list_price: Decimal | None
    currency: str
    external_id: str | None
    modules: list[ModuleOut]
    tiers: list[TierOut]
    service_packs: list[ServicePackOut]


class PainOut(Schema):
    id: int
    name: str
    name_zh: str
    description: str
    module_ids: list[int]
    metric_ids: list[int]

    @staticmethod
    def resolve_module_ids(pain: Pain) -> list[int]:
        """Return the ids of the modules that ease it."""
        return [module.pk for module in pain.modules.all()]

    @staticmethod
    def resolve_metric_ids(pain: Pain) -> list[int]:
        """Return the ids of the metrics that show it."""
        return [metric.pk for metric in pain.metrics.all()]


class ValueMetricOut(Schema):
    id: int
    name: str
    name_zh: str
    unit: str
    formula: str
    event: str
    property: str
    factor: Decimal
    per: str
    usual_share: Decimal | None


class EvidenceIn(Given):
    kind: Words = None
    title: Words = None
    body: Words = None
    result: Words = None
    source_url: Words = None
    account_id: int | None = None
    sector: Words = None
    language: Words = None
    permission: bool | None = None
    published_on: date | None = None
    valid_until: date | None = None


class EvidenceOut(Schema):
    id: int
    kind: str
    title: str
    body: str
    result: str
    source_url: str
    account_id: int | None
    sector: str
    language: str
    permission: bool
    published_on: date | None
    valid_until: date | None


class CompetitorIn(Given):
    name: Words = None
    website: Words = None
    strengths: Words = None
    gaps: Words = None
    difference: Words = None
    owner_id: int | None = None
    checked_on: date | None = None


class CompetitorOut(Schema):
    id: int
    name: str
    website: str
    strengths: str
    gaps: str
    difference: str
    owner_id: int | None
    checked_on: date | None
    stale: bool

    @staticmethod
    def resolve_stale(competitor: Competitor) -> bool:
        """Tell whether the battle card was not checked for too long."""
        return competitor.is_stale(today=timezone.localdate())


def whole_products() -> Any:
    """Return products with their parts."""
    return Product.objects.prefetch_related("modules", "tiers__modules", "service_packs")


@router.get("/products", response=Page[ProductOut], tags=["library"])
def products(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the products with their modules, tiers and service packs."""
    return page_of(whole_products().visible_to(user_of(request)), paging)


@router.post("/products", response={201: ProductOut}, tags=["library"])
def add_product(request: HttpRequest, body: ProductIn) -> Status[Product]:
    """Add a product."""
    require_write(user_of(request), area="library")
    values = body.dict(exclude_unset=True)
    return Status(201, Product.objects.add(by=user_of(request), now=timezone.now(), **values))


@router.get("/products/{int:pk}", response=ProductOut, tags=["library"])
def product(request: HttpRequest, pk: int) -> Product:
    """Return a product."""
    found: Product = load(whole_products(), user=user_of(request), pk=pk)
    return found


@router.patch("/products/{int:pk}", response=ProductOut, tags=["library"])
def change_product(request: HttpRequest, pk: int, body: ProductIn) -> Product:
    """Change the fields that are given."""
    found = load(Product, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **body.dict(exclude_unset=True))
    return found


@router.get("/pains", response=Page[PainOut], tags=["library"])
def pains(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the pains with what eases and what shows them."""
    return page_of(Pain.objects.visible_to(user_of(request)).prefetch_related("modules", "metrics"), paging)


@router.get("/value-metrics", response=Page[ValueMetricOut], tags=["library"])
def value_metrics(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the metrics in which value shows."""
    return page_of(ValueMetric.objects.visible_to(user_of(request)), paging)


@router.get("/evidence", response=Page[EvidenceOut], tags=["library"])
def evidence(request: HttpRequest, paging: PagingQuery, kind: str = "") -> dict[str, Any]:
    """List the evidence."""
    found = Evidence.objects.visible_to(user_of(request))
    return page_of(found.filter(kind=kind) if kind else found, paging)


@router.post("/evidence", response={201: EvidenceOut}, tags=["library"])
def add_evidence(request: HttpRequest, body: EvidenceIn) -> Status[Evidence]:
    """Add a piece of evidence."""
    require_write(user_of(request), area="library")
    values = linked(request, body.dict(exclude_unset=True), account=Account)
    return Status(201, Evidence.objects.add(by=user_of(request), now=timezone.now(), **values))


@router.get("/evidence/{int:pk}", response=EvidenceOut, tags=["library"])
def evidence_item(request: HttpRequest, pk: int) -> Evidence:
    """Return a piece of evidence."""
    return load(Evidence, user=user_of(request), pk=pk)


@router.patch("/evidence/{int:pk}", response=EvidenceOut, tags=["library"])
def change_evidence(request: HttpRequest, pk: int, body: EvidenceIn) -> Evidence:
    """Change the fields that are given."""
    found = load(Evidence, user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), account=Account)
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found


@router.get("/competitors", response=Page[CompetitorOut], tags=["library"])
def competitors(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the competitors."""
    return page_of(Competitor.objects.visible_to(user_of(request)).prefetch_related("claims"), paging)


@router.post("/competitors", response={201: CompetitorOut}, tags=["library"])
def add_competitor(request: HttpRequest, body: CompetitorIn) -> Status[Competitor]:
    """Add a competitor."""
    require_write(user_of(request), area="library")
    values = linked(request, body.dict(exclude_unset=True), owner=User)
    return Status(201, Competitor.objects.add(by=user_of(request), now=timezone.now(), **values))


@router.get("/competitors/{int:pk}", response=CompetitorOut, tags=["library"])
def competitor(request: HttpRequest, pk: int) -> Competitor:
    """Return a competitor."""
    return load(Competitor, user=user_of(request), pk=pk)


@router.patch("/competitors/{int:pk}", response=CompetitorOut, tags=["library"])
def change_competitor(request: HttpRequest, pk: int, body: CompetitorIn) -> Competitor:
    """Change the fields that are given."""
    found = load(Competitor, user=user_of(request), pk=pk, write=True)
    values = linked(request, body.dict(exclude_unset=True), owner=User)
    found.change(by=user_of(request), now=timezone.now(), **values)
    return found

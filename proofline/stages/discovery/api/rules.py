"""Rules, price rules and the check of the catalogue through the API. A part is named by its kind's letter and number: `m12`, `t3`, `p5`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, Words, page_of
from proofline.records.access import load, require_write
from proofline.records.api import linked, user_of
from proofline.records.models import Product, Tier
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.checks import findings, of_rule
from proofline.stages.discovery.models import CatalogueRule, PriceRule, parts_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from proofline.stages.discovery.models.parts import Part

router = Router(tags=["discovery"])
PARTS = "Modules (`m12`), tiers (`t3`) and service packs (`p5`); for `requires` and `only_with` the first is the one that needs the others."


class CatalogueFindingOut(Schema):
    kind: str
    text: str
    why: list[str]
    rules: list[str] = Field(description="The rules that have a part in it: `rule:7`, `price:3`.")


class CatalogueRuleIn(Given):
    kind: Literal["requires", "only_with", "excludes", "at_least", "at_most"]
    number: int | None = Field(None, ge=0, le=1000)
    note: Words = None
    parts: list[str] = Field(description=PARTS, max_length=1000)


class CatalogueRuleChange(Given):
    number: int | None = Field(None, ge=0, le=1000)
    note: Words = None
    parts: list[str] | None = Field(None, description=PARTS, max_length=1000)


class CatalogueRuleOut(Schema):
    id: int
    kind: str
    number: int | None
    note: str
    parts: list[str]

    @staticmethod
    def resolve_parts(rule: CatalogueRule) -> list[str]:
        """Return the keys of its parts, in their order."""
        return keys_of(rule)


class SavedRuleOut(CatalogueRuleOut):
    findings: list[CatalogueFindingOut] = Field(description="What it contradicts now.")

    @staticmethod
    def resolve_findings(rule: CatalogueRule) -> list[dict[str, Any]]:
        """Return the contradictions that it has a part in."""
        return [told(one) for one in of_rule(findings(Catalogue.load()), f"rule:{rule.pk}")]


class PriceRuleFields(Given):
    name: Words = None
    product_id: int | None = None
    tier_id: int | None = None
    least: int | None = Field(None, ge=0, le=2_000_000_000)
    most: int | None = Field(None, ge=0, le=2_000_000_000)
    sector: Words = None
    starts_on: date | None = None
    ends_on: date | None = None
    list_currency: Words = None
    currency: Words = None
    rate: Decimal | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    parts: list[str] | None = Field(None, description="Of a bundle.", max_length=1000)


class PriceRuleIn(PriceRuleFields):
    kind: Literal["currency", "tier", "volume", "bundle", "term", "segment", "date"]


class PriceRuleOut(Schema):
    id: int
    kind: str
    name: str
    product_id: int | None
    tier_id: int | None
    least: int | None
    most: int | None
    sector: str
    starts_on: date | None
    ends_on: date | None
    list_currency: str
    currency: str
    rate: Decimal | None
    percent: Decimal | None
    amount: Decimal | None
    parts: list[str]

    @staticmethod
    def resolve_parts(rule: PriceRule) -> list[str]:
        """Return the keys of a bundle's parts."""
        return keys_of(rule)


class SavedPriceRuleOut(PriceRuleOut):
    findings: list[CatalogueFindingOut] = Field(description="What it contradicts now.")

    @staticmethod
    def resolve_findings(rule: PriceRule) -> list[dict[str, Any]]:
        """Return the contradictions that it has a part in."""
        return [told(one) for one in of_rule(findings(Catalogue.load()), f"price:{rule.pk}")]


class CatalogueCheckOut(Schema):
    findings: list[CatalogueFindingOut]


def keys_of(rule: Any) -> list[str]:
    """Return the keys of a rule's parts, in their order."""
    return [link.key for link in sorted(rule.parts.all(), key=lambda link: link.position)]


def told(finding: Any) -> dict[str, Any]:
    """Return a finding as it is told."""
    return {"kind": finding.kind, "text": finding.text, "why": list(finding.why), "rules": sorted(finding.rules)}


def parts_of(keys: Sequence[str]) -> list[Part]:
    """Return the parts that are named.

    Raises:
        ValidationError: a key names none.
    """
    found = parts_named(keys)
    if len(found) != len(keys):
        raise ValidationError({"parts": _("Each names another module, tier or service pack, such as m12, t3 or p5.")})
    return found


def values_of(request: HttpRequest, body: Schema) -> dict[str, Any]:
    """Return what was given, records in place of their numbers."""
    values = linked(request, body.dict(exclude_unset=True), product=Product, tier=Tier)
    if values.get("parts") is not None:
        values["parts"] = parts_of(values["parts"])
    return {name: value for name, value in values.items() if name != "parts" or value is not None}


@router.get("/catalogue-rules", response=Page[CatalogueRuleOut])
def catalogue_rules(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the rules of the catalogue."""
    return page_of(CatalogueRule.objects.visible_to(user_of(request)).prefetch_related("parts"), paging)


@router.post("/catalogue-rules", response={201: SavedRuleOut})
def add_catalogue_rule(request: HttpRequest, body: CatalogueRuleIn) -> Status[CatalogueRule]:
    """Add a rule; the answer says at once what it contradicts."""
    require_write(user_of(request), area="library")
    values = values_of(request, body)
    return Status(201, CatalogueRule.objects.add(by=user_of(request), now=timezone.now(), **values))


@router.get("/catalogue-rules/{int:pk}", response=SavedRuleOut)
def catalogue_rule(request: HttpRequest, pk: int) -> CatalogueRule:
    """Return a rule, with what it contradicts."""
    return load(CatalogueRule, user=user_of(request), pk=pk)


@router.patch("/catalogue-rules/{int:pk}", response=SavedRuleOut)
def change_catalogue_rule(request: HttpRequest, pk: int, body: CatalogueRuleChange) -> CatalogueRule:
    """Change the fields that are given; the answer says at once what it contradicts."""
    found = load(CatalogueRule, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **values_of(request, body))
    return found


@router.delete("/catalogue-rules/{int:pk}", response={204: None})
def remove_catalogue_rule(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a rule."""
    load(CatalogueRule, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.get("/price-rules", response=Page[PriceRuleOut])
def price_rules(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """List the price rules. They apply by kind: currency, tier, volume, bundle, term, segment, date."""
    return page_of(PriceRule.objects.visible_to(user_of(request)).prefetch_related("parts"), paging)


@router.post("/price-rules", response={201: SavedPriceRuleOut})
def add_price_rule(request: HttpRequest, body: PriceRuleIn) -> Status[PriceRule]:
    """Add a price rule; the answer says at once what it overlaps and where it leaves a gap."""
    require_write(user_of(request), area="library")
    values = values_of(request, body)
    return Status(201, PriceRule.objects.add(by=user_of(request), now=timezone.now(), **values))


@router.get("/price-rules/{int:pk}", response=SavedPriceRuleOut)
def price_rule(request: HttpRequest, pk: int) -> PriceRule:
    """Return a price rule, with what it contradicts."""
    return load(PriceRule, user=user_of(request), pk=pk)


@router.patch("/price-rules/{int:pk}", response=SavedPriceRuleOut)
def change_price_rule(request: HttpRequest, pk: int, body: PriceRuleFields) -> PriceRule:
    """Change the fields that are given; the answer says at once what it contradicts."""
    found = load(PriceRule, user=user_of(request), pk=pk, write=True)
    found.change(by=user_of(request), now=timezone.now(), **values_of(request, body))
    return found


@router.delete("/price-rules/{int:pk}", response={204: None})
def remove_price_rule(request: HttpRequest, pk: int) -> Status[None]:
    """Remove a price rule."""
    load(PriceRule, user=user_of(request), pk=pk, write=True).remove()
    return Status(204, None)


@router.get("/catalogue-check", response=CatalogueCheckOut)
def catalogue_check(request: HttpRequest) -> dict[str, Any]:
    """Return what contradicts itself in the catalogue: rules, what can never be sold, pains that nothing eases, price rules that overlap or leave a gap."""
    user_of(request)
    return {"findings": [told(one) for one in findings(Catalogue.load())]}

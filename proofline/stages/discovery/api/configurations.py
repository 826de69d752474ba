"""Configurations through the API: what covers a study's needs, why, at what price; and those that were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from proofline.kit.money import currencies
from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.records.models import Pain
from proofline.stages.discovery.configuring.asking import MOST_MONTHS, MOST_SEATS, first_ask
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.configuration import Conflict
from proofline.stages.discovery.configuring.keeping import keep, step_text
from proofline.stages.discovery.configuring.offering import found_for
from proofline.stages.discovery.configuring.saying import name_of, said
from proofline.stages.discovery.models import Configuration, Study

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.configuring.offering import Ask, Offer

router = Router(tags=["discovery"])


class ConfigurationAsk(Given):
    pains: list[int] | None = Field(None, max_length=1000, description="Left out: the pains of the study's needs.")
    put_in: list[str] | None = Field(None, max_length=1000, description="Parts that have to be in: `m12`, `t3`, `p5`.")
    left_out: list[str] | None = Field(None, max_length=1000, description="Parts that must not be in.")
    seats: int | None = Field(None, ge=1, le=MOST_SEATS)
    months: int | None = Field(None, ge=1, le=MOST_MONTHS)
    product: int | None = Field(None, description="The only product that is asked for.")
    currency: str | None = Field(None, min_length=3, max_length=3)


AskQuery = Annotated[ConfigurationAsk, Query()]


class PriceStepOut(Schema):
    text: str
    monthly: Decimal
    once: Decimal


class ConfiguredPartOut(Schema):
    part: str = Field(description="`m12`, `t3` or `p5`; empty when the catalogue has it no more.")
    name: str
    quantity: int
    price: Decimal
    unlocks: list[str]
    why: list[str]


class ConfiguredOut(Schema):
    seats: int
    months: int
    currency: str
    parts: list[ConfiguredPartOut]
    monthly: Decimal
    once: Decimal
    steps: list[PriceStepOut] = Field(
        description="The list price, then each rule that was applied; they add up to the price."
    )
    conflict: list[str] = Field(description="What can't hold together, where nothing can be offered.")
    blocked: dict[str, list[str]] = Field(description="Why a part that is not in can't be put in.")


class ConfigurationOut(Schema):
    id: int
    study_id: int
    version: int
    seats: int
    months: int
    currency: str
    monthly: Decimal
    once: Decimal
    priced_on: date
    parts: list[ConfiguredPartOut]
    steps: list[PriceStepOut]
    created_at: datetime

    @staticmethod
    def resolve_parts(kept: Configuration) -> list[dict[str, Any]]:
        """Return its parts, in the catalogue's order."""
        letters = {"module": "m", "tier": "t", "pack": "p"}
        return [
            {
                "part": f"{letters[part.kind]}{pk}" if (pk := getattr(part, f"{part.kind}_id")) else "",
                "name": part.name,
                "quantity": part.quantity,
                "price": part.price,
                "unlocks": part.unlocks,
                "why": part.reasons,
            }
            for part in kept.ordered_parts
        ]

    @staticmethod
    def resolve_steps(kept: Configuration) -> list[dict[str, Any]]:
        """Return why the price is what it is."""
        return [{"text": text, "monthly": monthly, "once": once} for text, monthly, once in kept.explained]


@router.get("/studies/{int:pk}/configuration", response=ConfiguredOut)
def configure_study(request: HttpRequest, pk: int, ask: AskQuery) -> dict[str, Any]:
    """Return the smallest set of parts that covers the needs, with why and the price; or what can't hold together. Nothing is kept."""
    study = load(Study.objects.select_related("account"), user=user_of(request), pk=pk)
    catalogue = Catalogue.load()
    wanted = asked(study, catalogue, ask)
    return told(_found(catalogue, wanted), wanted, catalogue)


@router.post("/studies/{int:pk}/configurations", response={201: ConfigurationOut})
def keep_configuration(request: HttpRequest, pk: int, body: ConfigurationAsk) -> Status[Configuration]:
    """Configure and keep it as the study's next version."""
    user = user_of(request)
    study = load(Study.objects.select_related("account"), user=user, pk=pk, write=True)
    catalogue = Catalogue.load()
    ask = asked(study, catalogue, body)
    found = _found(catalogue, ask)
    if isinstance(found, Conflict):
        raise ValidationError(said(found.parts, catalogue))
    if not found.bought:
        raise ValidationError(_("There is nothing to keep: name pains that a module eases, or parts to put in."))
    return Status(201, keep(study, found, ask, catalogue, by=user, now=timezone.now()))


@router.get("/studies/{int:pk}/configurations", response=Page[ConfigurationOut])
def configurations(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the configurations of a study, the newest first."""
    study = load(Study, user=user_of(request), pk=pk)
    return page_of(Configuration.objects.filter(study=study).prefetch_related("parts"), paging)


@router.get("/configurations/{int:pk}", response=ConfigurationOut)
def configuration(request: HttpRequest, pk: int) -> Configuration:
    """Return a configuration as it was kept."""
    return load(Configuration, user=user_of(request), pk=pk)


def asked(study: Study, catalogue: Catalogue, body: ConfigurationAsk) -> Ask:
    """Return what is asked for; what was left out is as on the page."""
    given: dict[str, Any] = {name: value for name, value in body.dict().items() if value is not None}
    lists: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    if given.get("currency", "CNY") not in currencies():
        raise ValidationError({"currency": _("This is no currency in use.")})
    if "product" in given and all(item.product != given["product"] for item in catalogue.items.values()):
        raise ValidationError({"product": _("There is no such product.")})
    _check_known(catalogue, given)
    return replace(first_ask(study, catalogue, now=timezone.now()), **lists)


def _check_known(catalogue: Catalogue, given: dict[str, Any]) -> None:
    """Pass when all parts and pains that were named are there.

    Raises:
        ValidationError: by the field that names what is not.
    """
    for field in ("put_in", "left_out"):
        if unknown := [key for key in given.get(field, ()) if key not in catalogue.items]:
            raise ValidationError({field: _("There is no such part: %(part)s.") % {"part": unknown[0][:40]}})
    pains = set(given.get("pains", ()))
    if unknown_pains := pains - set(Pain.objects.filter(pk__in=_storable(pains)).values_list("pk", flat=True)):
        raise ValidationError({"pains": _("There is no such pain: %(pain)s.") % {"pain": min(unknown_pains)}})


def _storable(numbers: set[int]) -> list[int]:
    return [one for one in numbers if 0 < one < 2**63]


def _found(catalogue: Catalogue, ask: Ask) -> Offer | Conflict:
    found, trouble = found_for(catalogue, ask)
    if found is None:
        raise ValidationError(trouble)
    return found


def told(found: Offer | Conflict, ask: Ask, catalogue: Catalogue) -> dict[str, Any]:
    """Return what was found as it is told."""
    frame = {"seats": ask.seats, "months": ask.months, "currency": ask.currency}
    if isinstance(found, Conflict):
        nothing: dict[str, Any] = {"parts": [], "monthly": 0, "once": 0, "steps": [], "blocked": {}}
        return frame | nothing | {"conflict": said(found.parts, catalogue)}
    lines = [(key, catalogue.line(key, seats=ask.seats)) for key in found.bought]
    return frame | {
        "parts": [
            {
                "part": line.key,
                "name": name_of(line.key, catalogue),
                "quantity": line.quantity,
                "price": found.price.lines[line.key],
                "unlocks": [
                    name_of(one, catalogue) for one in catalogue.items if one in catalogue.items[line.key].unlocks
                ],
                "why": said(found.why[key], catalogue),
            }
            for key, line in lines
        ],
        "monthly": found.price.monthly,
        "once": found.price.once,
        "steps": [
            {"text": step_text(step, catalogue), "monthly": step.monthly, "once": step.once}
            for step in found.price.steps
        ],
        "conflict": [],
        "blocked": {key: said(parts, catalogue) for key, parts in found.blocked.items()},
    }

"""Add-ons that a customer may switch in a proposal, through the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from proofline.kit.rest import Given
from proofline.records.access import load
from proofline.records.api import user_of
from proofline.stages.discovery.api.configurations import ConfigurationOut
from proofline.stages.discovery.models import Configuration, OfferedAddOn, Proposal
from proofline.stages.discovery.wishing.choosing import ForbiddenChoiceError, selection_of
from proofline.stages.discovery.wishing.forms import modules_for
from proofline.stages.discovery.wishing.wishing import take_wishes

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.discovery.wishing.choosing import AddOn

router = Router(tags=["discovery"])


class AddOnOut(Schema):
    """An add-on: `is_on` as the customer left it, `was_on` as it was offered."""

    module_id: int
    name: str
    is_on: bool
    was_on: bool
    switched_by: str
    switched_at: datetime | None


class AddOnsOut(Schema):
    """The add-ons, and what it costs as chosen; no price where what was chosen can't be sold any more."""

    add_ons: list[AddOnOut]
    currency: str
    monthly: Decimal | None
    once: Decimal | None
    trouble: str


class AddOnsIn(Given):
    module_ids: list[int]


@router.get("/proposals/{int:pk}/add-ons", response=AddOnsOut)
def proposal_add_ons(request: HttpRequest, pk: int) -> AddOnsOut:
    """List the add-ons that the customer may switch, and how they left them."""
    return _told(load(Proposal, user=user_of(request), pk=pk))


@router.put("/proposals/{int:pk}/add-ons", response=AddOnsOut)
def offer_add_ons(request: HttpRequest, pk: int, body: AddOnsIn) -> AddOnsOut:
    """Say which modules the customer may switch on, beside those that are in without being needed."""
    proposal = load(Proposal, user=user_of(request), pk=pk, write=True)
    modules = {module.pk: module for module in modules_for(proposal)}
    if any(module not in modules for module in body.module_ids):
        raise ValidationError({"module_ids": _("Name modules that are sold as add-ons to what is configured.")})
    OfferedAddOn.offer(proposal, [modules[module] for module in body.module_ids])
    return _told(proposal)


@router.post("/proposals/{int:pk}/wishes", response={201: ConfigurationOut})
def take_proposal_wishes(request: HttpRequest, pk: int) -> Status[Configuration]:
    """Keep what the customer chose as the study's next configuration, which the proposal then offers."""
    user = user_of(request)
    proposal = load(Proposal, user=user, pk=pk, write=True)
    try:
        made = take_wishes(proposal, by=user, now=timezone.now())
    except ForbiddenChoiceError as error:
        raise ValidationError(str(error)) from error
    return Status(201, made.configuration)


def _told(proposal: Proposal) -> AddOnsOut:
    selection = selection_of(proposal)
    if selection is None:
        return AddOnsOut(add_ons=[], currency="", monthly=None, once=None, trouble="")
    monthly, once = (money.amount for money in selection.price) if selection.price else (None, None)
    return AddOnsOut(
        add_ons=[_one(one) for one in selection.add_ons],
        currency=selection.configuration.currency,
        monthly=monthly,
        once=once,
        trouble=selection.trouble,
    )


def _one(one: AddOn) -> AddOnOut:
    return AddOnOut(
        module_id=one.module.pk,
        name=one.module.name,
        is_on=one.is_on,
        was_on=one.was_on,
        switched_by=one.wish.name if one.wish else "",
        switched_at=one.wish.at if one.wish else None,
    )

"""Quotes through the API."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from proofline.kit.rest import Given, Page, PagingQuery, page_of
from proofline.records.access import load
from proofline.records.api import linked, user_of
from proofline.records.models import Contact
from proofline.stages.closing.models import Deal, Quote, QuoteOption

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["quotes"])


class OptionOut(Schema):
    id: int
    name: str
    tier_id: int | None
    configuration_id: int | None = Field(description="What it offers was configured so.")
    seats: int
    monthly: Decimal
    once: Decimal
    modules: list[str]
    recommended: bool


class QuoteOut(Schema):
    id: int
    deal_id: int
    version: int
    currency: str
    language: str
    note: str
    valid_until: date
    state: str
    path: str
    chosen_option_id: int | None
    options: list[OptionOut]
    created_at: datetime

    @staticmethod
    def resolve_state(quote: Quote) -> str:
        """Return where it stands today."""
        return quote.state(today=timezone.localdate())

    @staticmethod
    def resolve_path(quote: Quote) -> str:
        """Return the path of the customer's private link; it opens once the quote is sent."""
        return reverse("closing:quote_public", args=[quote.token])

    @staticmethod
    def resolve_chosen_option_id(quote: Quote) -> int | None:
        """Return the option that the customer chose."""
        return quote.choice.option_id if quote.is_chosen else None

    @staticmethod
    def resolve_options(quote: Quote) -> list[QuoteOption]:
        """Return the options from the smallest to the largest."""
        return quote.ordered_options


class QuoteSendingIn(Given):
    to_id: int | None = None


@router.get("/deals/{int:pk}/quotes", response=Page[QuoteOut])
def quotes(request: HttpRequest, pk: int, paging: PagingQuery) -> dict[str, Any]:
    """List the quotes of a deal."""
    return page_of(Quote.objects.filter(deal=load(Deal, user=user_of(request), pk=pk)), paging)


@router.post("/deals/{int:pk}/quotes", response={201: QuoteOut})
def add_quote(request: HttpRequest, pk: int) -> Status[Quote]:
    """Draft the next quote: a copy of the last one, else the tiers of the deal's product."""
    user = user_of(request)
    deal = load(Deal, user=user, pk=pk, write=True)
    return Status(201, Quote.objects.draft(deal=deal, by=user, now=timezone.now(), today=timezone.localdate()))


@router.post("/deals/{int:pk}/quotes/configured", response=QuoteOut)
def take_configuration(request: HttpRequest, pk: int) -> Quote:
    """Let the last quote offer what was configured since; one that was sent, in its next version. 422 where it does already."""
    user = user_of(request)
    deal = load(Deal, user=user, pk=pk, write=True)
    return Quote.objects.take_configuration(deal=deal, by=user, now=timezone.now(), today=timezone.localdate())


@router.get("/quotes/{int:pk}", response=QuoteOut)
def quote(request: HttpRequest, pk: int) -> Quote:
    """Return a quote."""
    return load(Quote, user=user_of(request), pk=pk)


@router.post("/quotes/{int:pk}/sending", response={201: QuoteOut})
def send_quote(request: HttpRequest, pk: int, body: QuoteSendingIn) -> Status[Quote]:
    """Open the private link; the quote no longer changes."""
    user = user_of(request)
    found = load(Quote, user=user, pk=pk, write=True)
    found.send(by=user, now=timezone.now(), **linked(request, body.dict(), to=Contact))
    return Status(201, Quote.objects.get(pk=pk))

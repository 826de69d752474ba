"""Offers: drafting, sending, the customer's choice."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from proofline.stages.closing.models import AlreadyChosenError, Deal, Quote, QuoteNotOpenError, QuoteSentError
from proofline.stages.closing.tests.conftest import TODAY
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.keeping import keep
from proofline.stages.discovery.configuring.offering import Ask, Offer, market_on, offer
from proofline.stages.discovery.models import PriceRule

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Contact, User


@pytest.fixture
def sent(quote: Quote, sam: User, helen: Contact) -> Quote:
    """A quote that was sent now, by today's real clock."""
    from django.utils import timezone

    quote.edit(valid_until=timezone.now().date() + timedelta(days=30), options=[{}, {}, {}])
    quote.options.filter(position=2).update(recommended=True)
    quote.send(by=sam, now=timezone.now(), to=helen)
    return Quote.objects.get(pk=quote.pk)


def public(quote: Quote) -> str:
    return reverse("closing:quote_public", args=[quote.token])


def test_a_quote_begins_with_the_tiers_of_the_product(quote: Quote) -> None:
    options = quote.ordered_options
    assert [(option.name, option.seats, option.monthly) for option in options] == [
        ("Basic", 5, Decimal(300)),
        ("Advanced", 10, Decimal(900)),
        ("Enterprise", 15, Decimal(2250)),
    ]
    assert [option.recommended for option in options] == [False, True, False]
    assert options[1].modules == ["Reports", "Forecasts"]
    assert options[1].total().amount == Decimal(10_800)


def test_the_next_quote_is_a_copy_in_a_new_version(quote: Quote, deal: Deal, sam: User, now: datetime) -> None:
    quote.edit(note="For you", options=[{"monthly": Decimal(250)}, {}, {"recommended": True}])
    second = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    assert second.version == 2
    assert second.note == "For you"
    assert second.ordered_options[0].monthly == Decimal(250)
    assert second.token != quote.token


def test_what_was_sent_does_not_change(sent: Quote) -> None:
    with pytest.raises(QuoteSentError):
        sent.edit(note="cheaper", options=[{}, {}, {}])


def test_the_editor_keeps_what_was_typed_beside_its_error(
    quote: Quote, sam: User, as_: Callable[[User], Client]
) -> None:
    typed = {
        "currency": "CNY",
        "valid_until": "2026-12-31",
        "language": "en",
        "note": "Dear Helen",
        "recommended": "1",
    }
    for position in (1, 2, 3):
        typed |= {
            f"o{position}-name": f"Tier {position}",
            f"o{position}-seats": "10",
            f"o{position}-monthly": "500",
            f"o{position}-once": "0",
            f"o{position}-modules": "Reports\n\nForecasts",
        }
    address = reverse("closing:quote", args=[quote.pk])
    wrong = as_(sam).post(address, typed | {"o2-monthly": "-5"})
    assert wrong.status_code == 422
    assert "A price can&#x27;t be negative." in wrong.content.decode()
    assert "Dear Helen" in wrong.content.decode()
    assert as_(sam).post(address, typed).status_code == 302
    first = quote.ordered_options[0]
    assert (first.name, first.monthly, first.recommended) == ("Tier 1", Decimal(500), True)
    assert first.modules == ["Reports", "Forecasts"]


def test_the_customer_sees_three_tiers_and_chooses_one(sent: Quote, client: Client) -> None:
    page = client.get(public(sent))
    assert page.status_code == 200
    for name in ("Basic", "Advanced", "Enterprise", "We recommend", "¥900"):
        assert name in page.content.decode()
    option = sent.ordered_options[2]
    choose = reverse("closing:choice", args=[sent.token])
    assert client.post(choose, {"option": option.pk, "name": " "}).status_code == 422
    answer = client.post(choose, {"option": option.pk, "name": "Helen He"}, HTTP_USER_AGENT="Phone/1")
    assert answer.status_code == 302
    chosen = Quote.objects.get(pk=sent.pk).choice
    assert (chosen.option, chosen.name, chosen.ip, chosen.user_agent) == (option, "Helen He", "127.0.0.1", "Phone/1")
    assert "Helen He chose" in client.get(public(sent)).content.decode()
    deal = Deal.objects.get(pk=sent.deal_id)
    assert deal.amount == Decimal(27_000)


def test_a_second_choice_is_refused(sent: Quote, client: Client) -> None:
    choose = reverse("closing:choice", args=[sent.token])
    first, second = sent.ordered_options[:2]
    client.post(choose, {"option": first.pk, "name": "Helen He"})
    client.post(choose, {"option": second.pk, "name": "Somebody Else"})
    assert Quote.objects.get(pk=sent.pk).choice.name == "Helen He"


def test_a_draft_an_expired_and_a_replaced_offer_can_not_be_chosen_from(
    quote: Quote, deal: Deal, sam: User, now: datetime
) -> None:
    option = quote.ordered_options[0]
    choice = {"name": "Helen He", "ip": None, "user_agent": "", "now": now}
    with pytest.raises(QuoteNotOpenError):
        quote.choose(option, today=TODAY, **choice)
    quote.send(by=sam, now=now)
    with pytest.raises(QuoteNotOpenError):
        quote.choose(option, today=TODAY + timedelta(days=31), **choice)
    newer = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    newer.send(by=sam, now=now)
    with pytest.raises(QuoteNotOpenError):
        quote.choose(option, today=TODAY, **choice)
    newer.choose(newer.ordered_options[0], today=TODAY, **choice)
    with pytest.raises(AlreadyChosenError):
        newer.choose(newer.ordered_options[1], today=TODAY, **choice)


def test_old_links_say_what_to_do(sent: Quote, client: Client, sam: User) -> None:
    from django.utils import timezone

    newer = Quote.objects.draft(deal=sent.deal, by=sam, now=timezone.now(), today=timezone.now().date())
    newer.send(by=sam, now=timezone.now())
    gone = client.get(public(sent))
    assert gone.status_code == 410
    assert public(newer) in gone.content.decode()
    Quote.objects.filter(pk=newer.pk).update(valid_until=TODAY - timedelta(days=900))
    expired = client.get(public(newer))
    assert expired.status_code == 410
    assert "sam@proofline.test" in expired.content.decode()


def test_a_draft_is_seen_by_us_alone(
    quote: Quote, client: Client, as_: Callable[[User], Client], sam: User, olga: User
) -> None:
    assert client.get(public(quote)).status_code == 404
    assert as_(olga).get(public(quote)).status_code == 404
    assert "preview" in as_(sam).get(public(quote)).content.decode()
    assert client.get("/q/nonsense/").status_code == 404


def test_the_offer_is_a_pdf_too(sent: Quote, client: Client) -> None:
    answer = client.get(reverse("closing:quote_public_pdf", args=[sent.token]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_sending_mails_the_link_to_the_person(sent: Quote, helen: Contact) -> None:
    from proofline.outreach.models import Message

    message = Message.objects.get(contact=helen)
    assert public(sent) in message.body


def test_the_tiers_of_a_quote_follow_the_price_rules(deal: Deal, sam: User, now: datetime) -> None:
    PriceRule.objects.add(by=None, now=now, kind="volume", least=10, percent=Decimal(10))
    options = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY).ordered_options
    assert [option.monthly for option in options] == [Decimal(300), Decimal(810), Decimal(2025)]


def test_a_quote_offers_what_was_configured_in_place_of_its_tier(deal: Deal, sam: User, now: datetime) -> None:
    study = deal.begin_study(by=sam, now=now)
    catalogue = Catalogue.load()
    tier, module = (key for key, name in catalogue.names.items() if name in {"Clarity Suite Basic", "Forecasts"})
    ask = Ask((), "CNY", TODAY, seats=8, put_in=(tier, module))
    found = offer(catalogue, ask, market=market_on(TODAY))
    assert isinstance(found, Offer)
    keep(study, found, ask, catalogue, by=sam, now=now)
    options = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY).ordered_options
    assert [(option.name, option.monthly, option.recommended) for option in options] == [
        ("Clarity Suite Basic + Forecasts", Decimal(500), True),
        ("Advanced", Decimal(900), False),
        ("Enterprise", Decimal(2250), False),
    ]
    assert (options[0].seats, options[0].modules) == (8, ["Reports", "Forecasts"])

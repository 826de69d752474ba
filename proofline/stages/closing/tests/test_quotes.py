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
from proofline.stages.discovery.models import Configuration, PriceRule, Proposal, Study
from tests.fixtures.sale import Program

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any

    from django.test import Client

    from proofline.records.models import Contact, User

    As = Callable[[User], Client]
    Facts = Callable[[str], list[dict[str, Any]]]


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


def configure(study: Study, *names: str, by: User, at: datetime, seats: int = 8) -> Configuration:
    """Keep a configuration of what is named."""
    catalogue = Catalogue.load()
    ask = Ask(
        (), "CNY", TODAY, seats=seats, put_in=tuple(key for key, name in catalogue.names.items() if name in names)
    )
    found = offer(catalogue, ask, market=market_on(TODAY))
    assert isinstance(found, Offer)
    return keep(study, found, ask, catalogue, by=by, now=at)


def offered(quote: Quote) -> list[tuple[str, Decimal, bool]]:
    return [(option.name, option.monthly, option.recommended) for option in quote.ordered_options]


def test_a_quote_offers_what_was_configured_in_place_of_its_tier(deal: Deal, sam: User, now: datetime) -> None:
    study = deal.begin_study(by=sam, now=now)
    configure(study, "Clarity Suite Basic", "Forecasts", by=sam, at=now)
    options = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY).ordered_options
    assert [(option.name, option.monthly, option.recommended) for option in options] == [
        ("Clarity Suite Basic + Forecasts", Decimal(500), True),
        ("Advanced", Decimal(900), False),
        ("Enterprise", Decimal(2250), False),
    ]
    assert (options[0].seats, options[0].modules) == (8, ["Reports", "Forecasts"])


BOTH, BASIC = ("Clarity Suite Basic + Forecasts", Decimal(500)), ("Clarity Suite Basic", Decimal(480))


def test_a_draft_takes_what_was_configured_since(deal: Deal, sam: User, as_: As, now: datetime) -> None:
    study = deal.begin_study(by=sam, now=now)
    quote = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    page = reverse("closing:quote", args=[quote.pk])
    assert "does not offer what was configured last" not in as_(sam).get(page).content.decode()
    kept = configure(study, "Clarity Suite Basic", "Forecasts", by=sam, at=now + timedelta(hours=1))
    assert "does not offer what was configured last: version 1" in as_(sam).get(page).content.decode()
    assert as_(sam).post(reverse("closing:quote_configured", args=[deal.pk])).url == page
    assert offered(Quote.objects.get()) == [
        (*BOTH, True),
        ("Advanced", Decimal(900), False),
        ("Enterprise", Decimal(2250), False),
    ]
    assert Quote.objects.get().ordered_options[0].configuration == kept
    assert "does not offer what was configured last" not in as_(sam).get(page).content.decode()


def test_a_quote_that_was_sent_stands_and_its_next_version_takes_it(
    deal: Deal, sam: User, now: datetime, facts: Facts
) -> None:
    study = deal.begin_study(by=sam, now=now)
    configure(study, "Clarity Suite Basic", by=sam, at=now)
    first = Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    first.send(by=sam, now=now, to=None)
    configure(study, "Clarity Suite Basic", "Forecasts", by=sam, at=now)
    second = Quote.objects.take_configuration(deal=deal, by=sam, now=now, today=TODAY)
    assert (second.version, offered(second)[0], offered(first)[0]) == (2, (*BOTH, True), (*BASIC, True))
    configure(study, "Clarity Suite Basic", by=sam, at=now)
    assert Quote.objects.take_configuration(deal=deal, by=sam, now=now, today=TODAY) == second
    assert offered(second)[0] == (*BASIC, True)
    assert [fact["properties"]["configuration"] for fact in facts("quote.configured")] == [2, 3]


def test_there_has_to_be_something_newer_to_take(deal: Deal, sam: User, as_: As, now: datetime) -> None:
    study = deal.begin_study(by=sam, now=now)
    configure(study, "Clarity Suite Basic", by=sam, at=now)
    assert offered(Quote.objects.take_configuration(deal=deal, by=sam, now=now, today=TODAY))[0] == (*BASIC, True)
    page = as_(sam).post(reverse("closing:quote_configured", args=[deal.pk]), follow=True).content.decode()
    assert "The last quote offers what was configured last" in page
    assert Program(sam, now).call("post", f"/deals/{deal.pk}/quotes/configured").status_code == 422
    configure(study, "Clarity Suite Basic", "Forecasts", by=sam, at=now)
    Quote.objects.update(currency="EUR")
    assert Quote.objects.get().newer_configuration is None


def test_the_proposal_tells_that_the_offer_is_older(deal: Deal, sam: User, rita: User, as_: As, now: datetime) -> None:
    study = deal.begin_study(by=sam, now=now)
    proposal = Proposal.objects.draft(by=sam, now=now, study=study, title="Reports in an hour")
    Quote.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    configure(study, "Clarity Suite Basic", by=sam, at=now + timedelta(hours=1))
    assert "Put it into the quote" in as_(sam).get(proposal.get_absolute_url()).content.decode()
    assert "Put it into the quote" not in as_(rita).get(proposal.get_absolute_url()).content.decode()
    assert (
        Program(sam, now).call("post", f"/deals/{deal.pk}/quotes/configured").json()["options"][0]["name"] == BASIC[0]
    )
    assert "The offer is older" not in as_(sam).get(proposal.get_absolute_url()).content.decode()

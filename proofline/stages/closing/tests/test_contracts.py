"""Contracts: drafting with promises, sending, signing, the seal."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proofline.kit.sealing import verify
from proofline.stages.closing.models import (
    AlreadyAcceptedError,
    Contract,
    ContractNotOpenError,
    ContractSentError,
    Deal,
    Quote,
)
from proofline.stages.closing.tests.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Account, User
    from proofline.stages.discovery.models import ValueCase

SIGNATURE = {"name": "Helen He", "title": "COO", "agree": "on"}


@pytest.fixture
def sent(contract: Contract, sam: User, now: datetime) -> Contract:
    contract.send(by=sam, now=now)
    return Contract.objects.get(pk=contract.pk)


def public(contract: Contract) -> str:
    return reverse("closing:contract_public", args=[contract.token])


def sign(client: Client, contract: Contract, **changes: str) -> int:
    """Sign as the customer does; return the answer's status."""
    return client.post(reverse("closing:acceptance", args=[contract.token]), SIGNATURE | changes).status_code


def paper(client: Client, contract: Contract) -> bytes:
    answer = client.get(reverse("closing:contract_public_pdf", args=[contract.token]))
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_promises_are_copied_from_the_value_case_that_was_promised(
    promised: ValueCase, deal: Deal, sam: User, now: datetime
) -> None:
    contract = Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    promise = contract.promises.get()
    assert promise.value_line == promised.lines.get()
    assert (promise.name, promise.unit) == ("Copying figures by hand", "h/week")
    assert (promise.baseline, promise.promised) == (Decimal(20), Decimal(8))


def test_a_contract_takes_the_price_of_the_chosen_tier(quote: Quote, deal: Deal, sam: User, now: datetime) -> None:
    quote.send(by=sam, now=now)
    option = quote.ordered_options[0]
    Quote.objects.get(pk=quote.pk).choose(option, name="Helen", ip=None, user_agent="", now=now, today=TODAY)
    contract = Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    assert (contract.monthly, contract.seats, contract.option) == (Decimal(300), 5, option)
    assert contract.total.amount == Decimal(3600)
    assert str(contract.ends_on) == "2027-11-09"


def test_without_an_offer_a_month_costs_a_twelfth_of_the_amount(contract: Contract) -> None:
    assert contract.monthly == Decimal(1000)
    assert "1. Service" in contract.terms


def test_the_terms_are_in_the_customers_language(leaving: Account, sam: User, now: datetime) -> None:
    deal = Deal.objects.open_deal(by=sam, now=now, name="莲花", account=leaving, amount=Decimal(100))
    assert "一、服务内容" in Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY).terms


def test_a_deal_has_one_contract_that_stands(contract: Contract, deal: Deal, sam: User, now: datetime) -> None:
    assert Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY) == contract
    contract.withdraw(by=sam, now=now)
    assert Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY) != contract


def test_a_contract_needs_a_party(sam: User, now: datetime) -> None:
    deal = Deal.objects.open_deal(by=sam, now=now, name="Nobody yet")
    with pytest.raises(ValidationError, match="party"):
        Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    deal.win(by=sam, now=now)
    assert not deal.contracts.exists()


def test_a_won_deal_has_its_contract_drafted(deal: Deal, sam: User, now: datetime) -> None:
    deal.win(by=sam, now=now)
    assert deal.contracts.get().state == "draft"


@pytest.mark.parametrize(
    ("field", "value"),
    [("months", 0), ("months", 121), ("months", 2**60), ("seats", 0), ("starts_on", date(9999, 12, 31))],
)
def test_a_term_that_no_calendar_holds_is_refused(contract: Contract, field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        contract.edit(**{field: value})
    assert field in refusal.value.message_dict


def test_what_was_sent_does_not_change(sent: Contract) -> None:
    with pytest.raises(ContractSentError):
        sent.edit(monthly=Decimal(1))


def test_the_customer_signs_with_name_and_consent(sent: Contract, client: Client) -> None:
    assert client.get(public(sent)).status_code == 200
    assert sign(client, sent, name=" ") == 422
    without = client.post(reverse("closing:acceptance", args=[sent.token]), {"name": "Helen He", "title": "COO"})
    assert without.status_code == 422
    assert "Tick this to sign." in without.content.decode()
    assert "Helen He" in without.content.decode()
    assert sign(client, sent) == 302
    acceptance = Contract.objects.get(pk=sent.pk).acceptance
    assert (acceptance.name, acceptance.title, acceptance.ip) == ("Helen He", "COO", "127.0.0.1")
    assert Deal.objects.get(pk=sent.deal_id).state == "won"
    assert "Signed by" in client.get(public(sent)).content.decode()


def test_a_deal_given_up_for_lost_is_won_by_the_signature(
    sent: Contract, deal: Deal, client: Client, sam: User, now: datetime
) -> None:
    deal.lose(by=sam, now=now, reason="silent")
    assert sign(client, sent) == 302
    assert Deal.objects.get(pk=deal.pk).state == "won"
    assert deal.reopenings.get().was == "lost"


def test_a_second_signature_changes_nothing(sent: Contract, client: Client, now: datetime) -> None:
    sign(client, sent)
    sign(client, sent, name="Somebody Else")
    assert Contract.objects.get(pk=sent.pk).acceptance.name == "Helen He"
    with pytest.raises(AlreadyAcceptedError):
        Contract.objects.get(pk=sent.pk).accept(name="X", ip=None, user_agent="", now=now)


def test_a_draft_and_a_withdrawn_contract_can_not_be_signed(
    contract: Contract, sam: User, now: datetime, client: Client
) -> None:
    with pytest.raises(ContractNotOpenError):
        contract.accept(name="Helen He", ip=None, user_agent="", now=now)
    assert client.get(public(contract)).status_code == 404
    contract.send(by=sam, now=now)
    contract.withdraw(by=sam, now=now)
    assert client.get(public(contract)).status_code == 410
    assert sign(client, contract) == 410


def test_a_signed_contract_can_not_be_taken_back(sent: Contract, client: Client, sam: User, now: datetime) -> None:
    sign(client, sent)
    with pytest.raises(AlreadyAcceptedError):
        Contract.objects.get(pk=sent.pk).withdraw(by=sam, now=now)


def test_both_sides_get_the_same_sealed_paper(
    sent: Contract, client: Client, as_: Callable[[User], Client], sam: User
) -> None:
    sign(client, sent)
    acceptance = Contract.objects.get(pk=sent.pk).acceptance
    theirs = paper(client, sent)
    ours = b"".join(as_(sam).get(reverse("closing:contract_pdf", args=[sent.pk])).streaming_content)  # type: ignore[attr-defined]
    assert theirs == ours
    assert hashlib.sha256(theirs).hexdigest() == acceptance.digest
    check = verify(theirs)
    assert check.intact
    assert check.trusted_by_us


def test_the_seal_shows_whether_a_copy_was_changed(sent: Contract, client: Client) -> None:
    address = reverse("closing:verification", args=[sent.token])
    assert client.get(address).status_code == 404
    sign(client, sent)
    assert "The seal is intact" in client.get(address).content.decode()
    genuine = paper(client, sent)
    forged = genuine.replace(b"1", b"2", 1) if b"1" in genuine else genuine + b" "
    for content, words in (
        (genuine, "byte for byte"),
        (forged, "not the sealed contract"),
        (b"hello", "not the sealed"),
    ):
        copy = SimpleUploadedFile("copy.pdf", content, "application/pdf")
        assert words in client.post(address, {"paper": copy}).content.decode()


def test_a_kept_paper_that_was_tampered_with_is_found_out(sent: Contract, client: Client) -> None:
    sign(client, sent)
    acceptance = Contract.objects.get(pk=sent.pk).acceptance
    with acceptance.pdf.storage.open(acceptance.pdf.name, "ab") as file:
        file.write(b"%tampered")
    page = client.get(reverse("closing:verification", args=[sent.token])).content.decode()
    assert "The seal is broken" in page


def test_a_paper_whose_making_was_cut_short_is_made_when_asked_for(sent: Contract, client: Client) -> None:
    Contract.objects.get(pk=sent.pk).accept(name="Helen He", ip=None, user_agent="", now=timezone.now())
    assert Contract.objects.get(pk=sent.pk).acceptance.digest == ""
    assert verify(paper(client, sent)).intact
    assert Contract.objects.get(pk=sent.pk).acceptance.digest


def test_terms_are_split_into_clauses_with_their_headings(contract: Contract) -> None:
    contract.terms = "1. Service\r\nWe serve.\r\nWell.\r\n\r\nA lone line.\n\n\n"
    assert contract.clauses == [("1. Service", "We serve.\nWell."), ("", "A lone line.")]

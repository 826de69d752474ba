"""Words that we avoid, in what a customer reads of an offer and a contract: hinted at, and replaced by the record's own verb."""

import pytest
from django.urls import reverse

from proofline.records.models import Wording
from proofline.stages.closing.models import Contract, Quote, QuoteSentError

HINT = "We avoid “cheap” and write “economical”."


@pytest.fixture(autouse=True)
def economical(db):
    return Wording.objects.add(english="economical", chinese="经济实惠", avoid="cheap\n便宜")


def replace(browser, name, record, **typed):
    return browser.post(reverse(f"closing:{name}_wording", args=[record.pk]), {"found": "cheap"} | typed)


def test_the_words_to_a_customer_are_replaced_in_a_draft(quote, as_, sam):
    quote.word(note="A cheap start.")
    page = reverse("closing:quote", args=[quote.pk])
    assert HINT in as_(sam).get(page).content.decode()
    answer = replace(as_(sam), "quote", quote, next=page)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Quote.objects.get(pk=quote.pk).note == "A economical start."
    assert HINT not in as_(sam).get(page).content.decode()


def test_what_was_sent_stays_as_it_was_read(quote, as_, sam, now, helen):
    quote.word(note="A cheap start.")
    quote.send(by=sam, now=now, to=helen)
    assert HINT not in as_(sam).get(reverse("closing:quote", args=[quote.pk])).content.decode()
    replace(as_(sam), "quote", quote)
    assert Quote.objects.get(pk=quote.pk).note == "A cheap start."
    with pytest.raises(QuoteSentError):
        quote.word(note="Another.")


def test_the_terms_of_a_contract_are_replaced_in_its_language(contract, as_, sam):
    contract.edit(terms="1. 便宜的服务", language="zh-hans")
    page = as_(sam).get(reverse("closing:contract", args=[contract.pk])).content.decode()
    assert "We avoid “便宜” and write “经济实惠”." in page
    replace(as_(sam), "contract", contract, found="便宜")
    assert Contract.objects.get(pk=contract.pk).terms == "1. 经济实惠的服务"


def test_readers_and_outsiders_replace_nothing(quote, as_, rita, olga):
    quote.word(note="A cheap start.")
    assert HINT not in as_(rita).get(reverse("closing:quote", args=[quote.pk])).content.decode()
    assert replace(as_(rita), "quote", quote).status_code == 403
    assert replace(as_(olga), "quote", quote).status_code == 404
    assert Quote.objects.get(pk=quote.pk).note == "A cheap start."


def test_the_way_back_leads_nowhere_else(quote, as_, sam):
    assert replace(as_(sam), "quote", quote, next="https://elsewhere.test/")["Location"] == "/"

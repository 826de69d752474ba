"""Words that we avoid, in what a customer reads of an offer and a contract: hinted at, and replaced by the record's own verb."""

import pytest
from django.urls import reverse

from proofline.records.models import Wording
from proofline.stages.closing.models import Contract, Quote

HINT = "We avoid “cheap” and write “economical”."


@pytest.fixture(autouse=True)
def economical(db):
    return Wording.objects.add(english="economical", chinese="经济实惠", avoid="cheap\n便宜")


def word(quote, note):
    quote.edit(options=[{} for _option in quote.ordered_options], note=note)


def replace(browser, name, record, **typed):
    return browser.post(reverse(f"closing:{name}_wording", args=[record.pk]), {"found": "cheap"} | typed)


def test_the_words_to_a_customer_are_replaced_in_a_draft(quote, as_, sam):
    word(quote, "A cheap start.")
    page = reverse("closing:quote", args=[quote.pk])
    assert HINT in as_(sam).get(page).content.decode()
    answer = as_(sam).post(
        page, {"note": "A cheap start, typed.", "language": "en", "o1-seats": "no number", "reword": ":cheap"}
    )
    form = answer.context["form"]
    assert (form["note"].value(), form.errors) == ("A economical start, typed.", {})
    assert 'value="no number"' in answer.content.decode()
    assert HINT not in answer.content.decode()
    assert Quote.objects.get(pk=quote.pk).note == "A cheap start."


def test_what_was_sent_stays_as_it_was_read(quote, as_, sam, now, helen):
    word(quote, "A cheap start.")
    quote.send(by=sam, now=now, to=helen)
    assert HINT not in as_(sam).get(reverse("closing:quote", args=[quote.pk])).content.decode()


def test_the_terms_of_a_contract_are_replaced_in_its_language(contract, as_, sam):
    contract.edit(terms="1. 便宜的服务", language="zh-hans")
    page = as_(sam).get(reverse("closing:contract", args=[contract.pk])).content.decode()
    assert "We avoid “便宜” and write “经济实惠”." in page
    replace(as_(sam), "contract", contract, found="便宜")
    assert Contract.objects.get(pk=contract.pk).terms == "1. 经济实惠的服务"


def test_readers_and_outsiders_replace_nothing(contract, as_, rita, olga):
    contract.edit(terms="1. A cheap service.", language="en")
    assert HINT not in as_(rita).get(reverse("closing:contract", args=[contract.pk])).content.decode()
    assert replace(as_(rita), "contract", contract).status_code == 403
    assert replace(as_(olga), "contract", contract).status_code == 404
    assert Contract.objects.get(pk=contract.pk).terms == "1. A cheap service."


def test_the_terms_that_are_typed_are_replaced_and_the_rest_of_the_form_stays(contract, as_, sam):
    contract.edit(terms="1. A fair service.", language="en")
    page = reverse("closing:contract_edit", args=[contract.pk])
    typed = {"language": "en", "terms": "1. A cheap service, typed just now.", "seats": "", "months": "twelve"}
    answer = as_(sam).post(page, typed | {"reword": ":cheap"})
    assert answer.context["form"]["terms"].value() == "1. A economical service, typed just now."
    assert 'value="twelve"' in answer.content.decode()
    assert Contract.objects.get(pk=contract.pk).terms == "1. A fair service."


def test_the_way_back_leads_nowhere_else(contract, as_, sam):
    assert replace(as_(sam), "contract", contract, next="https://elsewhere.test/")["Location"] == "/"

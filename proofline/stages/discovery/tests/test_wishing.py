"""Add-ons that the customer switches in a proposal: the total follows, rules hold, the seller sees it and takes it in."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proofline.records.models import Module, Notification, Tier
from proofline.stages.discovery.admitting.visitors import Visitor
from proofline.stages.discovery.configuring.asking import first_ask
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.keeping import keep
from proofline.stages.discovery.configuring.offering import found_for
from proofline.stages.discovery.conversing import public as conversing
from proofline.stages.discovery.models import CatalogueRule, OfferedAddOn, Proposal, Wish
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.wishing.choosing import ForbiddenChoiceError, selection_of
from proofline.stages.discovery.wishing.wishing import take_wishes, wish

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


@pytest.fixture(autouse=True)
def unhurried_readers():
    conversing.SPEAKING.forget()


@pytest.fixture
def parts(suite):
    return {module.name: module for module in Module.objects.filter(product=suite)}


@pytest.fixture
def configured(study, need, case, suite, parts, sam, now):
    """The smallest tier for twelve people, with Forecasts put in by hand."""
    catalogue = Catalogue.load()
    basic = Tier.objects.get(product=suite, name="Basic")
    ask = first_ask(study, catalogue, now=now)
    ask = type(ask)(**{**vars(ask), "put_in": (f"t{basic.pk}", f"m{parts['Forecasts'].pk}")})
    found, _trouble = found_for(catalogue, ask)
    return keep(study, found, ask, catalogue, by=sam, now=now)


@pytest.fixture
def sent(configured, study, case, parts, helen, sam, now):
    proposal = Proposal.objects.draft(by=sam, now=now, study=study)
    OfferedAddOn.offer(proposal, [parts["Automations"]])
    send(proposal, by=sam, now=timezone.now(), to=helen)
    return proposal


@pytest.fixture
def phone():
    return Client(headers={"user-agent": PHONE})


@pytest.fixture
def who(helen):
    return Visitor("Helen He", helen.email, helen)


def switch(browser, proposal, module, on):
    address = reverse("discovery:proposal_public_add_ons", args=[proposal.token])
    return browser.post(address, {"module": getattr(module, "pk", module), "on": "1" if on else "0"})


def test_what_is_in_without_being_needed_and_what_was_offered_can_be_switched(sent, configured, parts):
    assert (configured.monthly, configured.seats) == (Decimal(740), 12)
    found = selection_of(sent)
    assert [(one.module.name, one.is_on, one.price) for one in found.add_ons] == [
        ("Forecasts", True, "CN¥20"),
        ("Automations", False, "CN¥20"),
    ]
    assert found.changed == []
    assert found.price[0].amount == 740


def test_the_customer_switches_and_total_payback_and_return_follow(sent, parts, phone, as_, sam, helen, facts):
    before = phone.get(sent.public_path).content.decode()
    assert "Add-ons to choose" in before
    answer = switch(phone, sent, parts["Automations"], on=True)
    assert answer.url == f"{sent.public_path}#add-ons"
    page = phone.get(sent.public_path).content.decode()
    for text in ("CN¥760", "(+CN¥20)", "switched on by Helen He", "Paid back in month 1."):
        assert text in page, text
    # 12 × 33,280 against 22,000 + 12 × (1,500 + 20)
    assert f"{round((12 * 33_280 - 22_000 - 12 * 1_520) / (22_000 + 12 * 1_520) * 100)}%" in page
    (made,) = Wish.objects.all()
    assert (made.is_on, made.name, made.contact) == (True, "Helen He", helen)
    ours = as_(sam).get(sent.get_absolute_url()).content.decode()
    assert "Take into the configuration" in ours
    assert "wished" in ours
    (fact,) = facts("proposal.add_on_added")
    assert (fact["properties"]["add_on"], fact["contact_id"]) == ("Automations", helen.pk)
    (told,) = Notification.objects.filter(user=sam, kind="proposal_wish")
    assert str(told) == "Helen He switched Automations in “Reporting at Heron”"
    switch(phone, sent, parts["Automations"], on=True)
    assert Wish.objects.count() == 1
    switch(phone, sent, parts["Automations"], on=False)
    assert selection_of(sent).changed == []
    assert [one.is_on for one in Wish.objects.order_by("pk")] == [True, False]


def test_switching_off_makes_it_cheaper(sent, parts, phone):
    switch(phone, sent, parts["Forecasts"], on=False)
    found = selection_of(sent)
    assert (found.price[0].amount, found.difference) == (720, "−CN¥20")


def test_a_forbidden_combination_says_why_and_changes_nothing(sent, parts, phone, sam, now):
    CatalogueRule.objects.add(by=sam, now=now, kind="excludes", parts=[parts["Forecasts"], parts["Automations"]])
    answer = switch(phone, sent, parts["Automations"], on=True)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "These can&#x27;t go together" in page
    assert "Forecasts, Automations exclude each other" in page
    assert not Wish.objects.exists()
    switch(phone, sent, parts["Forecasts"], on=False)
    assert switch(phone, sent, parts["Automations"], on=True).status_code == 302


@pytest.mark.parametrize("module", ["", "x", "-1", "9" * 30, "²", "999999"])
def test_what_is_not_offered_can_not_be_switched(sent, phone, module):
    answer = switch(phone, sent, module, on=True)
    assert answer.status_code == 422
    assert "not offered here any more" in answer.content.decode()


def test_who_switches_has_to_say_who_they_are(sent, parts, phone, sam):
    send(sent, by=sam, now=timezone.now())
    answer = switch(phone, sent, parts["Automations"], on=True)
    assert answer.status_code == 422
    assert "Type your name." in answer.content.decode()


def test_what_was_chosen_is_taken_into_the_configuration_with_one_click(sent, configured, parts, who, as_, sam, facts):
    wish(sent, module=parts["Automations"].pk, is_on=True, who=who, now=timezone.now())
    wish(sent, module=parts["Forecasts"].pk, is_on=False, who=who, now=timezone.now())
    answer = as_(sam).post(reverse("discovery:proposal_wishes", args=[sent.pk]))
    assert answer.status_code == 302
    sent.refresh_from_db()
    kept = sent.configuration
    assert (kept.version, kept.monthly) == (2, Decimal(740))
    assert {part.name for part in kept.parts.all()} >= {"Automations"}
    assert "Forecasts" not in {part.name for part in kept.parts.all()}
    assert sent.study.last_configuration == kept
    (fact,) = facts("proposal.wishes_taken")
    assert fact["properties"]["version"] == 2
    found = selection_of(sent)
    assert found.changed == []
    assert {one.module.name: one.is_on for one in found.add_ons} == {"Automations": True, "Forecasts": False}
    with pytest.raises(ValidationError, match="wished nothing"):
        take_wishes(sent, by=sam, now=timezone.now())


def test_what_the_catalogue_forbids_by_now_is_not_taken(sent, parts, who, sam, now, as_):
    wish(sent, module=parts["Automations"].pk, is_on=True, who=who, now=timezone.now())
    CatalogueRule.objects.add(by=sam, now=now, kind="excludes", parts=[parts["Forecasts"], parts["Automations"]])
    assert "exclude each other" in selection_of(sent).trouble
    with pytest.raises(ForbiddenChoiceError):
        take_wishes(sent, by=sam, now=timezone.now())
    page = as_(sam).get(sent.get_absolute_url()).content.decode()
    assert "exclude each other" in page
    assert "Take into the configuration" not in page


def test_the_author_chooses_what_may_be_switched(sent, parts, as_, sam, rita, olga):
    address = reverse("discovery:proposal_add_ons", args=[sent.pk])
    form = as_(sam).get(address).content.decode()
    assert "Automations" in form
    assert "Reports" not in form
    assert as_(sam).post(address, {}).status_code == 302
    assert not OfferedAddOn.objects.exists()
    assert as_(sam).post(address, {"modules": [parts["Reports"].pk]}).status_code == 422
    for name in ("proposal_add_ons", "proposal_wishes"):
        there = reverse(f"discovery:{name}", args=[sent.pk])
        assert as_(rita).post(there).status_code == 403
        assert as_(olga).post(there).status_code == 404


def test_we_do_not_switch_for_the_customer(sent, parts, as_, sam):
    switch(as_(sam), sent, parts["Automations"], on=True)
    assert not Wish.objects.exists()


def test_a_proposal_without_a_configuration_has_no_add_ons(proposal):
    assert selection_of(proposal) is None

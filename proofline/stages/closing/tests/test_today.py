"""What this room puts on Today, and on the pages of earlier rooms."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.stages.closing.marks import priced, signed
from proofline.stages.closing.models import Contract, Deal, Quote
from proofline.stages.closing.tests.conftest import TODAY
from proofline.stages.closing.today import waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Account, Contact, User


def kinds(user: User, now: datetime) -> list[str]:
    return [item.kind for item in waiting(user, now)]


def test_a_deal_without_a_next_step_is_stalled_until_it_has_one(
    deal: Deal, sam: User, tom: User, now: datetime
) -> None:
    assert kinds(sam, now) == ["Stalled deal"]
    assert kinds(tom, now) == []
    deal.change(by=sam, now=now, next_step="Call Helen", next_step_on=TODAY)
    (item,) = waiting(sam, now)
    assert (item.kind, item.title, item.note) == ("Next step", "Call Helen", "Heron · Clarity")
    assert item.money is not None
    assert item.money.amount == Decimal(12_000)


def test_a_choice_waits_for_its_contract_and_the_contract_for_its_signature(
    quote: Quote, deal: Deal, sam: User, now: datetime
) -> None:
    deal.change(by=sam, now=now, next_step="Wait", next_step_on=TODAY + timedelta(days=60))
    quote.send(by=sam, now=now)
    sent = Quote.objects.get(pk=quote.pk)
    sent.choose(sent.ordered_options[1], name="Helen He", ip=None, user_agent="", now=now, today=TODAY)
    assert kinds(sam, now) == ["Contract to draft"]
    contract = Contract.objects.draft(deal=deal, by=sam, now=now, today=TODAY)
    assert kinds(sam, now) == []
    contract.send(by=sam, now=now)
    assert kinds(sam, now) == ["Unsigned contract"]


def test_the_marks_say_what_was_priced_and_signed(
    quote: Quote, contract: Contract, deal: Deal, sam: User, now: datetime
) -> None:
    assert priced(deal=deal).state == "empty"
    quote.send(by=sam, now=now)
    assert (priced(deal=deal).state, priced(deal=deal).number) == ("done", "CN¥900")
    contract.send(by=sam, now=now)
    assert signed(deal=deal, now=now).state == "empty"
    late = now + timedelta(days=15)
    assert signed(deal=deal, now=late).state == "due"
    Contract.objects.get(pk=contract.pk).accept(name="Helen He", ip=None, user_agent="", now=late)
    assert signed(deal=deal, now=late).state == "done"


def test_the_account_shows_its_deals_to_those_who_may_see_them(
    deal: Deal, contract: Contract, healthy: Account, helen: Contact, sam: User, as_: Callable[[User], Client]
) -> None:
    page = as_(sam).get(healthy.get_absolute_url()).content.decode()
    assert deal.get_absolute_url() in page
    assert contract.number in page
    assert f"/deals/new/?account={healthy.pk}" in page
    assert as_(sam).get(f"/deals/new/?account={healthy.pk}").context["form"].initial["account"] == healthy
    assert helen.account == healthy


def test_a_deal_is_opened_with_what_was_typed_and_errors_keep_it(
    healthy: Account, sam: User, as_: Callable[[User], Client]
) -> None:
    typed = {"name": "New one", "account": healthy.pk, "currency": "CNY", "amount": "-5", "owner": sam.pk}
    wrong = as_(sam).post("/deals/new/", typed)
    assert wrong.status_code == 422
    assert "New one" in wrong.content.decode()
    assert "An amount can&#x27;t be negative." in wrong.content.decode()
    done = as_(sam).post("/deals/new/", typed | {"amount": "5000"})
    opened = Deal.objects.get(name="New one")
    assert done.headers["Location"] == opened.get_absolute_url()
    assert opened.amount == Decimal(5000)
    assert opened.opened_at <= timezone.now()


def test_the_pages_speak_chinese(deal: Deal, sam: User, as_: Callable[[User], Client]) -> None:
    sam.language = "zh-hans"
    sam.save()
    page = as_(sam).get(deal.get_absolute_url()).content.decode()
    for words in ("商机", "初步接触", "下一步", "没有下一步", "尚未确认决策人"):
        assert words in page
    assert "币种" in as_(sam).get(f"{deal.get_absolute_url()}edit/").content.decode()

"""Deals: opening, moving, winning, losing, reopening."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from proofline.kit.money import Money
from proofline.records.models import ExchangeRate
from proofline.stages.closing.facts import deal_properties
from proofline.stages.closing.models import Deal, DealClosedError, DealOpenError, DealStage, Win
from proofline.stages.reach.models import Lead, qualify

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Account, Contact, User
    from proofline.timeline.events import Fact


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """The facts that were recorded during the test, in their order."""
    from proofline.timeline import reactions

    heard: list[Fact] = []
    at_once = reactions.at_once

    def listen(fact: Fact, *, keyed: bool) -> None:
        heard.append(fact)
        at_once(fact, keyed=keyed)

    monkeypatch.setattr(reactions, "at_once", listen)
    return heard


def test_a_deal_begins_at_the_first_stage_with_the_sector_of_its_account(deal: Deal) -> None:
    assert str(deal.stage) == "Prospecting"
    assert deal.sector == "manufacturing"
    assert deal.owner is not None
    assert deal.state == "open"


def test_facts_carry_the_slices_by_the_names_that_people_see(deal: Deal, sam: User) -> None:
    properties = deal_properties(deal)
    assert properties["owner"] == "Sam Seller"
    assert properties["owner_id"] == sam.pk
    assert properties["team"] == "East"
    assert properties["product"] == "Clarity Suite"
    assert properties["source"] == "Google"
    assert properties["sector"] == "manufacturing"


def test_moving_leaves_a_record_and_starts_the_clock_of_the_stage(deal: Deal, sam: User, now: datetime) -> None:
    later = now + timedelta(days=3)
    engaging = DealStage.objects.get(name="Engaging")
    deal.move(engaging, by=sam, now=later)
    deal.refresh_from_db()
    assert deal.stage == engaging
    assert deal.stage_since == later
    assert [str(move.to_stage) for move in deal.moves.all()] == ["Engaging"]
    assert deal.move(engaging, by=sam, now=later) is None


def test_a_win_says_what_it_brought_in_the_workspaces_currency_and_how_long_it_took(
    deal: Deal, sam: User, now: datetime, told: list[Fact]
) -> None:
    ExchangeRate.objects.create(currency="USD", rate=Decimal("7.2"), since=now.date())
    deal.win(by=sam, now=now + timedelta(days=10), amount=Money(Decimal(1000), "USD"), reason="proof")
    won = next(fact for fact in told if fact.name == "deal.won")
    assert won.properties["value"] == "1000"
    assert won.properties["currency"] == "USD"
    assert Decimal(won.properties["base_value"]) == Decimal(7200)
    assert won.properties["days"] == 10
    assert Deal.objects.won().get() == deal


def test_without_an_exchange_rate_the_win_counts_but_has_no_value_in_our_currency(
    deal: Deal, sam: User, now: datetime, told: list[Fact]
) -> None:
    deal.win(by=sam, now=now, amount=Money(Decimal(1000), "USD"))
    assert next(fact for fact in told if fact.name == "deal.won").properties["base_value"] is None


def test_a_closed_deal_is_not_closed_again_and_says_by_whom(deal: Deal, sam: User, tom: User, now: datetime) -> None:
    deal.win(by=sam, now=now)
    stale = Deal.objects.get(pk=deal.pk)
    with pytest.raises(DealClosedError, match="already won by Sam Seller"):
        stale.lose(by=tom, now=now)
    with pytest.raises(DealClosedError):
        stale.move(DealStage.objects.get(name="Engaging"), by=tom, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Win.objects.create(deal=deal, by=tom, at=now, currency="CNY")


def test_a_loss_keeps_its_reason_and_reopening_takes_it_back(
    deal: Deal, sam: User, now: datetime, told: list[Fact]
) -> None:
    deal.lose(by=sam, now=now, reason="price", note="half the price elsewhere")
    assert Deal.objects.lost().get().lost.get_reason_display() == "Too expensive"
    deal.reopen(by=sam, now=now + timedelta(days=1))
    assert Deal.objects.open().get() == deal
    assert [fact.name for fact in told if fact.name.startswith("deal.")][-2:] == ["deal.lost", "deal.reopened"]
    assert deal.reopenings.get().was == "lost"
    with pytest.raises(DealOpenError):
        deal.reopen(by=sam, now=now)


def test_a_deal_without_a_next_step_or_too_long_in_its_stage_is_stalled(deal: Deal, sam: User, now: datetime) -> None:
    assert list(Deal.objects.stalled(now=now)) == [deal]
    deal.change(by=sam, now=now, next_step="Call Helen", next_step_on=now.date() + timedelta(days=2))
    assert not Deal.objects.stalled(now=now).exists()
    assert deal.warnings(now=now, today=now.date()) == []
    later = now + timedelta(days=31)
    assert list(Deal.objects.stalled(now=later)) == [deal]
    assert deal.warnings(now=later, today=later.date()) == ["Next step overdue", "31 days in this stage"]


def test_nonsense_is_refused(deal: Deal, sam: User, lin: Contact, now: datetime) -> None:
    with pytest.raises(ValidationError, match="negative"):
        deal.change(by=sam, now=now, amount=Decimal(-1))
    deal.refresh_from_db()
    with pytest.raises(ValidationError, match="another account"):
        deal.change(by=sam, now=now, contact=lin)


def test_a_qualified_lead_opens_its_deal_once(sam: User, now: datetime) -> None:
    lead = Lead.objects.capture(
        by=sam, now=now, origin="staff", name="Jo Doe", company="Doe & Co", email="jo@doe.test", owner=sam, source="Ads"
    )
    qualification = qualify(lead, by=sam, now=now)
    deal = Deal.objects.get(lead=lead)
    assert deal.name == "Doe & Co"
    assert deal.account == qualification.account
    assert deal.contact == qualification.contact
    assert deal.source == "Ads"
    assert deal.owner == sam


def test_a_lead_qualified_without_a_deal_opens_none(sam: User, now: datetime) -> None:
    lead = Lead.objects.capture(by=sam, now=now, origin="staff", name="Jo Doe", email="jo@doe.test", owner=sam)
    qualify(lead, by=sam, now=now, open_deal=False)
    assert not Deal.objects.exists()


def test_outsiders_see_no_deal_and_owners_of_the_account_do(
    deal: Deal, healthy: Account, sam: User, mei: User, olga: User, rita: User, tom: User, now: datetime
) -> None:
    deal.change(by=sam, now=now, owner=tom)
    assert healthy.owner == sam
    for user, sees in ((sam, True), (mei, True), (rita, True), (tom, True), (olga, False)):
        assert Deal.objects.visible_to(user).exists() is sees, user

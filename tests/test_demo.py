"""The demo company, told small: the same code as `bin/demo`, with fewer of everything."""

from __future__ import annotations

import pytest

from proofline.config.demo import behaviour, customers, filling, market, world
from proofline.enablement.models import Stage, Step, Tick
from proofline.insight import metrics
from proofline.records.models import Account, Contact, User
from proofline.stages.closing.models import Deal
from proofline.stages.delivery.models import Project, Ticket, ValueReport
from proofline.stages.discovery.models import Calculation, Interview, Proposal, Wish
from proofline.stages.discovery.writing.versions import differences, versions_of
from proofline.stages.growth.models import CustomerTier, HealthReading, Subscription
from proofline.stages.reach.models import Lead, Signal
from proofline.timeline import query
from tests.fixtures import indexed


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world of a tenth."""
    monkeypatch.setattr(world, "ACCOUNTS", 200)
    monkeypatch.setattr(market, "HISTORIC_DEALS", 200)
    monkeypatch.setattr(customers, "SIGNED", 18)
    monkeypatch.setattr(customers, "PROPOSED", 20)
    monkeypatch.setattr(customers, "LEADS", 20)
    monkeypatch.setattr(behaviour, "EVENTS", 9_000)
    monkeypatch.setattr(behaviour, "VISITORS", 60)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small")
def test_the_demo_has_customers_at_every_step_and_promises_kept_and_broken() -> None:
    filling.fill_when_empty()
    assert (Account.objects.count(), Contact.objects.count()) == (200, 600)
    assert Deal.objects.open().exists()
    assert Lead.objects.waiting().exists()
    assert {signal.state for signal in Signal.objects.all()} == {"open", "confirmed", "dismissed"}
    assert {bool(signal.contact) for signal in Signal.objects.all()} == {True, False}
    assert {bool(project.current_gate) for project in Project.objects.all()} == {True, False}
    assert {report.all_kept for report in ValueReport.objects.all()} == {True, False}
    assert {left.language for left in Calculation.objects.all()} == {"en", "zh-hans"}
    assert Ticket.objects.filter(solution__isnull=False).exists()
    talks = Interview.objects.filter(conclusion__needs=2).values_list("study__account__language", flat=True)
    assert set(talks) == {"en", "zh-hans"}
    talked_of = Proposal.objects.filter(sendings__asks_code=True).distinct()
    assert {proposal.language for proposal in talked_of} == {"en", "zh-hans"}
    for proposal in talked_of:
        assert sorted(thread.state for thread in proposal.threads.all()) == ["answered", "waiting"]
        bases = {comment.basis for thread in proposal.threads.all() for comment in thread.ordered}
        assert ("How we go about it" in bases) == (proposal.language == "en")
        assert Wish.objects.filter(proposal=proposal, is_on=True).count() == 1
        new, old = (sending.snapshot for _number, sending in versions_of(proposal))
        assert "plan" in {change.key for change in differences(old, new)}
    assert indexed.wrong() == []
    assert {"red", "green"} <= set(HealthReading.objects.values_list("band", flat=True))
    assert {"dormant", "steady"} <= set(CustomerTier.objects.values_list("tier", flat=True))
    assert Subscription.objects.running().exists()
    assert sum(number for _name, number in query.count(where={"feature": "reports"})) > 1_000
    assert set(Tick.objects.values_list("step__playbook__stage", flat=True)) == set(Stage.values)
    assert not Step.objects.filter(text_zh="").exists()
    won = metrics.get("deals.won").compute()
    assert won.value == Deal.objects.won().count()

    before = User.objects.count()
    filling.fill_when_empty()
    assert User.objects.count() == before

"""A study of the healthy customer: a need with the why behind it, a value case, a proposal."""

from decimal import Decimal

import pytest

from proofline.records.models import Evidence, Pain, ValueMetric
from proofline.stages.discovery.models import Need, Proposal, Study, ValueCase

INTRO = "You lose two working days a week to reports that nobody reads twice."


@pytest.fixture
def study(healthy, helen, sam, now):
    return Study.objects.open_study(by=sam, now=now, account=healthy, title="Reporting at Heron", contact=helen)


@pytest.fixture
def pain(suite):
    metric = ValueMetric.objects.create(name="Hours on reports", unit="h/week", formula="hours × people")
    pain = Pain.objects.create(name="Reports by hand")
    pain.metrics.set([metric])
    pain.modules.set(suite.modules.filter(name="Reports"))
    return pain


@pytest.fixture
def need(study, pain, helen, sam, now):
    return Need.objects.record(by=sam, now=now, study=study, text="Reports take too long", pain=pain, stated_by=helen)


@pytest.fixture
def deep(need, study, sam, now):
    return Need.objects.record(
        by=sam,
        now=now,
        study=study,
        kind=Need.Kind.DEEP,
        because_of=need,
        text="Decisions come a week late",
        loss="Two orders a month go to faster rivals",
        loss_amount=Decimal(60_000),
        loss_currency="CNY",
    )


@pytest.fixture
def case(study, need, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study, investment_once=22_000, investment_monthly=1_500)
    case.add_line(
        by=sam,
        now=now,
        need=need,
        name="Collecting figures",
        quantity=Decimal(20),
        unit="h/week",
        people=12,
        low=Decimal("0.3"),
        expected=Decimal("0.4"),
        high=Decimal("0.5"),
        rate_amount=Decimal(80),
        rate_per="h",
        source_note="Helen He, 2 Nov",
    )
    return case


@pytest.fixture
def story(pain, leaving):
    story = Evidence.objects.create(
        kind="story",
        title="How a workshop halved its reporting",
        result="−52 % hours",
        sector="Manufacturing",
        permission=True,
    )
    story.pains.set([pain])
    return story


@pytest.fixture
def proposal(study, case, deep, story, sam, now):
    return Proposal.objects.draft(
        by=sam,
        now=now,
        study=study,
        intro=INTRO,
        terms="Thirty days to cancel.",
        steps_today=[{"name": "Collect figures", "minutes": "90"}, {"name": "Copy into slides", "minutes": "45"}],
        steps_tomorrow=[{"name": "Open the dashboard", "minutes": "15"}],
        runs_a_week=5,
        evidence=[story],
    )


@pytest.fixture
def line_form(need, pain):
    """What a person types to add a line."""
    return {
        "name": "Correcting invoices",
        "quantity": "10",
        "unit": "h / week",
        "people": "1",
        "low": "25",
        "expected": "50",
        "high": "62.5",
        "rate_amount": "60",
        "rate_per": "h",
        "pain": pain.pk,
        "need": need.pk,
    }

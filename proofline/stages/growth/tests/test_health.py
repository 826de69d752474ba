"""Health: the weighted mean of what can be measured, and what follows when people stay away."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.outreach.models import Message, Template
from proofline.records.models import Contact, Task
from proofline.stages.closing.models import Deal, DealPerson
from proofline.stages.delivery.models import Ticket
from proofline.stages.growth.models import (
    CustomerTier,
    Driver,
    HealthReading,
    Measure,
    Subscription,
    UpgradeSuggestion,
    WakeUp,
    band_of,
    combine,
)
from proofline.stages.growth.models.health import WEEK
from proofline.stages.growth.rounds import go_round
from proofline.stages.growth.tests.conftest import MONDAY
from proofline.stages.growth.waking import wake_up_if_quiet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from django.test import Client

    from proofline.records.models import Account, Product, User

    As = Callable[[User], Client]
    Use = Callable[..., None]

pytestmark = pytest.mark.django_db(transaction=True)
SCORES = st.none() | st.decimals(min_value=0, max_value=100, places=1)


@given(st.tuples(SCORES, SCORES, SCORES))
def test_the_score_lies_between_its_measures(scores: tuple[Decimal | None, ...]) -> None:
    drivers = [Driver(measure, score) for measure, score in zip(Measure, scores, strict=True)]
    known = [score for score in scores if score is not None]
    score = combine(drivers)
    assert (score is None) == (not known)
    if score is not None:
        assert min(known) - 1 <= score <= max(known) + 1


def test_a_missing_measure_is_left_out_of_the_weights() -> None:
    drivers = [
        Driver(Measure.LOGIN_RATE, Decimal(50)),
        Driver(Measure.FEATURE_USE, None),
        Driver(Measure.TICKETS, Decimal(80)),
    ]
    assert combine(drivers) == 60


@pytest.mark.parametrize(
    ("score", "band"), [(0, "red"), (50, "red"), (51, "yellow"), (75, "yellow"), (76, "green"), (100, "green")]
)
def test_published_bands(score: int, band: str) -> None:
    assert band_of(score) == band


def test_a_week_is_measured_from_events_and_tickets(
    subscription: Subscription, use: Use, healthy: Account, now: datetime
) -> None:
    """Six of ten seats, the one module bought in use, one open ticket: (40×60 + 40×100 + 20×95) / 100 = 83."""
    use(people=6)
    Ticket.objects.ask(account=healthy, by=None, now=now - 5 * (WEEK / 7), subject="S", body="B")
    reading = HealthReading.objects.read(healthy, week=MONDAY, now=now)
    assert reading is not None
    assert reading.login_rate == 60
    assert (reading.score, reading.band) == (83, "green")
    HealthReading.objects.read(healthy, week=MONDAY, now=now)
    assert HealthReading.objects.count() == 1


def test_who_subscribes_to_nothing_has_only_tickets(healthy: Account, now: datetime) -> None:
    reading = HealthReading.objects.read(healthy, week=MONDAY, now=now)
    assert reading is not None
    assert [driver.score for driver in reading.measures[:2]] == [None, None]


def quiet(account: Account, *weeks: date, rate: int = 20) -> None:
    for week in weeks:
        HealthReading.objects.create(
            account=account, week=week, score=30, band="red", login_rate=rate, read_at="2026-11-02T00:00Z"
        )


def test_one_quiet_week_wakes_nobody(healthy: Account, now: datetime) -> None:
    quiet(healthy, MONDAY)
    assert wake_up_if_quiet(healthy, week=MONDAY, now=now) is None


def test_exactly_thirty_percent_is_not_quiet(healthy: Account, now: datetime) -> None:
    quiet(healthy, MONDAY - WEEK, MONDAY, rate=30)
    assert wake_up_if_quiet(healthy, week=MONDAY, now=now) is None


def test_two_quiet_weeks_wake_once(healthy: Account, helen: Contact, sam: User, now: datetime) -> None:
    Template.objects.create(name="Wake-up", language="en", subject="We miss you", body="Hello {{ contact }}")
    quiet(healthy, MONDAY - WEEK, MONDAY, MONDAY + WEEK)
    started = wake_up_if_quiet(healthy, week=MONDAY, now=now)
    assert started is not None
    assert started.week == MONDAY - WEEK
    assert wake_up_if_quiet(healthy, week=MONDAY + WEEK, now=now) is None
    assert Task.objects.get().owner == sam
    assert Message.objects.get().contact == helen


def test_the_champion_is_written_to(healthy: Account, helen: Contact, sam: User, suite: Product, now: datetime) -> None:
    champion = Contact.objects.add(by=sam, now=now, name="Hugo Hu", email="hugo@heron.test", account=healthy, owner=sam)
    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron", account=healthy, owner=sam, product=suite)
    DealPerson.place(deal=deal, contact=champion, role="champion", by=sam, now=now)
    quiet(healthy, MONDAY - WEEK, MONDAY)
    wake_up_if_quiet(healthy, week=MONDAY, now=now)
    assert Message.objects.get().to == "hugo@heron.test"


def test_a_new_spell_wakes_again(healthy: Account, now: datetime) -> None:
    quiet(healthy, MONDAY - 5 * WEEK, MONDAY - 4 * WEEK, MONDAY - WEEK, MONDAY)
    wake_up_if_quiet(healthy, week=MONDAY - 4 * WEEK, now=now)
    wake_up_if_quiet(healthy, week=MONDAY, now=now)
    assert WakeUp.objects.count() == 2


def test_a_dormant_customer_is_told_from_a_growing_one(
    subscription: Subscription, healthy: Account, now: datetime
) -> None:
    quiet(healthy, *(MONDAY - n * WEEK for n in range(4)), rate=5)
    dormant = CustomerTier.objects.assess(healthy, week=MONDAY, now=now)
    assert dormant is not None
    assert dormant.tier == "dormant"
    HealthReading.objects.filter(week=MONDAY).update(login_rate=60)
    growing = CustomerTier.objects.assess(healthy, week=MONDAY, now=now)
    assert growing is not None
    assert growing.tier == "growing"
    Subscription.objects.update(monthly=20_000)
    HealthReading.objects.update(score=90)
    high = CustomerTier.objects.assess(healthy, week=MONDAY, now=now)
    assert high is not None
    assert high.tier == "high_value"
    assert CustomerTier.objects.current().get() == high


def test_the_round_suggests_the_next_tier_when_seats_are_nearly_full(
    subscription: Subscription, use: Use, healthy: Account, now: datetime
) -> None:
    use(people=9)
    for _twice in range(2):
        assert go_round(healthy, week=MONDAY, now=now)
    suggestion = UpgradeSuggestion.objects.get()
    assert (suggestion.tier.name, suggestion.why) == ("Advanced", "seats")
    assert suggestion.evidence == {"active": 9, "seats": 10}


def test_tried_features_of_the_next_tier_suggest_it(
    subscription: Subscription, use: Use, healthy: Account, now: datetime
) -> None:
    use(people=8, feature="forecasts")
    go_round(healthy, week=MONDAY, now=now)
    assert UpgradeSuggestion.objects.get().evidence == {"tried": {"Forecasts": 8}}


def test_who_is_at_risk_is_not_sold_to(subscription: Subscription, use: Use, healthy: Account, now: datetime) -> None:
    use(people=2, feature="forecasts", times=2)
    reading = go_round(healthy, week=MONDAY, now=now)
    assert reading is not None
    assert reading.band == "red"
    assert not UpgradeSuggestion.objects.exists()


def test_the_pages_show_it_and_hide_it_from_outsiders(
    as_: As, subscription: Subscription, use: Use, healthy: Account, sam: User, olga: User, rita: User, now: datetime
) -> None:
    use(people=9)
    go_round(healthy, week=MONDAY, now=now)
    page = as_(sam).get(f"/health/{healthy.pk}/").content.decode()
    assert "9 of 10" in page
    assert "Ready for Advanced" in page
    assert b"Heron" in as_(sam).get("/health/?band=green").content
    assert b"Heron" not in as_(olga).get("/health/").content
    assert as_(olga).get(f"/health/{healthy.pk}/").status_code == 404
    assert as_(rita).post(f"/health/{healthy.pk}/readings/").status_code == 403
    suggestion = UpgradeSuggestion.objects.get()
    assert as_(olga).post(f"/upgrade-suggestions/{suggestion.pk}/dismissal/").status_code == 404
    assert as_(rita).post(f"/upgrade-suggestions/{suggestion.pk}/dismissal/").status_code == 403
    as_(sam).post(f"/upgrade-suggestions/{suggestion.pk}/dismissal/")
    assert not UpgradeSuggestion.objects.open().exists()

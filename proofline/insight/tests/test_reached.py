"""Promises learn from proof: what customers reached, drawn toward what is believed where they are few. Reckoned by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from proofline.insight.reached import Shares, reached
from proofline.records.models import Account, ValueMetric
from proofline.timeline import facts, projector

pytestmark = pytest.mark.django_db


def shares(customers, *percents):
    return Shares(customers, *(Decimal(percent) / 100 for percent in percents))


@pytest.fixture
def metric():
    return ValueMetric.objects.create(name="Hours on reports", unit="h/week", event="Report Generated")


@pytest.fixture
def measure(metric, now):
    """measure("Aster", "0.4", sector="Retail"): what a report said of a customer."""

    def measure(name, reached, *, days=0, metric=metric, **fields):
        account, _new = Account.objects.get_or_create(name=name, defaults={"created_at": now, **fields})
        with transaction.atomic():
            facts.record(
                "value.measured",
                at=now + timedelta(days=days),
                account=account.pk,
                properties={"metric": metric.name, "metric_id": metric.pk, "reached": reached},
                key=f"{name}-{reached}-{days}-{metric.pk}",
            )
        projector.project_pending()
        return account

    return measure


def test_nothing_is_known_and_nothing_assumed(metric, healthy):
    found = reached(metric, account=healthy)
    assert (found.all, found.alike, found.expected, found.is_assumed) == (None, None, None, False)


def test_a_starting_value_is_taken_give_or_take_half_and_told_as_one(metric, healthy):
    metric.usual_share = Decimal("0.4")
    found = reached(metric, account=healthy)
    assert (found.expected, found.is_assumed) == (shares(0, 20, 40, 60), True)


def test_one_customer_moves_a_starting_value_by_a_fifth(metric, measure, healthy):
    """z = 1 / (1 + 4): 0.2 × 80 + 0.8 × 40 = 48; below 0.2 × 80 + 0.8 × 20 = 32, above 0.2 × 80 + 0.8 × 60 = 64."""
    metric.usual_share = Decimal("0.4")
    measure("Aster", "0.8000")
    found = reached(metric, account=healthy)
    assert (found.all, found.expected) == (shares(1, 80, 80, 80), shares(1, 32, 48, 64))
    assert not found.is_assumed


def test_customers_of_the_industry_are_drawn_toward_all(metric, measure, healthy):
    """All: quartiles 32.5 and 57.5, median 45; the two alike 62.5, 65, 67.5; z = 2/6, so 42.5, 51.7 and 60.8."""
    for number, share in enumerate(("0.2", "0.3", "0.4", "0.5")):
        measure(f"Shop {number}", share, sector="Retail")
    for number, share in enumerate(("0.6", "0.7")):
        measure(f"Works {number}", share, sector=healthy.sector.upper())
    found = reached(metric, account=healthy)
    assert (found.all, found.alike) == (shares(6, 33, 45, 58), shares(2, 63, 65, 68))
    assert found.expected == shares(2, 43, 52, 61)
    assert reached(metric).expected == shares(6, 33, 45, 58)


def test_those_of_about_the_size_count_where_nobody_of_the_industry_does(metric, measure, healthy):
    measure("Small", "0.1", sector="Retail", employees=healthy.employees // 4)
    measure("Near", "0.5", sector="Retail", employees=healthy.employees * 3)
    assert reached(metric, account=healthy).alike == shares(1, 50, 50, 50)


def test_each_customer_counts_once_by_what_was_measured_last_and_not_for_itself(metric, measure, healthy):
    other = ValueMetric.objects.create(name="Orders", unit="orders/month")
    measure("Aster", "0.9")
    measure("Aster", "0.3", days=30)
    measure("Birch", "0.9", metric=other)
    measure(healthy.name, "0.9")
    assert reached(metric, account=healthy).all == shares(1, 30, 30, 30)


@pytest.mark.parametrize(("told", "counted"), [("1.7", 100), ("-0.2", 0)])
def test_no_more_than_everything_goes_away_and_no_less_than_nothing(metric, measure, told, counted):
    measure("Aster", told)
    assert reached(metric).all == shares(1, counted, counted, counted)

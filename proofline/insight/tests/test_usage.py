"""How a customer uses the product, told by the events that the product sends."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from proofline.insight import usage
from proofline.records.models import ValueMetric
from proofline.timeline import identity, inbox, projector
from proofline.timeline.models import Source

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
WEEK = {"from_": MONDAY, "to": MONDAY + timedelta(days=7)}


@pytest.fixture
def product(now):
    return Source.add(name="Product", now=now)


@pytest.fixture
def use(product, now):
    """use("u-1", "reports", day=2, minutes=30): somebody used a feature."""

    def use(user, feature="", *, day=0, event="Feature Used", **properties):
        at = (MONDAY + timedelta(days=day, hours=3)).isoformat()
        sent = {
            "type": "track",
            "event": event,
            "userId": user,
            "timestamp": at,
            "messageId": f"{user}-{feature}-{event}-{day}-{properties}",
            "properties": ({"feature": feature} if feature else {}) | properties,
        }
        inbox.append(product, [sent], now)

    return use


@pytest.fixture
def heron_people(healthy):
    """u-1 and u-2 work at Heron."""
    for user in ("u-1", "u-2"):
        identity.tie(person=identity.resolve(user=user), account=healthy.pk)


def test_active_people_are_counted_once_and_within_the_week(use, heron_people, healthy, leaving):
    use("u-1", "reports")
    use("u-1", "forecasts", day=1)
    use("u-2", "reports", day=7)
    use("u-3", "reports")
    projector.project_pending()
    assert usage.active_people(healthy.pk, **WEEK) == 1
    assert usage.active_people(leaving.pk, **WEEK) == 0


def test_a_visitor_who_turns_out_to_be_a_known_person_counts_as_one(use, heron_people, healthy, product, now):
    inbox.append(
        product,
        [
            {
                "type": "track",
                "event": "Feature Used",
                "anonymousId": "a-1",
                "timestamp": MONDAY.isoformat(),
                "messageId": "m",
            }
        ],
        now,
    )
    use("u-1", "reports")
    projector.project_pending()
    identity.identify(anonymous="a-1", user="u-1")
    projector.project_pending()
    assert usage.active_people(healthy.pk, **WEEK) == 1


def test_features_are_counted_most_used_first(use, heron_people, healthy):
    for day in range(3):
        use("u-1", "reports", day=day)
    use("u-2", "forecasts")
    use("u-3", "reports")
    projector.project_pending()
    assert list(usage.feature_use(healthy.pk, **WEEK).items()) == [("reports", 3), ("forecasts", 1)]
    assert usage.last_seen(healthy.pk, **WEEK) == MONDAY + timedelta(days=2, hours=3)
    assert usage.last_seen(healthy.pk, from_=MONDAY - timedelta(days=7), to=MONDAY) is None


def test_what_was_promised_is_measured_per_week_and_per_month(use, heron_people, healthy):
    hours = ValueMetric(
        name="Hours", unit="h/week", event="Report Made", property="hours", factor=Decimal("0.5"), per="week"
    )
    reports = ValueMetric(name="Reports", unit="reports/month", event="Report Made", factor=1, per="month")
    for day in range(4):
        use("u-1", event="Report Made", day=day, hours=3)
    projector.project_pending()
    fortnight = {"from_": MONDAY, "to": MONDAY + timedelta(days=14)}
    assert usage.measured(hours, account_id=healthy.pk, **fortnight) == usage.Measured(Decimal("3.00"), 4)
    assert usage.measured(reports, account_id=healthy.pk, **fortnight).value == Decimal("8.67")  # 4 × (52 / 12) / 2


def test_what_no_event_measures_is_nothing_of_no_events(healthy):
    unmeasured = ValueMetric(name="Trust", unit="points", event="")
    for metric in (None, unmeasured):
        assert usage.measured(metric, account_id=healthy.pk, **WEEK) == usage.Measured(Decimal(0), 0)

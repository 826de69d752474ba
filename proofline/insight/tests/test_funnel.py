"""The funnel of the sale, from the first click to the renewal."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from proofline.insight import funnel
from proofline.insight.tests.telling import JANUARY, Sale
from proofline.timeline import inbox, projector
from proofline.timeline.models import Source

pytestmark = pytest.mark.django_db
ALWAYS = {"from_": datetime(2020, 1, 1, tzinfo=UTC), "to": datetime(2030, 1, 1, tzinfo=UTC)}


@pytest.fixture
def sale(sam, healthy):
    """Three leads; one becomes a customer whose deal is won without a proposal."""
    sale, day = Sale(), timedelta(days=1)
    for lead in (1, 2, 3):
        sale.tell("lead.created", JANUARY, lead, sam)
    sale.tell("lead.qualified", JANUARY + 2 * day, 1, sam, account=healthy.pk)
    sale.tell("deal.created", JANUARY + 3 * day, 1, sam, account=healthy.pk)
    sale.tell("deal.won", JANUARY + 23 * day, 1, sam, account=healthy.pk)
    sale.tell("deal.created", JANUARY, 2, sam)
    projector.project_pending()
    return sale


def counts(passed):
    return {one.step.event: one.count for one in passed}


def test_all_that_happened_is_counted_step_by_step(sale):
    assert counts(funnel.counted(user=None, **ALWAYS)) == {
        "lead.created": 3,
        "lead.qualified": 1,
        "deal.created": 2,
        "proposal.sent": 0,
        "deal.won": 1,
        "project.went_live": 0,
        "subscription.renewed": 0,
    }


def test_waits_are_medians_in_days_between_a_customers_steps(sale):
    waits = {one.step.event: one.days for one in funnel.counted(user=None, **ALWAYS)}
    assert waits["lead.qualified"] == 2
    assert waits["deal.created"] == 1
    assert waits["deal.won"] is None, "there was no proposal to wait from"


def test_visitors_stand_before_the_leads_when_there_are_any(sale, now):
    website = Source.add(name="Website", now=now)
    for visitor in ("a", "a", "b"):
        inbox.append(website, [{"type": "page", "anonymousId": visitor, "properties": {"path": "/"}}], now)
    projector.project_pending()
    first = funnel.counted(user=None, **ALWAYS)[0]
    assert (first.step.event, first.count) == ("page", 2)


def test_leads_are_followed_to_where_they_got_and_skipping_a_step_does_not_lose_them(sale):
    assert counts(funnel.followed(user=None, **ALWAYS)) == {
        "lead.created": 3,
        "lead.qualified": 1,
        "deal.created": 1,
        "proposal.sent": 1,
        "deal.won": 1,
        "project.went_live": 0,
        "subscription.renewed": 0,
    }


def test_the_narrowest_step_is_named(sale):
    before, after = funnel.narrowest(funnel.followed(user=None, **ALWAYS))
    assert (before.step.event, after.step.event) == ("lead.created", "lead.qualified")
    assert funnel.narrowest([]) is None


def test_an_outsider_sees_only_their_own_funnel(sale, sam, olga, ada, as_):
    assert set(counts(funnel.counted(user=olga, **ALWAYS)).values()) == {0}
    assert counts(funnel.counted(user=sam, **ALWAYS))["deal.created"] == 2
    assert counts(funnel.followed(user=olga, **ALWAYS))["lead.created"] == 0
    assert "Nothing has happened" in as_(olga).get(reverse("insight:funnel")).content.decode()
    page = as_(ada).get(reverse("insight:funnel") + "?way=followed").content.decode()
    assert "The narrowest step is" in page

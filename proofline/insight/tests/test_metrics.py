"""Metrics come out of the timeline's facts; each viewer counts what they may see."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse

from proofline.insight import metrics
from proofline.insight.tests.telling import JANUARY, Sale
from proofline.records.models import Workspace
from proofline.timeline import facts, projector

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale():
    return Sale()


def value(name, **asked):
    projector.project_pending()
    return metrics.get(name).compute(**asked)


def rows(name, by, **asked):
    return {row.key: row.value for row in value(name, by=by, **asked).rows}


def test_won_lost_and_open_add_up_to_the_deals(sale, sam, olga):
    sale.deal(sam, won=40, value="1000")
    sale.deal(sam, won=63.5, value="250.50")
    sale.deal(olga, lost=10)
    sale.deal(olga)
    assert value("deals.won").value == 2
    assert value("deals.lost").value == 1
    assert value("deals.open").value == 1
    assert value("deals.win_rate").value == Decimal("66.67")
    assert value("deals.won_value").value == Decimal("1250.50")
    assert value("deals.won_value").unit == "CNY"
    assert value("deals.days_to_win").value == Decimal("51.75")


def test_another_record_of_the_same_number_that_was_removed_hides_nothing(sale, sam):
    deal, lead = sale.deal(sam, won=40), sale.lead(sam, qualified=True)
    for pk in (deal, lead):
        with transaction.atomic():
            facts.record("record.removed", at=datetime.now(UTC), subject=("account", pk), properties={"name": "x"})
    assert value("deals.won").value == 1
    assert value("leads.count").value == 1


def test_a_reopened_deal_is_open_and_a_deal_won_again_counts_once(sale, sam):
    pk = sale.deal(sam, won=10)
    sale.tell("deal.reopened", JANUARY + timedelta(days=20), pk, sam)
    assert (value("deals.won").value, value("deals.open").value) == (0, 1)
    sale.tell("deal.won", JANUARY + timedelta(days=30), pk, sam, base_value="5", days=30)
    assert (value("deals.won").value, value("deals.won_value").value) == (1, 5)


def test_a_won_deal_that_changes_its_owner_keeps_its_value_and_counts_for_the_new_owner(sale, sam, olga):
    pk = sale.deal(sam, won=10, value="1000")
    sale.tell("deal.changed", JANUARY + timedelta(days=20), pk, olga)
    assert rows("deals.won_value", "owner") == {"Olga Outsider": 1000}
    assert value("deals.days_to_win").value == 10


def test_a_deal_that_is_won_in_the_moment_it_is_opened_is_won(sale, sam):
    sale.deal(sam, won=0)
    assert (value("deals.won").value, value("deals.open").value) == (1, 0)


def test_slices_are_named_as_people_see_them_and_add_up(sale, sam, olga):
    sale.deal(sam, won=1, sector="retail")
    sale.deal(sam, lost=1, sector="retail")
    sale.deal(olga, won=1)
    assert rows("deals.won", "owner") == {"Sam Seller": 1, "Olga Outsider": 1}
    assert rows("deals.win_rate", "team") == {"East": 50, "West": 100}
    assert rows("deals.won", "sector") == {"retail": 1, "": 1}
    assert rows("deals.won", "product") == {"Clarity": 2}
    assert rows("deals.won", "source") == {"Google": 2}


def test_a_month_is_the_facts_own_in_the_companys_time_zone(sale, sam):
    sale.deal(sam, at=datetime(2026, 1, 31, 20, tzinfo=UTC), won=0)  # already February in Shanghai
    assert rows("deals.won", "month") == {"2026-02": 1}
    Workspace.current().change(by=None, now=JANUARY, time_zone="Europe/Berlin")
    assert rows("deals.won", "month") == {"2026-01": 1}


def test_conversion_is_the_share_of_leads_that_are_qualified_by_now(sale, sam):
    sale.lead(sam, qualified=True, source="Bing")
    sale.lead(sam, qualified=True)
    for _ in range(3):
        sale.lead(sam)
    assert value("leads.count").value == 5
    assert value("leads.conversion").value == 40
    assert rows("leads.conversion", "source") == {"Bing": 100, "Google": 25}


def test_nothing_has_no_rate(db):
    assert value("deals.win_rate").value is None
    assert value("deals.won").value == 0
    assert value("deals.won", by="owner").rows == []


def test_each_counts_what_they_may_see(sale, sam, tom, mei, olga, ada, rita):
    for owner in (sam, tom, olga):
        sale.deal(owner, won=1)
    seen = {user: value("deals.won", user=user).value for user in (sam, tom, mei, olga, ada, rita)}
    assert seen == {sam: 1, tom: 1, mei: 2, olga: 1, ada: 3, rita: 3}


def test_a_period_counts_what_happened_in_it(sale, sam):
    sale.deal(sam, won=1)
    sale.deal(sam, at=JANUARY + timedelta(days=40), won=1)
    february = datetime(2026, 2, 1, tzinfo=UTC)
    assert value("deals.won", from_=february).value == 1
    assert value("deals.won", to=february).value == 1


def test_what_there_is_not_is_refused_by_name(db):
    with pytest.raises(metrics.UnknownMetricError, match=r"deals\.win_rate"):
        metrics.get("deals.wins")
    with pytest.raises(metrics.UnknownDimensionError, match="owner"):
        metrics.get("deals.won").compute(by="colour")


def test_the_dashboard_shows_the_same_numbers_and_leads_to_the_records(sale, as_, ada, sam):
    sale.deal(sam, won=40, value="1234")
    sale.deal(sam, lost=40)
    projector.project_pending()
    page = as_(ada).get(reverse("insight:dashboard") + "?by=owner").content.decode()
    assert "50.00%" in page
    assert "1,234" in page
    page = as_(ada).get(reverse("insight:metric", args=["deals.won"]) + "?by=owner").content.decode()
    assert "owner=Sam+Seller" in page
    assert as_(ada).get(reverse("insight:metric", args=["deals.wins"])).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "query", ["", "?by=month&period=months", "?by=owner&period=quarter", "?by=colour&period=never"]
)
def test_the_pages_open_in_both_languages_with_whatever_is_asked(sale, as_, sam, language, query):
    sam.change(language=language)
    sale.deal(sam, won=40)
    sale.lead(sam, qualified=True)
    projector.project_pending()
    for name in ("insight:dashboard", "insight:funnel"):
        assert as_(sam).get(reverse(name) + query).status_code == 200
    for name in metrics.METRICS:
        assert as_(sam).get(reverse("insight:metric", args=[name]) + query).status_code == 200
    assert as_(sam).get(reverse("insight:funnel") + "?way=followed").status_code == 200


def test_the_dashboard_of_an_outsider_is_their_own(sale, as_, sam, olga):
    sale.deal(sam, won=40, value="987654")
    projector.project_pending()
    assert "987,654" not in as_(olga).get(reverse("insight:dashboard")).content.decode()
    assert "987,654" in as_(sam).get(reverse("insight:dashboard")).content.decode()

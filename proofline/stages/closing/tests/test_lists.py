"""The list of deals, and deals behind the list of accounts."""

import csv
import io
import json
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from proofline.kit.money import Money
from proofline.records.models import Account
from proofline.stages.closing.models import Deal
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals(sam, healthy):
    """Three deals of one account: 100 open, 200 won for 250, one without an amount."""
    made = [
        Deal.objects.open_deal(by=sam, now=NOW, name=name, account=healthy, amount=amount, currency="CNY")
        for name, amount in (("Ten seats", 100), ("Twenty seats", 200), ("Talk", None))
    ]
    made[1].win(by=sam, now=NOW, amount=Money(250, "CNY"))
    return made


def shown(browser, name, conditions, **asked):
    answer = browser.get(f"{reverse(name)}?{urlencode({'filter': json.dumps(conditions), **asked})}")
    return answer.context["listing"]


def test_they_are_filtered_by_state_and_by_what_they_brought(deals, as_, sam):
    browser = as_(sam)
    won = shown(browser, "closing:deals", [{"field": "state", "op": "is", "value": ["won"]}])
    assert [str(row) for row in won.rows] == ["Twenty seats"]
    large = shown(browser, "closing:deals", [{"field": "amount", "op": "gte", "value": 201}])
    assert [str(row) for row in large.rows] == ["Twenty seats"]
    everything = shown(browser, "closing:deals", [], sort="amount")
    assert [str(row) for row in everything.rows] == ["Ten seats", "Twenty seats", "Talk"]
    assert "CN¥350" in everything.sums


def test_groups_are_added_up_by_currency(deals, as_, sam, healthy):
    Deal.objects.open_deal(by=sam, now=NOW, name="Abroad", account=healthy, amount=7, currency="USD")
    found = shown(as_(sam), "closing:deals", [], group="state", columns="amount,account")
    assert {section.label: (section.count, section.sums) for section in found.sections} == {
        "Open": (3, "Amount CN¥100 + $7"),
        "Won": (1, "Amount CN¥250"),
    }


def test_accounts_are_filtered_by_the_deals_that_one_may_see(deals, as_, sam, leaving):
    Deal.objects.open_deal(by=sam, now=NOW, name="Small", account=leaving, amount=1)
    found = shown(
        as_(sam), "records:accounts", [{"has": "deals", "all": [{"field": "amount", "op": "gt", "value": 50}]}]
    )
    assert [str(row) for row in found.rows] == ["Heron Robotics"]


def test_an_account_with_deals_is_not_removed_and_says_why(deals, as_, sam, healthy, leaving):
    answer = as_(sam).post(f"{reverse('records:list_removal', args=['accounts'])}?ids={healthy.pk},{leaving.pk}")
    page = as_(sam).get(answer.url).content.decode()
    assert "“Heron Robotics” can" in page
    assert "3 × deal, 1 × contract stand on it" in page
    assert [str(one) for one in Account.objects.all()] == ["Heron Robotics"]


def test_many_deals_get_a_product_at_once(deals, as_, sam, suite):
    ids = ",".join(str(deal.pk) for deal in deals)
    as_(sam).post(f"{reverse('records:list_bulk', args=['deals'])}?ids={ids}", {"field": "product", "value": suite.pk})
    assert Deal.objects.filter(product=suite).count() == 3


def test_an_amount_and_its_currency_have_heads_of_their_own_in_a_file(deals, as_, sam):
    query = urlencode({"columns": "name,amount", "sort": "amount", "filter": "[]"})
    answer = as_(sam).get(f"{reverse('records:list_export', args=['deals'])}?{query}")
    head, first, *_rest = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert head[1:] == ["Amount", "Amount · currency"]
    assert first == ["Ten seats", "100.00", "CNY"]

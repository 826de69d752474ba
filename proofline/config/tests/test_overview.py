"""An account from all sides: what its page and the API tell, to whom, and with what questions."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proofline.records.models import Contact
from proofline.stages.closing.models import Deal, DealPerson
from proofline.stages.growth.models import HealthReading, Subscription
from proofline.timeline import identity, inbox, projector, store
from proofline.timeline.models import Source
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
MOST_QUERIES = 76


@pytest.fixture
def page(as_, healthy):
    """page(sam): the account's page as a user."""
    return lambda user: as_(user).get(healthy.get_absolute_url()).content.decode()


@pytest.fixture
def part(as_, healthy):
    """part(sam): the answer with the use of the product, as a user."""
    return lambda user: as_(user).get(f"/accounts/{healthy.pk}/use/?part=1")


@pytest.fixture
def used(healthy, helen, now):
    """Helen used reports three times and somebody else forecasts once, yesterday."""
    source = Source.add(name="Product", now=now)
    helens = identity.resolve(user="u-1")
    identity.tie(person=helens, contact=helen.pk, account=healthy.pk)
    identity.tie(person=identity.resolve(user="u-2"), account=healthy.pk)
    at = (timezone.now() - timedelta(days=1)).isoformat()
    sent = [("u-1", "reports", 1), ("u-1", "reports", 2), ("u-1", "reports", 3), ("u-2", "forecasts", 4)]
    inbox.append(
        source,
        [
            {
                "type": "track", "event": "Feature Used", "userId": user, "timestamp": at, "messageId": f"use-{n}",
                "properties": {"feature": feature},
            }
            for user, feature, n in sent
        ],
        now,
    )  # fmt: skip
    projector.project_pending()


@pytest.fixture
def down(monkeypatch):
    """The columnar store does not answer while this is entered."""

    def fail(*_args, **_options):
        raise store.StoreError("the disk is gone")

    @contextmanager
    def down():
        with monkeypatch.context() as patch:
            patch.setattr(store, "query", fail)
            yield

    return down


@pytest.fixture
def customer(healthy, helen, sam, now):
    """Heron has a deal in which Helen decides, pays 9,000 a month and is healthy."""
    deal = Deal.objects.open_deal(
        by=sam, now=now, name="Heron · 50 seats", account=healthy, amount=Decimal(60000), currency="CNY"
    )
    DealPerson.place(deal=deal, contact=helen, role="decision_maker", stance="supports", influence=3, by=sam, now=now)
    today = timezone.localdate()
    Subscription.objects.begin(
        account=healthy, monthly=Decimal(9000), currency="CNY", starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=40), by=sam, now=now,
    )  # fmt: skip
    drivers = [{"measure": "login_rate", "score": "80.0", "count": 8, "of": 10}]
    for week, score in ((date(2026, 10, 19), 70), (date(2026, 10, 26), 82)):
        HealthReading.objects.create(
            account=healthy, week=week, score=score, band="green", drivers=drivers, read_at=now
        )
    return deal


def test_an_empty_account_says_what_is_missing_and_no_more(page, sam, healthy, part):
    shown = page(sam)
    assert "No deal with this account yet." in shown
    assert 'class="stats glance"' not in shown
    assert "Nobody of this customer was seen in the product" in part(sam).content.decode()


def test_the_page_tells_money_health_and_who_decides(page, sam, customer):
    shown = page(sam)
    assert "¥9,000" in shown
    assert "¥60,000" in shown
    assert "in 40 days" in shown
    assert "up 12 in 2 weeks" in shown
    assert "8 of 10" in shown
    assert "Decision maker" in shown
    assert "No champion inside" in shown


def test_the_story_stands_on_the_page_line_by_line(story, sam, as_):
    shown = as_(sam).get(f"/accounts/{story['accounts']}/").content.decode()
    for told in ("Value promised and measured", "Quote 1", "missed", "Helen He", "96"):
        assert told in shown, told


def test_the_use_of_the_product_comes_by_its_own_address(page, part, sam, used, helen):
    assert f'hx-get="/accounts/{helen.account_id}/use/?part=1"' in page(sam)
    shown = part(sam).content.decode()
    assert "2 people active" in shown
    assert shown.index("reports") < shown.index("forecasts")
    assert "Helen He" in shown
    assert "u-2" in shown


def test_a_person_who_went_to_a_foreign_account_leads_nowhere(part, sam, olga, used, helen, healthy, leaving, now):
    """Olga owns the account since today; the contact who used the product there is one of Sam's by now."""
    assert helen.get_absolute_url() in part(sam).content.decode()
    healthy.change(by=sam, now=now, owner=olga)
    helen.change(by=sam, now=now, account=leaving)
    shown = part(olga).content.decode()
    assert "2 people active" in shown
    assert helen.get_absolute_url() not in shown
    told = Program(olga, now).get(f"/accounts/{healthy.pk}/overview")
    assert {person["contact_id"] for person in told["use"]["people"]} == {None}


def test_a_store_that_is_down_costs_the_page_nothing(page, part, sam, customer, down):
    with down():
        assert "¥9,000" in page(sam)
        answer = part(sam)
    assert answer.status_code == 200
    assert "can't be read right now" in answer.content.decode()
    assert "Try again" in answer.content.decode()


def test_the_page_asks_the_columnar_store_nothing(page, sam, customer, used, monkeypatch):
    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(store, "query", lambda sql, *_rest: asked.append(sql))
        page(sam)
    assert asked == []


def test_the_page_asks_as_much_for_many_as_for_few(page, sam, customer, healthy, now):
    page(sam)
    with CaptureQueriesContext(connection) as few:
        page(sam)
    for n in range(5):
        deal = Deal.objects.open_deal(by=sam, now=now, name=f"Deal {n}", account=healthy, amount=n, currency="CNY")
        contact = Contact.objects.add(by=sam, now=now, name=f"Person {n}", account=healthy)
        DealPerson.place(deal=deal, contact=contact, role="user", by=sam, now=now)
    with CaptureQueriesContext(connection) as many:
        page(sam)
    assert len(many) == len(few)
    assert len(many) <= MOST_QUERIES


@pytest.mark.parametrize("table", ["records_workspace", "records_customfield"])
def test_what_every_part_of_the_page_needs_is_read_once(page, sam, customer, table):
    page(sam)
    with CaptureQueriesContext(connection) as asked:
        page(sam)
    assert sum(f'FROM "{table}"' in query["sql"] for query in asked) == 1


@pytest.mark.parametrize(("who", "status"), [("olga", 404), ("tom", 404), ("rita", 200), ("mei", 200)])
def test_each_sees_the_overview_of_their_own(who, status, request, healthy, customer, now, as_):
    user = request.getfixturevalue(who)
    assert as_(user).get(f"/accounts/{healthy.pk}/use/").status_code == status
    assert Program(user, now).call("get", f"/accounts/{healthy.pk}/overview").status_code == status


def test_a_person_of_a_foreign_deal_stays_unseen(healthy, leaving, helen, sam, olga, now, as_):
    """Olga owns the account since today; the deal of another account with the same contact is not hers."""
    other = Deal.objects.open_deal(by=sam, now=now, name="Secret deal", account=leaving)
    DealPerson.objects.create(deal=other, contact=helen, role="champion")
    healthy.change(by=sam, now=now, owner=olga)
    shown = Program(olga, now).get(f"/accounts/{healthy.pk}/overview")
    assert [person["parts"] for person in shown["people"]] == [[]]
    assert "Secret deal" not in as_(olga).get(healthy.get_absolute_url()).content.decode()


def test_the_api_tells_what_the_page_tells(story, sam, now):
    told = Program(sam, now).get(f"/accounts/{story['accounts']}/overview")
    assert told["money"]["won_deals"] == 1
    (value,) = told["value"]
    assert value["signed"]["currency"] == "CNY"
    assert [(Decimal(row["promised"]), Decimal(row["signed"]), row["state"]) for row in value["metrics"]] == [
        (96, 96, "missed")
    ]
    assert [quote["state"] for quote in told["quotes"]] == ["chosen"]
    assert [contract["state"] for contract in told["contracts"]] == ["accepted"]
    assert told["projects"][0]["gate"] is None
    assert told["use"]["active"] == 0


def test_the_api_goes_on_without_the_events(healthy, sam, now, used, customer, down):
    program = Program(sam, now)
    told = program.get(f"/accounts/{healthy.pk}/overview")
    assert [(one["name"], one["times"], one["people"]) for one in told["use"]["modules"]] == [
        ("reports", 3, 1),
        ("forecasts", 1, 1),
    ]
    assert told["health"]["drivers"][0]["count"] == 8
    assert told["gaps"][0]["gaps"][0] == "No champion inside"
    with down():
        assert program.get(f"/accounts/{healthy.pk}/overview")["use"] is None


def test_a_very_large_sum_is_written_as_all_amounts_are(healthy, sam, now):
    most = Decimal(500_000_000_000_000)
    for number in (1, 2, 3):
        Deal.objects.open_deal(by=sam, now=now, name=f"Large {number}", account=healthy, amount=most, currency="CNY")
    told = Program(sam, now).get(f"/accounts/{healthy.pk}/overview")["money"]["open"]
    assert [one["amount"] for one in told] == ["1500000000000000.00"]

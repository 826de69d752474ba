"""How often a calculator is opened and used: people count, robots and our own do not, and nobody is followed."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proofline.stages.discovery.calculators import visiting
from proofline.stages.discovery.calculators.reaching import reach_of, with_reach
from proofline.stages.discovery.models import Calculation, Calculator, CalculatorUse, CalculatorVisit
from proofline.stages.discovery.tests.test_calculators import SITE, VISITOR, build, key
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1"


@pytest.fixture
def calculator(sam, now):
    return build(sam, now)


@pytest.fixture
def clock(monkeypatch):
    """Set the clock of visits to an hour of a day in November."""

    def clock(day, hour):
        stopped = SimpleNamespace(now=lambda: datetime(2026, 11, day, hour, tzinfo=UTC))
        monkeypatch.setattr(visiting, "timezone", stopped)

    return clock


def visitor(agent=PHONE, ip="203.0.113.7"):
    return Client(enforce_csrf_checks=True, headers={"user-agent": agent}, REMOTE_ADDR=ip)


def reach(calculator):
    return reach_of(with_reach(Calculator.objects.filter(pk=calculator.pk)).get())


def result(browser, calculator, typed="40"):
    return browser.post(f"{calculator.public_path}result/", {key(calculator): typed})


def test_a_visit_counts_once_until_the_visitor_comes_again(calculator, clock):
    clock(3, 9)
    for _time in range(3):
        visitor().get(calculator.public_path)
    visitor(ip="203.0.113.8").get(calculator.public_path)
    visitor(agent="Mozilla/5.0 (Windows NT 10.0)").get(calculator.public_path)
    assert reach(calculator).opened == 3
    clock(3, 10)
    visitor().get(calculator.public_path)
    assert reach(calculator)[:3] == (4, 0, 0)


def test_what_is_kept_of_a_visit_tells_nobody_who_it_was(calculator, sam, now, clock):
    clock(3, 9)
    browser = visitor()
    answer = browser.get(calculator.public_path)
    assert set(answer.cookies) <= {"csrftoken"}, "nothing is stored on their device to know them by"
    (first,) = CalculatorVisit.objects.all()
    assert "203.0.113" not in first.visitor
    clock(4, 9)
    browser.get(calculator.public_path)
    browser.get(build(sam, now).public_path)
    assert len({visit.visitor for visit in CalculatorVisit.objects.all()}) == 3, "not over days, nor over calculators"


@pytest.mark.parametrize(
    "agent",
    ["Mozilla/5.0 (compatible; Googlebot/2.1)", "WhatsApp/2.23", "curl/8.5", "python-requests/2.32", "Slackbot-LinkExpanding 1.0"],
)  # fmt: skip
def test_robots_and_previews_do_not_count(calculator, agent):
    browser = visitor(agent)
    browser.get(calculator.public_path)
    result(browser, calculator)
    browser.get(f"{calculator.public_path}definition/", headers={"origin": SITE})
    visitor().get(calculator.public_path, headers={"sec-purpose": "prefetch;prerender"})
    assert not CalculatorVisit.objects.exists()


def test_our_own_people_and_the_builders_preview_do_not_count(calculator, sam, as_):
    browser = as_(sam)
    browser.get(calculator.public_path)
    browser.post(f"/calculators/{calculator.pk}/preview/", {key(calculator): "3"})
    result(browser, calculator)
    assert not CalculatorVisit.objects.exists()
    assert "Nobody has opened it yet." in browser.get(calculator.get_absolute_url()).content.decode()


def test_who_calculates_counts_once_a_visit_and_wrong_numbers_are_none(calculator, facts):
    browser = visitor()
    browser.get(calculator.public_path)
    result(browser, calculator, "many")
    assert reach(calculator)[:2] == (1, 0)
    for typed in ("30", "40"):
        result(browser, calculator, typed)
    browser.post(calculator.public_path, {key(calculator): "40", "reckon": "1"})
    assert reach(calculator)[:2] == (1, 1)
    result(visitor(ip="203.0.113.9"), calculator)
    assert reach(calculator)[:2] == (2, 2), "who calculates has opened it"
    assert [len(facts(f"calculator.{name}")) for name in ("opened", "used")] == [2, 2]
    assert facts("calculator.opened")[0]["properties"]["calculator_id"] == calculator.pk


def test_visits_lead_to_leads_and_the_page_the_list_and_the_api_tell_it(calculator, sam, now, rita, as_):
    for number in range(4):
        visitor(ip=f"203.0.113.{number}").get(calculator.public_path, {"embed": "1"} if number else {})
    assert CalculatorVisit.objects.filter(embedded=True).count() == 3
    result(visitor(ip="203.0.113.1"), calculator)
    visitor(ip="203.0.113.2").post(calculator.public_path, VISITOR)
    visitor(ip="203.0.113.3").post(calculator.public_path, VISITOR | {"website": "x"})
    told = reach(calculator)
    assert (told[:3], told.calculated_share, told.lead_share) == ((4, 2, 1), 0.5, 0.25)
    page = as_(rita).get(calculator.get_absolute_url()).content.decode()
    for said in ("Times opened", "Calculated", "50%", "Leads", "25%", "Robots, previews"):
        assert said in page
    listed = as_(rita).get("/calculators/").content.decode()
    assert "Calculation rate" in listed
    assert "50%" in listed
    api = Program(sam, now).get(f"/calculators/{calculator.pk}")["reach"]
    assert (api["opened"], api["calculated"], api["leads"], api["calculated_share"]) == (4, 2, 1, 0.5)


def test_leads_of_before_visits_were_counted_are_no_share_of_them(calculator, sam, now):
    old = timezone.now() - timedelta(days=30)
    Calculation.objects.filter(pk=_left(calculator)).update(at=old)
    CalculatorVisit.objects.all().delete()
    assert reach(calculator) == (0, 0, 0, None)
    assert (reach(calculator).calculated_share, reach(calculator).lead_share) == (None, None)
    visitor().get(calculator.public_path)
    assert reach(calculator)[:3] == (1, 0, 0)


def _left(calculator):
    visitor().post(calculator.public_path, VISITOR)
    return Calculation.objects.latest("pk").pk


def test_a_widget_that_the_website_draws_itself_counts_and_its_server_does_not(calculator):
    address = calculator.public_path
    visitor().get(f"{address}definition/")
    body = {"inputs": {key(calculator): 40}}
    visitor().post(f"{address}reckoning/", body, content_type="application/json")
    assert not CalculatorVisit.objects.exists()
    visitor().get(f"{address}definition/", headers={"origin": SITE})
    visitor().post(f"{address}reckoning/", body, content_type="application/json", headers={"origin": SITE})
    assert (CalculatorVisit.objects.get().embedded, CalculatorUse.objects.count()) == (True, 1)


def test_one_with_visits_alone_can_be_removed(calculator, sam, as_):
    visitor().get(calculator.public_path)
    as_(sam).post(f"/calculators/{calculator.pk}/removal/")
    assert not Calculator.objects.exists()


def test_the_list_asks_the_store_no_more_for_more_visits(calculator, sam, now, as_):
    browser = as_(sam)
    browser.get("/calculators/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/calculators/")
    for number in range(5):
        visitor(ip=f"203.0.113.{number}").get(calculator.public_path)
        build(sam, now)
    with CaptureQueriesContext(connection) as many:
        browser.get("/calculators/")
    assert len(many) == len(few)

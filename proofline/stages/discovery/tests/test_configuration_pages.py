"""Rules and prices in the browser and the API, the configuration of a study, and its way into the proposal."""

from decimal import Decimal

import pytest
from django.urls import reverse

from proofline.records.models import Module, Pain, ServicePack, Tier
from proofline.stages.discovery.models import CatalogueRule, Configuration, PriceRule, Proposal, key_of
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(suite):
    """Return what a part goes by, by its name."""

    def key(name):
        return next(key_of(part) for model in (Module, Tier, ServicePack) for part in model.objects.filter(name=name))

    return key


@pytest.fixture
def rule(suite, mei, now):
    def rule(kind, *names, number=None, **fields):
        parts = [
            part for name in names for model in (Module, Tier, ServicePack) for part in model.objects.filter(name=name)
        ]
        return CatalogueRule.objects.add(by=mei, now=now, kind=kind, number=number, parts=parts, **fields)

    return rule


@pytest.fixture
def late(suite, study, need, sam, now):
    """A second need, that only Forecasts eases."""
    pain = Pain.objects.create(name="Late plans")
    pain.modules.set(suite.modules.filter(name="Forecasts"))
    return study.needs.create(text="Plans are late", pain=pain, stated_at=now)


def page(study):
    return reverse("discovery:configuration", args=[study.pk])


def text(answer):
    return " ".join(answer.content.decode().split())


def test_a_rule_is_written_changed_and_removed_in_the_browser(suite, key, mei, as_):
    browser = as_(mei)
    kinds = browser.get("/catalogue/rules/new/")
    assert "only with" in text(kinds).lower()
    address = "/catalogue/rules/new/?kind=requires"
    assert "all of these are sold with it" in text(browser.get(address))
    wrong = browser.post(address, {"first": key("Forecasts"), "parts": [key("Forecasts")]})
    assert wrong.status_code == 422
    assert "Each part once." in text(wrong)
    done = browser.post(
        address, {"first": key("Forecasts"), "parts": [key("Reports")], "note": "It reads them"}, follow=True
    )
    assert "Forecasts requires Reports" in text(done)
    assert "It reads them" in text(done)
    assert "It contradicts nothing" in text(done)
    made = CatalogueRule.objects.get()
    browser.post(
        f"/catalogue/rules/{made.pk}/", {"first": key("Automations"), "parts": [key("Reports"), key("Forecasts")]}
    )
    assert "Automations requires Reports, Forecasts" in text(browser.get("/catalogue/rules/"))
    browser.post(f"/catalogue/rules/{made.pk}/removal/")
    assert "No rules yet" in text(browser.get("/catalogue/rules/"))


def test_a_contradiction_is_told_when_it_is_saved_and_on_the_check(suite, pain, key, mei, as_):
    browser = as_(mei)
    parts = [key("Advanced"), key("Forecasts")]
    saved = text(browser.post("/catalogue/rules/new/?kind=excludes", {"parts": parts}, follow=True))
    assert "was saved, and contradicts the catalogue" in saved
    assert "Clarity Suite Advanced can never be sold." in saved
    check = text(browser.get("/catalogue/check/"))
    assert "Clarity Suite Advanced can never be sold." in check
    assert "Clarity Suite Advanced, Forecasts exclude each other" in check
    assert "contradiction" in text(browser.get("/catalogue/check/?part=1"))
    CatalogueRule.objects.get().remove()
    assert "Nothing contradicts itself" in text(browser.get("/catalogue/check/"))
    assert text(browser.get("/catalogue/check/?part=1")) == ""


def test_a_part_that_a_rule_names_stays_in_the_catalogue(rule, suite, mei, as_):
    rule("requires", "Forecasts", "Reports")
    as_(mei).post(f"/library/modules/{suite.modules.get(name='Reports').pk}/removal/")
    assert suite.modules.filter(name="Reports").exists()


def test_price_rules_stand_in_the_order_of_their_application(suite, key, mei, as_):
    browser = as_(mei)
    address = "/catalogue/price-rules/new/?kind="
    assert browser.post(f"{address}volume", {"percent": "10"}).status_code == 422
    assert browser.post(f"{address}term", {"least": "24", "most": "12", "percent": "10"}).status_code == 422
    assert browser.post(f"{address}term", {"least": "24", "percent": "10"}).status_code == 302
    bundle = {"parts": [key("Basic"), key("Onboarding")], "amount": "500", "currency": "CNY", "name": "Start"}
    assert browser.post(f"{address}bundle", bundle).status_code == 302
    assert browser.post(f"{address}volume", {"least": "10", "most": "49", "percent": "10"}).status_code == 302
    told = text(browser.post(f"{address}volume", {"least": "60", "percent": "12.5"}, follow=True))
    assert "Price rules leave a gap: none applies from 50 to 59." in told
    page = text(browser.get("/catalogue/price-rules/"))
    places = [
        page.index(some) for some in ("10–49 seats: 10% off", "together: CN¥500 off each", "from 24 months on: 10% off")
    ]
    assert places == sorted(places)


def test_the_same_through_the_api(suite, pain, key, mei, sam, now):
    api = Program(mei, now)
    parts = [key("Advanced"), key("Forecasts")]
    made = api.post("/catalogue-rules", {"kind": "excludes", "parts": parts})
    assert [one["kind"] for one in made["findings"]] == ["tier_never_sold", "tier_never_sold"][: len(made["findings"])]
    assert api.get("/catalogue-check")["findings"] == made["findings"]
    assert api.get(f"/catalogue-rules/{made['id']}")["parts"] == parts
    changed = api.call("patch", f"/catalogue-rules/{made['id']}", {"parts": [key("Reports"), key("Onboarding")]}).json()
    assert changed["parts"] == [key("Reports"), key("Onboarding")]
    assert api.call("post", "/catalogue-rules", {"kind": "requires", "parts": ["m1", "x9"]}).status_code == 422
    assert api.call("delete", f"/catalogue-rules/{made['id']}").status_code == 204
    price = api.post("/price-rules", {"kind": "volume", "least": 10, "most": 20, "percent": "10"})
    assert [one["kind"] for one in price["findings"]] == ["prices_gap"]
    assert api.call("patch", f"/price-rules/{price['id']}", {"most": None}).json()["findings"] == []
    assert api.call("post", "/price-rules", {"kind": "term", "least": 5}).status_code == 422
    assert Program(sam, now).call("post", "/price-rules", {"kind": "term", "least": 5, "percent": 5}).status_code == 403


def test_the_smallest_set_with_why_each_is_in(study, need, late, rule, sam, as_):
    rule("requires", "Forecasts", "Onboarding")
    shown = text(as_(sam).get(page(study)))
    assert "Clarity Suite Basic" in shown
    assert "Eases “Late plans”" in shown
    assert "Forecasts requires Onboarding" in shown
    assert "CN¥320" in shown
    assert "CN¥5,000" in shown
    assert "Automations</strong>" not in shown


def test_parts_are_put_in_and_left_out_and_what_is_blocked_says_why(study, need, late, rule, key, sam, as_):
    rule("excludes", "Automations", "Forecasts")
    browser = as_(sam)
    shown = text(browser.get(page(study)))
    assert "Blocked because: Eases “Late plans” · Automations, Forecasts exclude each other" in shown
    blocked = text(
        browser.get(f"{page(study)}?asked=1&seats=5&months=12&currency=CNY&pain={late.pain_id}&out={key('Forecasts')}")
    )
    assert "Blocked because these can’t hold together" in blocked
    assert "Forecasts was left out" in blocked
    assert "Keep this configuration" not in blocked
    free = text(browser.get(f"{page(study)}?asked=1&seats=5&months=12&currency=CNY&in={key('Automations')}"))
    assert "Automations was put in" in free


def test_the_price_says_because_of_what(study, need, sam, mei, now, as_):
    PriceRule.objects.add(by=mei, now=now, kind="volume", least=10, percent=Decimal(10))
    PriceRule.objects.add(by=mei, now=now, kind="segment", sector="Manufacturing", percent=Decimal(5))
    study.account.change(by=sam, now=now, sector="Manufacturing")
    shown = text(as_(sam).get(f"{page(study)}?asked=1&seats=10&months=12&currency=CNY&pain={need.pain_id}"))
    assert "from 10 seats on: 10% off" in shown
    assert "-CN¥60" in shown or "−CN¥60" in shown
    assert "CN¥513" in shown
    assert "Over 12 months" in shown


@pytest.mark.parametrize(
    "given", ["seats=0", "seats=x&months=999", "currency=XXX", f"pain={'9' * 40}&in=m{'9' * 40}&out=zz"]
)
def test_what_makes_no_sense_breaks_nothing(study, need, sam, as_, given):
    assert as_(sam).get(f"{page(study)}?asked=1&{given}").status_code in {200, 422}


def test_prices_in_a_currency_without_a_rate_say_so(study, need, sam, as_):
    shown = as_(sam).get(f"{page(study)}?asked=1&seats=5&months=12&currency=EUR&pain={need.pain_id}")
    assert "There is no exchange rate from CNY" in text(shown)


def test_a_configuration_is_kept_in_versions_and_goes_into_the_proposal(study, case, late, suite, helen, sam, now, as_):
    browser = as_(sam)
    address = reverse("discovery:configuration_keeping", args=[study.pk])
    ask = {"asked": 1, "seats": 6, "months": 24, "currency": "CNY", "pain": [late.pain_id]}
    assert browser.post(address, ask | {"out": f"m{late.pain.modules.get().pk}"}).status_code == 302
    assert not Configuration.objects.exists()
    kept = browser.post(address, ask, follow=True)
    assert "Version 1" in text(kept)
    browser.post(address, ask | {"seats": 8})
    first, second = Configuration.objects.order_by("version")
    assert (first.monthly, second.monthly, second.version) == (Decimal(380), Decimal(500), 2)
    assert sum(Decimal(step["monthly"]) for step in second.steps) == second.monthly
    suite.tiers.filter(rank=1).update(name="Renamed", seat_price=1)
    assert "Clarity Suite Basic" in text(browser.get(first.get_absolute_url()))
    proposal = Proposal.objects.draft(by=sam, now=now, study=study, language="zh-hans")
    assert proposal.configuration == second
    preview = text(browser.get(reverse("discovery:proposal_preview", args=[proposal.pk])))
    assert "我们的建议" in preview
    assert "缓解“Late plans”" in preview
    assert "¥500" in preview
    pdf = browser.get(reverse("discovery:proposal_pdf", args=[proposal.pk]))
    assert pdf.content.startswith(b"%PDF")


def test_configuring_and_keeping_through_the_api(study, need, late, key, sam, rita, olga, now):
    api = Program(sam, now)
    found = api.get(f"/studies/{study.pk}/configuration?seats=6")
    assert [part["part"] for part in found["parts"]] == [key("Basic"), key("Forecasts")]
    assert sum(Decimal(step["monthly"]) for step in found["steps"]) == Decimal(found["monthly"]) == 380
    blocked = api.get(f"/studies/{study.pk}/configuration?left_out={key('Forecasts')}")
    assert (blocked["parts"], len(blocked["conflict"])) == ([], 2)
    kept = api.post(f"/studies/{study.pk}/configurations", {"seats": 6})
    assert kept["version"] == 1
    assert api.get(f"/studies/{study.pk}/configurations")["items"] == [kept]
    refused = api.call("post", f"/studies/{study.pk}/configurations", {"left_out": [key("Forecasts")]})
    assert refused.status_code == 422
    assert Program(rita, now).call("post", f"/studies/{study.pk}/configurations", {}).status_code == 403
    assert Program(olga, now).call("get", f"/configurations/{kept['id']}").status_code == 404


def test_what_was_sent_keeps_its_configuration(proposal, study, sam, helen, now, as_):
    from django.core.exceptions import ValidationError

    from proofline.stages.discovery.sending import send

    send(proposal, by=sam, now=now, to=helen)
    kept = Configuration.objects.keep(
        by=sam,
        now=now,
        study=study,
        parts=[],
        seats=1,
        months=1,
        currency="CNY",
        monthly=1,
        once=0,
        priced_on=now.date(),
    )
    with pytest.raises(ValidationError):
        proposal.change(by=sam, now=now, configuration=kept)


def test_the_page_asks_the_store_as_often_for_many_rules(study, need, rule, sam, as_, django_assert_max_num_queries):
    browser = as_(sam)
    browser.get(page(study))
    for number in range(8):
        rule("at_most", "Reports", "Forecasts", "Onboarding", number=number % 3)
    with django_assert_max_num_queries(34):
        browser.get(page(study))

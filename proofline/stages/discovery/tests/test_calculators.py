"""Public calculators: built here, used by visitors, each answer a lead with its numbers; then a value case."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from proofline.stages.discovery.calculators.taking import take
from proofline.stages.discovery.calculators.views import public
from proofline.stages.discovery.models import Calculation, Calculator, CalculatorLine, Study, ValueCase
from proofline.stages.reach.models import Lead, qualify
from proofline.timeline import identity
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
SITE = "https://www.finch.test"
HOURS = {"value": "20", "asked": True, "least": "1", "most": "168"}
SHARE = {"value": "0.4", "least": "0.3", "most": "0.5"}


def asked(**more):
    return {"quantity": HOURS, "people": {"value": "1"}, "improvement": SHARE, "rate": {"value": "60"}} | more


def build(sam, now, *, inputs=None, **fields):
    """A published calculator of one line: 20 h/week × 40 % at ¥60."""
    texts = {"name": "Reports", "title_en": "What do reports cost you?", "title_zh": "报表花了你多少钱?"}
    made = Calculator.objects.begin(by=sam, now=now, owner=sam, origins=[SITE], **texts | fields)
    line = {"name_en": "Reports by hand", "name_zh": "手工报表", "unit": "h/week", "inputs": inputs or asked()}
    CalculatorLine.add_to(made, by=sam, now=now, **line)
    made.publish(by=sam, now=now)
    return made


@pytest.fixture
def calculator(sam, now):
    """¥2,080 a month for ¥8,320 once."""
    return build(sam, now, investment_once=Decimal(8_320))


@pytest.fixture
def phone():
    """A visitor: another site's frame, no session, no scripts."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def key(calculator, what="quantity"):
    return f"line-{calculator.ordered_lines[0].pk}-{what}"


VISITOR = {"name": "Vera", "company": "Finch", "email": "vera@finch.test", "leave": "1"}


def test_a_result_by_hand(calculator, phone):
    # 20 h/week × 40 % = 8 h/week; × ¥60 × 52/12 = ¥2,080 a month; ¥8,320 once is back in month 4; 12 × 2,080 / 8,320 − 1 = 200 %
    page = phone.get(calculator.public_path).content.decode()
    for told in ("20 h/week × 40% = 8 h/week", "CN¥2,080", "Paid back in month 4.", "200%", "800%"):
        assert told in page
    assert "Net present value over 36 months" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="drawing"' in page


def test_paid_back_in_month_three_with_a_return_of_200_percent(sam, now, phone):
    # ¥5,200 once and 10 seats × ¥26: month 2 returns 4,160 < 5,720, month 3 returns 6,240 ≥ 5,980; in a year 24,960 / (5,200 + 3,120) − 1 = 200 %
    made = build(
        sam,
        now,
        investment_once=Decimal(5_200),
        seat_price=Decimal(26),
        seats={"value": "5", "asked": True, "least": "1", "most": "100"},
    )
    page = phone.get(made.public_path, {"seats": "10"}).content.decode()
    assert "Paid back in month 3." in page
    assert "200%" in page
    assert "CN¥5,200 once and CN¥260 a month" in page


def test_what_is_typed_counts_by_address_and_by_form(calculator, phone):
    for answer in (
        phone.get(calculator.public_path, {key(calculator): "40"}),
        phone.post(calculator.public_path, {key(calculator): "40", "reckon": "1"}),
        phone.post(f"{calculator.public_path}result/", {key(calculator): "40"}),
    ):
        assert answer.status_code == 200
        assert "40 h/week × 40% = 16 h/week" in answer.content.decode()
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    "typed", ["", "0", "-3", "1e400", "NaN", "inf", "1/0", "169", "20.00001", "９", "x" * 5_000, "<b>", "1,5"]
)
def test_nonsense_is_explained_and_kept(calculator, phone, typed):
    answer = phone.post(calculator.public_path, VISITOR | {key(calculator): typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'aria-invalid="true"', page)
    assert "Vera" in page
    assert "<b>" not in page
    assert not Lead.objects.exists()
    assert phone.post(f"{calculator.public_path}result/", {key(calculator): typed}).status_code == 422


def test_numbers_worth_too_much_are_refused_where_they_are_typed(sam, now, phone):
    line = asked(quantity=HOURS | {"most": "1000000000"}, people={"value": "1000000"})
    calculator = build(sam, now, inputs=line)
    page = phone.get(calculator.public_path, {key(calculator): "1000000000"})
    assert page.status_code == 422
    assert "Together this is worth more than" in page.content.decode()
    with pytest.raises(ValidationError, match="the most that is kept"):
        build(sam, now, inputs=line | {"quantity": {"value": "1000000000"}}, name="Other")


def test_what_is_fixed_can_not_be_given(calculator, phone):
    page = phone.get(calculator.public_path, {key(calculator, "rate"): "1000000"}).content.decode()
    assert "CN¥2,080" in page


def test_a_visitor_becomes_a_lead_with_their_numbers(calculator, phone, sam, facts):
    asking = {"utm_source": "bing", "utm_campaign": "autumn", "anonymous_id": "visitor-7"}
    shown = phone.get(calculator.public_path, asking).content.decode()
    assert 'name="anonymous_id" value="visitor-7"' in shown
    answer = phone.post(calculator.public_path, VISITOR | asking | {key(calculator): "40"})
    assert answer.status_code == 302
    lead, left = Lead.objects.get(), Calculation.objects.get()
    assert (lead.name, lead.company, lead.email, lead.owner, lead.origin) == (
        "Vera",
        "Finch",
        "vera@finch.test",
        sam,
        "form",
    )
    assert (lead.source, lead.utm_campaign) == ("bing", "autumn")
    assert (left.lead, left.monthly_value, left.payback_month) == (lead, Decimal(4_160), 2)
    assert left.sheet.lines[0].quantity == 40
    (told,) = facts("calculator.completed")
    assert told["properties"]["monthly_value"] == "4160.00"
    kept = phone.get(answer["Location"]).content.decode()
    assert "40 h/week × 40% = 16 h/week" in kept
    assert "Vera" not in kept


def test_robots_and_those_who_leave_nothing_make_no_lead(calculator, phone):
    assert phone.post(calculator.public_path, VISITOR | {"website": "http://spam.test"}).status_code == 302
    assert phone.post(calculator.public_path, VISITOR | {"email": "nobody"}).status_code == 422
    assert not Lead.objects.exists()


def test_who_must_say_first_who_they_are_sees_nothing_before(sam, now, phone):
    made = build(sam, now, asks_contact="before", consent_en="You may write to me.", consent_zh="可以给我写信。")
    assert b"2,080" not in phone.get(made.public_path).content
    assert b"2,080" not in phone.post(f"{made.public_path}result/", {key(made): "20"}).content
    refused = phone.post(made.public_path, VISITOR)
    assert b"Please say yes to this" in refused.content
    answer = phone.post(made.public_path, VISITOR | {"consent": "on"}, follow=True)
    assert b"2,080" in answer.content


def test_both_languages_by_the_visitors_choice(calculator, phone):
    english = phone.get(calculator.public_path).content.decode()
    assert "What do reports cost you?" in english
    chinese = phone.get(calculator.public_path, {"language": "zh-hans"}).content.decode()
    assert "报表花了你多少钱" in chinese
    assert "手工报表" in chinese
    assert "第 4 个月" in chinese
    assert Client(headers={"accept-language": "zh-CN"}).get(calculator.public_path).content.decode().count("手工报表")


def test_only_named_websites_frame_it_and_ask_it(calculator, phone):
    page = phone.get(calculator.public_path)
    assert f"frame-ancestors {SITE}" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    about, reckon = f"{calculator.public_path}definition/", f"{calculator.public_path}reckoning/"
    ours = phone.get(about, headers={"origin": SITE})
    assert ours["Access-Control-Allow-Origin"] == SITE
    assert ours.json()["groups"][0]["questions"][0]["key"] == key(calculator)
    assert "Access-Control-Allow-Origin" not in phone.get(about, headers={"origin": "https://evil.test"})
    asked_first = phone.options(reckon, headers={"origin": SITE})
    assert (asked_first.status_code, asked_first["Access-Control-Allow-Headers"]) == (204, "Content-Type")
    told = phone.post(reckon, {"inputs": {key(calculator): 40}}, content_type="application/json").json()
    assert (told["monthly_value"], told["roi"], told["payback_month"]) == (
        "4160.00",
        {"12": "5.0000", "36": "17.0000"},
        2,
    )
    assert Decimal(told["range"]["p10"]) < Decimal(told["range"]["p50"]) < Decimal(told["range"]["p90"])
    again = phone.post(reckon, {"inputs": {key(calculator): 40}}, content_type="application/json").json()
    assert told == again


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"inputs": 3}', 400),
        ('{"inputs": {"x": [1]}}', 400),
        ("[" * 19_000, 400),
        ("x" * 30_000, 400),
    ],
)
def test_programs_are_told_what_to_send(calculator, phone, body, status):
    answer = phone.post(f"{calculator.public_path}reckoning/", body, content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("number", ["1e400", "NaN", "-1", "0", '"x"', "1" + "0" * 60])
def test_programs_are_told_which_number_is_wrong(calculator, phone, number):
    body = f'{{"inputs": {{"{key(calculator)}": {number}}}}}'
    answer = phone.post(f"{calculator.public_path}reckoning/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == key(calculator)


def test_a_draft_is_not_there_and_a_withdrawn_one_says_so(calculator, sam, now, phone, facts):
    draft = Calculator.objects.begin(by=sam, now=now, name="Draft", title_en="Draft")
    assert phone.get(draft.public_path).status_code == 404
    left = phone.post(calculator.public_path, VISITOR)["Location"]
    calculator.withdraw(by=sam, now=now)
    calculator.withdraw(by=sam, now=now)
    assert phone.get(calculator.public_path).status_code == 410
    assert phone.get(f"{calculator.public_path}definition/").status_code == 404
    assert phone.get(left).status_code == 200
    assert phone.get(left[:-2] + "/").status_code == 404
    assert len(facts("calculator.withdrawn")) == 1


def test_who_asks_too_often_waits(calculator, phone):
    while public.LEAVING.wait("127.0.0.1") == 0:
        pass
    answer = phone.post(calculator.public_path, VISITOR)
    assert (answer.status_code, Lead.objects.count()) == (429, 0)
    assert int(answer["Retry-After"]) > 0


LINE = {
    "name_en": "Reports by hand", "name_zh": "手工报表", "unit": "h/week",
    "quantity": "20", "quantity_asked": "on", "quantity_least": "1", "quantity_most": "168",
    "people": "1", "improvement": "40", "improvement_least": "30", "improvement_most": "50", "rate": "60",
}  # fmt: skip


def test_a_calculator_is_built_and_published_in_the_browser(as_, sam, rita):
    typed = {"name": "Reports", "title_en": "Reports", "currency": "CNY", "investment_once": "100", "investment_monthly": "0", "seat_price": "0", "asks_contact": "after", "websites": "www.finch.test/prices\nhttp://127.0.0.1:8123/"}  # fmt: skip
    assert as_(sam).post("/calculators/new/", typed).status_code == 302
    made = Calculator.objects.get()
    assert made.origins == ["https://www.finch.test", "http://127.0.0.1:8123"]
    assert b"What do visitors lose today?" in as_(sam).get(f"/calculators/{made.pk}/").content
    as_(sam).post(f"/calculators/{made.pk}/publication/")
    assert made.publication is None
    assert as_(sam).post(f"/calculators/{made.pk}/lines/", LINE).status_code == 302
    assert b"8 h/week" in as_(sam).get(f"/calculators/{made.pk}/preview/").content
    assert as_(sam).post(f"/calculators/{made.pk}/publication/").status_code == 302
    page = as_(sam).get(f"/calculators/{made.pk}/").content.decode()
    assert f"data-calculator=&quot;{made.token}&quot;" in page.replace('"', "&quot;")
    assert as_(rita).get(f"/calculators/{made.pk}/").status_code == 200
    assert b"Reports" in as_(rita).get("/calculators/").content


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"unit": "h"}, "is not a unit"),
        ({"unit": "USD/month"}, "is not in CNY"),
        ({"unit": "CNY/month"}, "leave the rate empty"),
        ({"quantity": "0"}, "Between 0.0001 and"),
        ({"quantity": "1e400"}, "Ensure that there are no more than"),
        ({"quantity": ""}, "This field is required."),
        ({"rate": "", "rate_asked": "on"}, "Say with which number it begins."),
        ({"quantity_least": ""}, "Say from where to where it may go."),
        ({"quantity": "200"}, "It lies between the smallest and the largest value."),
        ({"people": "0"}, "Between 1 and 1,000,000."),
        ({"improvement_most": "35"}, "It lies between the smallest and the largest value."),
        ({"rate": "-1"}, "Between 0 and"),
        ({"name_en": "", "name_zh": ""}, "Write what it is lost to."),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_and_kept(as_, calculator, sam, change, told):
    answer = as_(sam).post(f"/calculators/{calculator.pk}/lines/", LINE | {"name_en": "Mine <b>"} | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert "Mine &lt;b&gt;" in page or "name_en" in change
    assert calculator.lines.count() == 1


@pytest.mark.parametrize(
    "site", ["ftp://x.test", "https://x.test;script-src *", "https://*", "'self'", "javascript:alert(1)"]
)
def test_a_website_that_is_none_is_refused(calculator, sam, now, site):
    with pytest.raises(ValidationError):
        calculator.change(by=sam, now=now, origins=[site])


def test_their_figures_begin_a_value_case(calculator, phone, as_, sam, now, facts):
    phone.post(calculator.public_path, VISITOR | {key(calculator): "40"})
    left, lead = Calculation.objects.get(), Lead.objects.get()
    page = as_(sam).get(f"/leads/{lead.pk}/").content.decode()
    assert "40 h/week × 40% = 16 h/week" in page
    assert "Qualify the lead to take it into a value case." in page
    as_(sam).post(f"/calculations/{left.pk}/value-case/")
    assert not ValueCase.objects.exists()
    qualify(lead, by=sam, now=now)
    for _twice in range(2):
        assert as_(sam).post(f"/calculations/{left.pk}/value-case/").status_code == 302
    case = ValueCase.objects.get()
    (line,) = case.lines.all()
    assert (line.quantity, line.low, line.expected, line.high, line.rate_amount) == (
        40,
        *map(Decimal, ("0.3", "0.4", "0.5")),
        60,
    )
    assert (line.source_note, line.said_on) == (
        "their own figures in the calculator “Reports”",
        timezone.localdate(left.at),
    )
    assert line.rate_source == "the calculator “Reports”"
    assert (case.investment_once, case.study.account.name, case.study.lead) == (8_320, "Finch", lead)
    assert len(facts("calculator.taken")) == 1


def test_it_goes_into_the_discovery_that_is_there(calculator, phone, study, helen, sam, now):
    phone.post(calculator.public_path, VISITOR)
    lead = Lead.objects.get()
    qualify(lead, by=sam, now=now, account=study.account, contact=helen)
    assert take(Calculation.objects.get(), by=sam, now=now).study == study
    assert Study.objects.count() == 1


def test_others_do_not_see_what_was_left(calculator, phone, as_, olga, rita):
    phone.post(calculator.public_path, VISITOR)
    left = Calculation.objects.get()
    assert as_(olga).get(f"/calculations/{left.pk}/").status_code == 404
    assert b"Vera" not in as_(olga).get(f"/calculators/{calculator.pk}/").content
    assert as_(rita).get(f"/calculations/{left.pk}/").status_code == 200
    assert as_(rita).post(f"/calculations/{left.pk}/value-case/").status_code == 403


def test_a_used_calculator_stays(calculator, phone, as_, sam):
    phone.post(calculator.public_path, VISITOR)
    as_(sam).post(f"/calculators/{calculator.pk}/removal/")
    assert Calculator.objects.exists()


def test_their_clicks_become_the_leads_history(calculator, phone):
    clicked = identity.resolve(anonymous="visitor-7")
    phone.post(calculator.public_path, VISITOR | {"anonymous_id": "visitor-7"})
    assert identity.canonical(clicked) in map(identity.canonical, identity.persons_with(email="vera@finch.test"))


def test_a_calculator_begun_through_the_api_is_its_callers_unless_told_otherwise(sam, mei, now):
    api = Program(sam, now)
    begun = api.post("/calculators", {"name": "Reports", "title_en": "Reports", "currency": "CNY"})
    given = api.post("/calculators", {"name": "Stock", "title_en": "Stock", "currency": "CNY", "owner_id": mei.pk})
    nobodys = api.post("/calculators", {"name": "Time", "title_en": "Time", "currency": "CNY", "owner_id": None})
    assert [one["owner_id"] for one in (begun, given, nobodys)] == [sam.pk, mei.pk, None]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"inputs": {"line-9-hours": 3}}, "line-9-hours"), ({"foo": 1}, "foo"), ({"inputs": {}, "input": {}}, "input")],
)
def test_a_program_is_told_of_names_that_nobody_asks_for(phone, calculator, body, field):
    answer = phone.post(f"{calculator.public_path}reckoning/", body, content_type="application/json")
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == [field]

"""How sure a value case is: by hand, as laws, on the page and through the API."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from proofline.records.models import ApiToken
from proofline.stages.discovery.printing import document_data
from proofline.stages.discovery.risk import Swing, Worth, spread, tornado
from proofline.stages.discovery.roi import Investment
from proofline.stages.discovery.showing import Shown

YEAR = {"investment": Investment(once=22_000, monthly=1_500), "months": 12}


def worth(low, expected, high, name="Reports"):
    return Worth(name, Fraction(low), Fraction(expected), Fraction(high))


@st.composite
def worths(draw):
    return worth(*sorted(draw(st.lists(st.integers(0, 1_000_000), min_size=3, max_size=3))))


def test_each_line_moves_the_outcome_by_its_own_range():
    # as expected: 12 × 15,000 − 40,000 = 140,000
    found = tornado([worth(4_000, 5_000, 6_000, "Calls"), worth(5_000, 10_000, 11_000), worth(7, 7, 7, "Sure")], **YEAR)
    assert found[0] == Swing("Reports", Fraction(80_084), Fraction(152_084))
    assert found[1] == Swing("Calls", Fraction(128_084), Fraction(152_084))
    assert len(found) == 2


def test_the_range_of_one_line_is_that_of_a_triangle():
    # quantiles of a triangle from 0 to 100 with its top at 50: 50·√(2q) below the top, 100 − 50·√(2(1 − q)) above
    found = spread([worth(0, 50, 100)], investment=Investment(), months=1, draws=200_000)
    assert found.value.p10 == pytest.approx(22.36, abs=0.4)
    assert found.value.p50 == pytest.approx(50, abs=0.4)
    assert found.value.p90 == pytest.approx(77.64, abs=0.4)
    assert (found.roi, found.paid_back) == (None, 1.0)


def test_the_same_case_shows_the_same_range():
    lines = [worth(1_000, 3_000, 4_000), worth(0, 2_000, 9_000)]
    assert spread(lines, **YEAR) == spread(lines, **YEAR)
    assert spread(lines, **YEAR, seed=2) != spread(lines, **YEAR)


def test_how_often_the_investment_comes_back():
    # 40,000 in a year are 3,333.33 a month; of a triangle from 0 to 6,000 with its top at 6,000, 1 − (3,333.33 / 6,000)² = 69 % lie above
    assert spread([worth(0, 6_000, 6_000)], **YEAR, draws=200_000).paid_back == pytest.approx(0.691, abs=0.005)


@given(st.lists(worths(), max_size=5))
def test_ranges_lie_between_all_low_and_all_high(lines):
    found = spread(lines, **YEAR, draws=500)
    low, high = (float(sum(getattr(line, end) for line in lines)) for end in ("low", "high"))
    slack = 1e-6 * (1 + high)
    assert low - slack <= found.value.p10 <= found.value.p50 <= found.value.p90 <= high + slack
    for end, value in vars(found.value).items():
        assert getattr(found.left, end) == pytest.approx(value * 12 - 40_000, abs=0.01)
        assert getattr(found.roi, end) == pytest.approx((value * 12 - 40_000) / 40_000, abs=1e-6)


@pytest.mark.django_db
def test_page_and_api_say_how_sure_a_case_is(case, sam, as_, client, now):
    # 96 h/week × ¥80 × 52/12 = ¥33,280 a month as expected, ¥24,960 at least, ¥41,600 at most
    page = as_(sam).get(reverse("discovery:value_case", args=[case.pk])).content.decode()
    assert "In 100% of 10,000 draws the investment is back within 12 months." in page
    assert "Collecting figures: CN¥259.5K – CN¥459.2K" in page
    token = ApiToken.issue(user=sam, name="risk", now=now)[1]
    told = client.get(f"/api/v1/value-cases/{case.pk}/risk", headers={"authorization": f"Bearer {token}"}).json()
    assert told["swings"] == [{"name": "Collecting figures", "low": "259520.00", "high": "459200.00"}]
    assert (told["draws"], told["currency"], told["months"], told["paid_back"]) == (10_000, "CNY", 12, 1.0)
    assert 24_960 < told["value"]["p10"] < told["value"]["p50"] < told["value"]["p90"] < 41_600


@pytest.mark.django_db
def test_a_case_without_ranges_or_money_says_nothing_of_it(case, sam, as_, now):
    case.lines.all()[0].change(by=sam, now=now, low=Decimal("0.4"), high=Decimal("0.4"))
    assert "sureness" not in as_(sam).get(reverse("discovery:value_case", args=[case.pk])).content.decode()


@pytest.mark.django_db
def test_the_proposal_shows_what_moves_the_outcome_most(proposal):
    assert "Collecting figures: CN¥259.5K – CN¥459.2K" in Shown(proposal).tornado_drawing


@pytest.mark.django_db
def test_a_year_and_three_years_stand_beside_each_other(case, proposal, sam, as_, client, now):
    # ¥33,280 × 12 = ¥399,360 for ¥40,000: 898.4 %; × 36 = ¥1,198,080 for ¥76,000: 1,476.4 %
    page = as_(sam).get(reverse("discovery:value_case", args=[case.pk])).content.decode()
    for told in ("ROI over 12 months", "898%", "ROI over 36 months", "1,476%", "Net present value over 12 months"):
        assert told in page
    told = dict(Shown(proposal).returns)
    assert (told["ROI over 12 months"], told["ROI over 36 months"]) == ("898%", "1,476%")
    assert re.fullmatch(r"CN¥2[4-9],\d{3} – CN¥(3[4-9]|4[01]),\d{3}", told["Value a month, in 8 of 10 cases"])
    assert document_data(Shown(proposal), at=now)["return_rows"] == [list(row) for row in told.items()]
    token = ApiToken.issue(user=sam, name="roi", now=now)[1]
    returns = client.get(f"/api/v1/value-cases/{case.pk}", headers={"authorization": f"Bearer {token}"}).json()[
        "returns"
    ]
    assert returns["roi_by_months"] == {"12": "8.9840", "36": "14.7642"}

"""Return on investment: worked examples by hand, and laws."""

import re
from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.stages.discovery.drawings import payback
from proofline.stages.discovery.roi import Investment, Line, decimal, monthly_value, roi
from proofline.stages.discovery.units import Unit, UnitError

amounts = st.decimals(min_value=0, max_value=10_000_000, places=2)
shares = st.decimals(min_value=0, max_value=1, places=4)
units = st.sampled_from(["h/week", "h/month", "h/year"])


@st.composite
def lines(draw):
    return Line(
        name="Reporting",
        quantity=draw(st.decimals(min_value="0.01", max_value=10_000, places=2)),
        unit=draw(units),
        people=draw(st.integers(min_value=1, max_value=5_000)),
        improvement=draw(shares),
        rate=draw(amounts),
    )


def money(amount, unit="CNY/month"):
    return Line("Money lost", Decimal(amount), unit, improvement=Decimal(1))


def test_twenty_hours_a_week_less_forty_percent_is_eight_hours_a_week():
    assert Line("Reporting", 20, "h/week", improvement=Decimal("0.4")).saved() == 8


def test_the_formula_of_the_sentence_in_the_brief():
    line = Line("Reporting", 20, "h/week", people=12, improvement=Decimal("0.4"), rate=80)
    assert line.saved() == 96
    assert line.monthly(currency="CNY") == 33_280


def test_payback_in_month_three_and_two_hundred_percent_in_a_year():
    found = roi([money(10_000)], currency="CNY", investment=Investment(once=22_000, monthly=1_500))
    # month 2: 20,000 of 25,000; month 3: 30,000 of 26,500; a year: 120,000 for 40,000
    assert found.payback_month == 3
    assert found.over(12) == 2


def test_payback_falls_on_the_month_in_which_return_and_investment_are_equal_to_the_cent():
    weekly = money(1_000, "CNY/week")  # 4,333.33… a month, 13,000 in three
    assert roi([weekly], currency="CNY", investment=Investment(once=13_000)).payback_month == 3
    assert roi([weekly], currency="CNY", investment=Investment(once=Decimal("13000.01"))).payback_month == 4


def test_a_month_is_52_twelfths_of_a_week_and_a_twelfth_of_a_year():
    assert monthly_value([money(12, "CNY/week")], currency="CNY") == 52
    assert monthly_value([money(12, "CNY/year")], currency="CNY") == 1


def test_an_investment_that_never_comes_back():
    found = roi([money(100)], currency="CNY", investment=Investment(once=1, monthly=100))
    assert found.payback_month is None
    assert found.over(12) == Fraction(-1, 1201)


def test_nothing_invested_has_no_roi():
    assert roi([money(100)], currency="CNY", investment=Investment()).over(12) is None


def test_net_present_value_without_discount_is_the_balance():
    found = roi([money(100)], currency="CNY", investment=Investment(once=500, monthly=10), discount_a_year=Decimal(0))
    assert found.npv == 12 * 90 - 500


def test_net_present_value_of_one_year_hence():
    # An annuity of 100 a month at 10 % a year: 100 × (1 − 1/1.1) / (1.1^(1/12) − 1) = 1,140.05
    found = roi([money(100)], currency="CNY", investment=Investment())
    assert decimal(found.npv) == Decimal("1140.05")


def test_hours_without_a_rate_have_no_value_in_money():
    assert Line("Reporting", 20, "h/week", improvement=1).monthly(currency="CNY") is None


@pytest.mark.parametrize(
    ("unit", "rate", "per", "reason"),
    [
        ("hours", None, "h", "is not a unit"),
        ("h/fortnight", None, "h", "is not a unit"),
        ("/week", None, "h", "is not a unit"),
        ("h/week", 80, "ticket", "has to be per h"),
        ("CNY/month", 80, "h", "is money already"),
        ("USD/month", None, "h", "is not in CNY"),
    ],
)
def test_units_that_do_not_go_together_are_refused_with_the_reason(unit, rate, per, reason):
    with pytest.raises(UnitError, match=reason):
        Line("x", 1, unit, improvement=1, rate=rate, rate_per=per).monthly(currency="CNY")


def test_any_thing_can_be_counted_when_the_rate_is_per_that_thing():
    line = Line("Wrong invoices", 30, "invoices/month", improvement=Decimal("0.5"), rate=20, rate_per="invoices")
    assert line.monthly(currency="EUR") == 300
    assert str(Unit.parse(" invoices / month ")) == "invoices/month"


@pytest.mark.parametrize("investment", [Investment(once=-1), Investment(monthly=-1)])
def test_a_negative_investment_is_refused(investment):
    with pytest.raises(ValueError, match="negative"):
        roi([], currency="CNY", investment=investment)


def test_without_value_nothing_is_paid_back():
    assert roi([], currency="CNY", investment=Investment()).payback_month is None
    assert roi([money(0)], currency="CNY", investment=Investment()).payback_month is None
    assert roi([money(1)], currency="CNY", investment=Investment()).payback_month == 1


def test_no_months_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        roi([], currency="CNY", investment=Investment(), months=0)


@given(st.lists(lines(), max_size=6), amounts, amounts)
def test_payback_is_the_first_month_whose_return_reaches_the_investment(some, once, monthly):
    found = roi(some, currency="CNY", investment=Investment(once, monthly))
    if found.payback_month is None:
        assert not found.monthly_value or all(balance < 0 for balance in found.balances(60)[1:])
        return
    month = found.payback_month
    assert found.returned(month) >= found.investment.by(month)
    assert month == 1 or found.returned(month - 1) < found.investment.by(month - 1)


@given(st.lists(lines(), max_size=6), lines(), amounts)
def test_one_more_line_never_takes_value_away(some, one, once):
    before = roi(some, currency="CNY", investment=Investment(once))
    after = roi([*some, one], currency="CNY", investment=Investment(once))
    assert after.monthly_value == before.monthly_value + one.monthly(currency="CNY")
    assert after.npv >= before.npv
    assert (after.payback_month or inf) <= (before.payback_month or inf)  # none: never


@given(lines(), st.integers(min_value=1, max_value=60), st.decimals(min_value=1, max_value=1_000_000, places=2))
def test_roi_is_zero_exactly_where_return_equals_investment(line, months, once):
    found = roi([line], currency="CNY", investment=Investment(once), months=months)
    share = found.over(months)
    assert (share >= 0) == (found.returned(months) >= once)
    assert (share + 1) * Fraction(once) == found.returned(months)


@given(lines())
def test_twice_the_people_are_worth_twice_as_much(line):
    double = Line(line.name, line.quantity, line.unit, line.people * 2, line.improvement, line.rate)
    assert double.monthly(currency="CNY") == 2 * line.monthly(currency="CNY")


@given(st.fractions(), st.integers(min_value=0, max_value=6))
def test_rounding_is_never_off_by_more_than_half(value, places):
    assert abs(Fraction(decimal(value, places=places)) - value) <= Fraction(1, 2 * 10**places)


def test_halves_round_away_from_zero():
    assert decimal(Fraction(1, 200)) == Decimal("0.01")
    assert decimal(Fraction(-1, 200)) == Decimal("-0.01")


@pytest.mark.parametrize(("monthly", "is_above"), [(500, True), (7_000, False)])
def test_the_label_of_the_investment_stays_clear_of_the_lines(monthly, is_above):
    found = roi([money(10_000)], currency="CNY", investment=Investment(once=2_000, monthly=monthly))
    drawn = payback(found, currency="CNY")
    label = float(re.search(r'y="([\d.]+)"[^>]*>investment<', drawn)[1])
    end = float(re.search(r'([\d.]+)" fill="none"[^>]*dasharray="6 4"', drawn)[1])
    assert (label < end) == is_above

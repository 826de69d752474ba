from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.kit.imports import values
from proofline.kit.imports.trouble import CellError


@pytest.mark.parametrize(
    "written",
    [
        "2016-10-20",
        "2016/10/20",
        "2016.10.20",
        "2016年10月20日",
        "20161020",
        "20.10.2016",
        "20/10/2016",
        "10/20/2016",
        "20 Oct 2016",
        "October 20, 2016",
        "20-Oct-2016",
        "20-Oct-16",
        "2016-10-20T23:15:00Z",
        "2016-10-20 08:15:00.123",
        " 2016-10-20 ",
        "２０１６－１０－２０",
        "42663",
        42663.0,
        42663.5,
        date(2016, 10, 20),
        datetime(2016, 10, 20, 9, 30),  # noqa: DTZ001
    ],
)
def test_days_as_people_and_programs_write_them(written):
    assert values.day(written) == date(2016, 10, 20)


@pytest.mark.parametrize(
    "written", ["2017-13-45", "2017-02-30", "31.02.2017", "yesterday", "12", "0001-01-01", "20-2016", True]
)
def test_what_is_no_day_is_told(written):
    with pytest.raises(CellError, match=r"can't be read; expected"):
        values.day(written)


def test_a_day_that_could_be_two_is_refused_with_both():
    with pytest.raises(CellError, match=r"it could be 2024-03-04 or 2024-04-03"):
        values.day("03/04/2024")
    assert values.day("04/04/2024") == date(2024, 4, 4)
    assert values.day("03.04.2024") == date(2024, 4, 3)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("14/3/2016", "day"), ("3/14/2016 9:30 AM", "month"), ("3-14-16", "month"), ("14/3/16", ""), ("3/4/2016", "")]
    + [(written, "") for written in ("2016-03-14", "14.03.2016", "", None, 42663.0)],
)
def test_what_stands_first_in_a_day(written, shown):
    assert values.order_in(written) == shown


def test_a_day_that_could_be_two_is_read_in_the_order_of_its_file():
    read = {order: values.day("3/4/2024", order=order) for order in ("day", "month")}
    assert read == {"day": date(2024, 4, 3), "month": date(2024, 3, 4)}
    assert values.day("14/3/2024", order="month") == values.day("3/14/2024", order="day") == date(2024, 3, 14)
    assert values.day("3/4/24 13:45", order="month") == date(2024, 3, 4)
    with pytest.raises(CellError):
        values.day("3/4/24", order="day")  # 2003-04-24 as well


@given(st.dates(min_value=date(1930, 1, 1), max_value=date(2190, 1, 1)))
def test_every_day_reads_back(day):
    assert values.day(day.isoformat()) == values.day(f"{day:%d.%m.%Y}") == values.day(f"{day:%Y年%m月%d日}") == day


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1000.5", "1000.5"),
        ("1,000.50", "1000.50"),
        ("1.000,50", "1000.50"),
        ("1 000,50", "1000.50"),
        ("1'000.50", "1000.50"),
        ("1,000", "1000"),
        ("1,5", "1.5"),
        ("12,34,567", "1234567"),
        ("1.234.567", "1234567"),
        ("(500)", "-500"),
        ("-3", "-3"),
        ("1.5万", "15000"),
        ("２亿", "200000000"),
        (12, "12"),
        (0.1, "0.1"),
    ],
)
def test_numbers(written, number):
    assert values.number(written) == Decimal(number)


@pytest.mark.parametrize("written", ["twelve", "1,2,3", "1.2.3", "NaN", "inf", "1e", "", "12 %", True])
def test_what_is_no_number_is_told(written):
    with pytest.raises(CellError):
        values.number(written)


@pytest.mark.parametrize(
    ("written", "amount", "currency"),
    [
        ("¥1,200.50", "1200.50", "CNY"),
        ("￥1200", "1200.00", "CNY"),
        ("1200元", "1200.00", "CNY"),
        ("3.5万元", "35000.00", "CNY"),
        ("€ 99,90", "99.90", "EUR"),
        ("USD 1,000", "1000.00", "USD"),
        ("1000 USD", "1000.00", "USD"),
        ("$5,000", "5000.00", ""),
        ("-€5", "-5.00", "EUR"),
        ("1054", "1054.00", ""),
        ("0.125", "0.13", ""),
        ("1234.567", "1234.57", ""),
        (10.005, "10.01", ""),
    ],
)
def test_amounts_and_their_currency(written, amount, currency):
    assert values.money(written) == Decimal(amount)
    assert values.currency_in(written) == currency


@pytest.mark.parametrize("written", ["1.234", "€ 1.234", "-12.500", "100.000 EUR"])
def test_an_amount_that_can_be_read_in_two_ways_is_not_guessed(written):
    with pytest.raises(CellError, match=r"1000\.50"):
        values.money(written)


def test_a_sign_that_several_share_means_the_own_one():
    signs = {home: values.currency_in("$5", home=home) for home in ("CNY", "USD", "SGD", "")}
    assert signs == {"CNY": "USD", "USD": "USD", "SGD": "SGD", "": ""}
    assert [values.currency_in(f"{sign}5", home="JPY") for sign in "¥$"] == ["JPY", "USD"]


@pytest.mark.parametrize("written", ["about 500", "500 apples", "free"])
def test_what_is_no_amount_is_told(written):
    with pytest.raises(CellError):
        values.money(written)


def test_currencies_by_code_sign_and_name():
    assert [values.currency(word) for word in ("eur", "人民币", "US Dollar", "￥")] == ["EUR", "CNY", "USD", "CNY"]
    with pytest.raises(CellError):
        values.currency("doubloon")


def test_mail_phone_domain_yes_year():
    assert values.email(" Mei@Example.COM ") == "mei@example.com"
    assert values.phone(13800138000.0) == "13800138000"
    assert values.phone("+8613800138000") == "+86 138 0013 8000"
    assert values.domain("https://www.Acme.com/about?x=1") == "acme.com"
    assert [values.yes(cell) for cell in (1.0, "是", "No", 0, True, "FALSE")] == [True, True, False, False, True, False]
    assert [values.year(cell) for cell in ("1996", 1996.0, "1996-05-01")] == [1996] * 3
    assert values.domain("例子.中国") == "例子.中国"
    for reader, cell in (
        (values.domain, "not a domain"),
        (values.email, "mei@"),
        (values.phone, "n.a."),
        (values.yes, "maybe"),
        (values.whole, "1.5"),
    ):
        with pytest.raises(CellError):
            reader(cell)


@given(st.text(max_size=12) | st.floats() | st.integers() | st.dates() | st.booleans())
def test_whatever_stands_in_a_cell_is_read_or_told(cell):
    for reader in (values.day, values.year, values.number, values.whole, values.money, values.email, values.phone):
        try:
            reader(cell)
        except CellError:
            continue


@pytest.mark.parametrize("written", ["1e999999", "9" * 50, "1e21"])
def test_numbers_beyond_all_measure(written):
    for reader in (values.whole, values.money, values.year, values.day):
        with pytest.raises(CellError):
            reader(written)

"""Money is exact, stays in its currency and is written as each language does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from proofline.kit.money import (
    CurrencyField,
    CurrencyMismatchError,
    Money,
    MoneyProperty,
    NoMoneyError,
    OptionalMoneyProperty,
    UnknownCurrencyError,
)

AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2)
CNY = AMOUNTS.map(lambda amount: Money(amount, "CNY"))
WEIGHTS = st.lists(st.integers(min_value=0, max_value=10_000), min_size=1, max_size=12).filter(any)


class Priced(models.Model):
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = CurrencyField(blank=True)
    price = MoneyProperty("amount", "currency")
    price_if_any = OptionalMoneyProperty("amount", "currency")

    class Meta:
        app_label = "kit_tests"
        managed = False

    def __str__(self) -> str:
        return "a row"


@given(CNY, CNY, CNY)
def test_adding_is_associative_and_subtracting_undoes_it(one: Money, two: Money, three: Money) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one + two - two == one


@given(CNY, WEIGHTS)
def test_no_cent_is_lost_in_sharing(whole: Money, weights: list[int]) -> None:
    parts = whole.allocate(weights)
    assert Money.total(parts, currency="CNY") == whole
    exact = [whole.amount * weight / sum(weights) for weight in weights]
    assert all(abs(part.amount - share) < Decimal("0.010001") for part, share in zip(parts, exact, strict=True))
    assert all(part == part.rounded() for part in parts)


def test_sharing_gives_what_is_left_to_the_parts_that_lost_most() -> None:
    assert [part.amount for part in Money(Decimal("100.00"), "CNY").allocate([1, 1, 1])] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]
    assert [part.amount for part in Money(Decimal(100), "JPY").allocate([70, 20, 45])] == [52, 15, 33]
    assert [part.amount for part in Money(Decimal("-0.05"), "CNY").allocate([1, 1])] == [
        Decimal("-0.03"),
        Decimal("-0.02"),
    ]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_sharing_by_no_weight_or_a_negative_one_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="Weights"):
        Money(Decimal(1), "CNY").allocate(weights)


@given(AMOUNTS, st.sampled_from([("JPY", 0), ("CNY", 2), ("KWD", 3)]))
def test_rounding_goes_by_the_currency(amount: Decimal, currency: tuple[str, int]) -> None:
    code, places = currency
    rounded = Money(amount / 7, code).rounded()
    assert rounded.amount.as_tuple().exponent == -places
    assert rounded.rounded() == rounded


def test_halves_are_rounded_away_from_zero() -> None:
    assert Money(Decimal("0.125"), "CNY").rounded().amount == Decimal("0.13")
    assert Money(Decimal("-2.5"), "JPY").rounded().amount == -3


def test_currencies_are_never_mixed() -> None:
    yuan, dollar = Money(Decimal(1), "CNY"), Money(Decimal(1), "USD")
    for mix in (lambda: yuan + dollar, lambda: yuan - dollar, lambda: yuan < dollar, lambda: yuan / dollar):
        with pytest.raises(CurrencyMismatchError, match="CNY and USD"):
            mix()
    assert yuan != dollar


def test_what_is_not_exact_money_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        Money(1.5, "CNY")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="float"):
        Money(Decimal(1), "CNY") * 1.5  # type: ignore[operator]
    with pytest.raises(ValueError, match="NaN"):
        Money(Decimal("NaN"), "CNY")
    for code in ("XYZ", "DEM", "cny", ""):
        with pytest.raises(UnknownCurrencyError):
            Money(Decimal(1), code)


def test_reckoning_with_numbers() -> None:
    price = Money(Decimal("19.99"), "CNY")
    assert price * 3 == 3 * price == Money(Decimal("59.97"), "CNY")
    assert price / price == 1
    assert -price + price == Money.zero("CNY")
    assert not Money.zero("CNY")
    assert abs(-price) == price


@pytest.mark.parametrize(
    ("language", "short", "written"),
    [
        ("en", False, "CN¥1,234,567.50"),
        ("zh-hans", False, "¥1,234,567.50"),
        ("en", True, "CN¥1.2M"),
        ("zh-hans", True, "¥123.5万"),
    ],
)
def test_each_language_writes_money_its_own_way(language: str, *, short: bool, written: str) -> None:
    assert Money(Decimal("1234567.5"), "CNY").format(language=language, short=short) == written


def test_the_active_language_is_taken_when_none_is_named() -> None:
    with translation.override("zh-hans"):
        assert str(Money(Decimal(5), "JPY")) == "JP¥5"


def test_two_columns_are_read_and_set_as_money() -> None:
    row = Priced()
    row.price = Money(Decimal("12.345"), "USD")
    assert (row.amount, row.currency) == (Decimal("12.35"), "USD")
    assert row.price == Money(Decimal("12.35"), "USD")
    row.price_if_any = None
    assert row.amount is None
    assert row.price_if_any is None
    with pytest.raises(NoMoneyError):
        _ = row.price


def test_a_currency_column_takes_codes_in_use_only() -> None:
    with pytest.raises(ValidationError, match="DEM is not a currency code"):
        Priced(currency="DEM").full_clean()
    Priced(currency="CNY", amount=Decimal(1)).full_clean()


def test_a_form_offers_the_currencies_by_name() -> None:
    field = Priced._meta.get_field("currency").formfield()
    assert field is not None
    with translation.override("zh-hans"):
        choices = list(getattr(field, "choices"))  # noqa: B009 - a ChoiceField, which the stubs can't know
    assert choices[:2] == [("", "—"), ("CNY", "CNY · 人民币")]
    assert field.clean("") == ""
    with pytest.raises(ValidationError):
        field.clean("DEM")

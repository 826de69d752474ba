"""Whatever number is kept, it can be written: one row never takes a list down."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from proofline.kit import formats

HUGE = Decimal(10) ** 60
NUMBERS = st.one_of(
    st.decimals(-HUGE, HUGE, allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**60), 10**60),
)


@given(value=NUMBERS, language=st.sampled_from(["en", "zh-hans"]))
def test_every_number_can_be_written(value, language):
    with translation.override(language):
        for written in (
            formats.number(value),
            formats.number(value, digits=4),
            formats.compact(value),
            formats.percent(value),
            formats.percent(value, digits=2),
            formats.money(value, "CNY"),
            formats.money(value, "JPY", short=True),
        ):
            assert any(sign.isdigit() for sign in written)


def test_a_long_number_is_written_to_the_cent():
    assert formats.money(Decimal("123456789012345678901234567890.12"), "USD").endswith("901,234,567,890.12")


@pytest.mark.parametrize("value", [Decimal("Infinity"), Decimal("NaN"), float("-inf")])
def test_what_is_no_number_is_a_dash(value):
    assert {formats.number(value), formats.compact(value), formats.percent(value), formats.money(value)} == {"–"}

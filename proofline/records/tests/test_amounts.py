"""Numbers are kept as they are, or refused: none is rounded, and none makes a page unreadable."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests.fixtures.sale import Program


@pytest.mark.parametrize("given", ["9" * 16, "9" * 14 + ".99", "123456789012345.6"])
def test_a_price_that_no_store_could_give_back_is_refused(mei, now, given):
    api = Program(mei, now)
    answer = api.call("post", "/products", {"name": "Suite", "list_price": given, "currency": "CNY"})
    assert answer.status_code == 422
    assert "At most 15 digits" in answer.content.decode()
    assert api.get("/products")["items"] == []


@pytest.mark.parametrize("given", ["9" * 15, "9" * 13 + ".99", "1" + "0" * 15, "0.01"])
def test_a_price_that_is_kept_is_read_as_it_was(mei, now, given):
    api = Program(mei, now)
    api.post("/products", {"name": "Suite", "list_price": given, "currency": "CNY"})
    assert Decimal(api.get("/products")["items"][0]["list_price"]) == Decimal(given)


def test_a_change_is_held_to_the_same(mei, now, suite):
    with pytest.raises(ValidationError, match="15 digits"):
        suite.change(by=mei, now=now, list_price=Decimal("9" * 16), currency="CNY")

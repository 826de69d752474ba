"""What an answer says above its chart is what the chart shows."""

import pytest

from proofline.insight.tests.explored import Product, address, events, headline

pytestmark = pytest.mark.django_db


def test_a_crowd_that_just_came_does_not_hide_who_came_back_before(now, ada, as_):
    product = Product(now)
    for number in range(4):
        product.use(f"u{number}", "Signed Up")
        if number % 2:
            product.use(f"u{number}", "Signed Up", day=7)
    for number in range(40):
        product.use(f"new{number}", "Signed Up", day=24)
    product.settle()
    answer = as_(ada).get(address("retention", events=events("Signed Up", "Signed Up"), interval="week"))
    assert headline(answer).startswith("50.0% come back after 1 week")


def test_nobody_can_have_come_back_yet(now, ada, as_):
    product = Product(now)
    product.use("u1", "Signed Up", day=24)
    product.settle()
    answer = as_(ada).get(address("retention", events=events("Signed Up", "Signed Up"), interval="week"))
    assert headline(answer) == "Too little time has passed for anybody to come back"

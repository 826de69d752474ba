"""What is worth more than we reckon with is refused with words at its field, and takes no page down."""

from decimal import Decimal

import pytest
from django.urls import reverse

from proofline.stages.discovery.models import ValueCase, ValueLine
from tests.fixtures.sale import Program

SHARES = {"low": "0.3", "expected": "0.4", "high": "0.5"}
HUGE = {"name": "Reports", "quantity": "99999999999999", "people": 999999, "rate_amount": "1000000", "unit": "h/week"}
FORM = HUGE | {"low": "30", "expected": "40", "high": "50", "rate_per": "h"}
MONEY = {"name": "Lost", "unit": "CNY/month", "low": "1", "expected": "1", "high": "1"}


@pytest.fixture
def case(study, sam, now):
    return ValueCase.objects.draft(by=sam, now=now, study=study, currency="CNY")


def told(answer):
    return {one["field"]: one["message"] for one in answer.json()["errors"]}


def test_a_line_worth_too_much_is_refused_at_its_field(case, sam, now, as_):
    answer = Program(sam, now).call("post", f"/value-cases/{case.pk}/lines", HUGE | SHARES | {"rate_per": "h"})
    assert answer.status_code == 422
    assert "the most that is kept" in told(answer)["quantity"]
    page = as_(sam).post(reverse("discovery:value_line_new", args=[case.pk]), FORM)
    assert page.status_code == 422
    assert "the most that is kept" in page.content.decode()
    typed = as_(sam).post(reverse("discovery:value_line_formula", args=[case.pk]), FORM)
    assert "the most that is kept" in typed.content.decode()
    assert not case.lines.exists()


def test_lines_that_are_too_much_together_are_refused(case, sam, now):
    api = Program(sam, now)
    api.post(f"/value-cases/{case.pk}/lines", MONEY | {"quantity": "1000000000000"})
    answer = api.call("post", f"/value-cases/{case.pk}/lines", MONEY | {"quantity": "1"})
    assert (answer.status_code, list(told(answer))) == (422, ["quantity"])


def test_a_line_that_was_kept_before_takes_nothing_down(case, sam, now, as_):
    figures = {name: Decimal(share) for name, share in SHARES.items()}
    ValueLine.objects.create(value_case=case, rate_per="h", **HUGE | figures)
    for path in (case.get_absolute_url(), case.study.get_absolute_url(), reverse("discovery:studies")):
        assert as_(sam).get(path).status_code == 200
    assert Program(sam, now).get("/value-cases")["items"][0]["returns"]["payback_month"] == 1


def test_amounts_below_nothing_are_told_at_their_field(case, sam, now):
    api = Program(sam, now)
    answer = api.call("post", f"/studies/{case.study_id}/value-cases", {"investment_once": "-1"})
    assert told(answer) == {"investment_once": "An investment is written without a minus."}
    answer = api.call("post", f"/studies/{case.study_id}/needs", {"text": "Slow", "loss_amount": "-5"})
    assert told(answer) == {"loss_amount": "A loss is written without a minus."}


def test_the_api_names_no_constraint_of_the_store(case, sam, now):
    answer = Program(sam, now).call("patch", f"/value-cases/{case.pk}", {"months": 0})
    assert answer.status_code == 422
    assert "Constraint" not in answer.content.decode()

"""What is said before a proposal is sent: a figure that the customer sees differently, a return reckoned with another price."""

import pytest
from django.test import Client
from django.urls import reverse

from proofline.stages.discovery.cautions import cautions
from proofline.stages.discovery.models import Configuration, ValueCaseLink
from proofline.stages.discovery.tests.test_agreeing import said
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
PRICE = {"seats": 6, "months": 12, "currency": "CNY", "parts": []}


@pytest.fixture
def contested(proposal, case, helen, sam, now):
    link = ValueCaseLink.objects.share(case, by=sam, now=now, to=helen)
    answer = Client().post(f"/v/{link.token}/", said(case, quantity=("questioned", "Only 10 h a week")))
    assert answer.status_code == 302
    return proposal


@pytest.fixture
def offer(proposal, study, sam, now):
    """Offer at a price: `offer(once, monthly)`."""

    def offer(once, monthly, currency="CNY"):
        kept = Configuration.objects.keep(
            by=sam,
            now=now,
            study=study,
            priced_on=now.date(),
            once=once,
            monthly=monthly,
            **PRICE | {"currency": currency},
        )
        proposal.change(by=sam, now=now, configuration=kept)
        return proposal

    return offer


def test_a_contested_figure_is_told_where_it_would_be_promised(contested, sam, as_):
    page = as_(sam).get(reverse("discovery:proposal_sending", args=[contested.pk])).content.decode()
    assert "Helen He does not agree" in page
    assert "Only 10 h a week" in page


def test_cautions_in_the_api(contested, sam, olga, now):
    (found,) = Program(sam, now).get(f"/proposals/{contested.pk}/cautions")["cautions"]
    assert "Only 10 h a week" in found
    assert Program(olga, now).call("get", f"/proposals/{contested.pk}/cautions").status_code == 404


def test_a_return_reckoned_with_another_price_is_told(offer):
    (found,) = cautions(offer(22_000, 2_000))
    assert "CN¥22,000 once and CN¥1,500 a month; the configuration costs CN¥22,000 once and CN¥2,000 a month" in found


@pytest.mark.parametrize(("monthly", "currency"), [(1_500, "CNY"), (1_000, "CNY"), (2_000, "USD")])
def test_nothing_is_told_of_a_price_within_the_investment_or_in_another_currency(offer, monthly, currency):
    assert cautions(offer(22_000, monthly, currency)) == []


def test_who_has_no_case_is_told_nothing(proposal, sam, now):
    proposal.change(by=sam, now=now, value_case=None)
    assert cautions(proposal) == []

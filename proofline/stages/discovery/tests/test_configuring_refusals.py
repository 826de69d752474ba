"""What can't be configured is refused with what, where and what to do, in the page and through the API."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from proofline.records.models import Module, ServicePack, Tier
from proofline.stages.discovery.models import CatalogueRule, Configuration
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(mei, now):
    return Program(mei, now)


def problem(answer):
    assert answer.status_code == 422, answer.content
    return answer.json()


def test_nothing_is_kept_of_nothing(study, suite, api, sam, as_):
    said = problem(api.call("post", f"/studies/{study.pk}/configurations", {"pains": []}))
    assert "nothing to keep" in str(said)
    as_(sam).post(reverse("discovery:configuration_keeping", args=[study.pk]), {"asked": "1"})
    assert not Configuration.objects.exists()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"put_in": ["m999999"]}, "There is no such part: m999999."),
        ({"left_out": ["x1"]}, "There is no such part: x1."),
        ({"put_in": ["m" + "9" * 60]}, "There is no such part"),
        ({"pains": [999999]}, "There is no such pain: 999999."),
        ({"pains": [2**80]}, "There is no such pain"),
        ({"pains": [-1]}, "There is no such pain: -1."),
    ],
)
def test_what_is_not_in_the_catalogue_is_named(study, suite, api, asked, told):
    said = problem(api.call("post", f"/studies/{study.pk}/configurations", asked))
    assert told in str(said)
    assert next(iter(asked)) in str(said)


def test_a_price_beyond_what_is_kept_is_told(study, need, suite, api, sam, as_):
    Tier.objects.update(seat_price=Decimal("9" * 13))
    Module.objects.exclude(monthly_price=None).update(monthly_price=Decimal("9" * 13))
    ServicePack.objects.update(fee=Decimal("9" * 13))
    asked = {"seats": 1_000_000, "months": 120}
    assert "too large" in str(problem(api.call("post", f"/studies/{study.pk}/configurations", asked)))
    page = as_(sam).get(
        reverse("discovery:configuration", args=[study.pk]), {"asked": "1", "pain": need.pain_id} | asked
    )
    assert "too large" in page.content.decode()
    as_(sam).post(
        reverse("discovery:configuration_keeping", args=[study.pk]), {"asked": "1", "pain": need.pain_id} | asked
    )
    assert not Configuration.objects.exists()


@pytest.mark.parametrize("number", [0, 3, None])
def test_a_number_of_a_rule_that_makes_no_sense_is_refused_without_its_parts_too(suite, api, mei, now, number):
    parts = list(Module.objects.all()[:2])
    rule = CatalogueRule.objects.add(by=mei, now=now, kind="at_least", number=1, parts=parts)
    problem(api.call("patch", f"/catalogue-rules/{rule.pk}", {"number": number}))
    with pytest.raises(ValidationError):
        rule.change(by=mei, now=now, number=number)
    rule.refresh_from_db()
    assert rule.number == 1
    assert api.patch(f"/catalogue-rules/{rule.pk}", {"number": 2})["number"] == 2

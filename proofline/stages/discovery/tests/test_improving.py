"""A new line of value begins with what other customers reached, and says where that comes from."""

import json
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from proofline.records.models import Account, ApiToken
from proofline.timeline import facts, projector, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def proof(pain, now):
    """Three customers were measured: 30, 40 and 60 % of the hours went away."""
    metric = pain.metrics.get()
    for number, share in enumerate(("0.3", "0.4", "0.6")):
        account = Account.objects.create(name=f"Works {number}", sector="Retail", created_at=now)
        with transaction.atomic():
            facts.record(
                "value.measured",
                at=now,
                account=account.pk,
                properties={"metric": metric.name, "metric_id": metric.pk, "reached": share},
            )
    projector.project_pending()
    return metric


@pytest.fixture
def api(as_, sam, now):
    token = ApiToken.issue(user=sam, name="test", now=now)[1]

    def call(path, body=None):
        headers = {"authorization": f"Bearer {token}"}
        if body is None:
            return as_(sam).get(f"/api/v1{path}", headers=headers)
        return as_(sam).post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers)

    return call


def new_line(browser, case, metric):
    return browser.get(reverse("discovery:value_line_new", args=[case.pk]), {"metric": metric.pk})


def test_the_form_begins_with_it_and_says_of_how_many_customers(proof, case, as_, sam):
    answer = new_line(as_(sam), case, proof)
    form, page = answer.context["form"], answer.content.decode()
    assert [form[name].value() for name in ("low", "expected", "high")] == ["35", "40", "50"]
    assert "Of all 3 measured customers half reached 40% or more, and half between 35% and 50%." in page
    with translation.override("zh-hans"):
        assert "3" in new_line(as_(sam), case, proof).content.decode()


def test_what_it_rests_on_changes_with_the_metric_that_is_chosen(proof, case, line_form, as_, sam):
    typing = reverse("discovery:value_line_formula", args=[case.pk])
    shown = as_(sam).post(typing, line_form | {"metric": proof.pk}).content.decode()
    assert "35% – 50%, 40% expected" in shown
    assert "measured" not in as_(sam).post(typing, line_form | {"metric": ""}).content.decode()


def test_nobody_was_measured_so_the_starting_value_is_told_as_one(pain, case, as_, sam, now):
    metric = pain.metrics.get()
    empty = new_line(as_(sam), case, metric)
    assert empty.context["form"]["expected"].value() is None
    assert "Nobody was measured yet." in empty.content.decode()
    metric.change(by=sam, now=now, usual_share=Decimal("0.4"))
    begun = new_line(as_(sam), case, metric)
    assert begun.context["form"]["expected"].value() == "40"
    assert "This is the starting value of the catalogue." in begun.content.decode()


def test_the_form_opens_when_the_measurements_can_not_be_read(proof, case, as_, sam, monkeypatch):
    def fail(*_given):
        raise store.StoreError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "query", fail)
        answer = new_line(as_(sam), case, proof)
    assert answer.status_code == 200
    assert "can’t be read at the moment" in answer.content.decode()


def test_through_the_api_a_line_without_an_improvement_takes_it(proof, case, healthy, api):
    told = api(f"/value-metrics/{proof.pk}/reached?account_id={healthy.pk}").json()
    assert told["all"] == told["expected"] == {"customers": 3, "low": "0.35", "middle": "0.40", "high": "0.50"}
    assert (told["alike"], told["is_assumed"]) == (None, False)
    line = {"name": "Reports", "quantity": "20", "unit": "h/week", "metric_id": proof.pk}
    made = api(f"/value-cases/{case.pk}/lines", line)
    assert made.status_code == 201, made.content
    assert [made.json()[name] for name in ("low", "expected", "high")] == ["0.35", "0.40", "0.50"]
    refused = api(f"/value-cases/{case.pk}/lines", {**line, "metric_id": None})
    assert refused.status_code == 422
    assert {error["field"] for error in refused.json()["errors"]} == {"low", "expected", "high"}


def test_an_account_that_one_may_not_see_is_not_compared_with(proof, leaving, api):
    assert api(f"/value-metrics/{proof.pk}/reached?account_id={leaving.pk + 1000}").status_code == 404

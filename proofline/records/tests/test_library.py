"""The library: everybody reads it, those who may write it change it."""

import pytest
from django.urls import reverse

from proofline.records.models import Competitor, Evidence, Module, Pain, Product, Tier, ValueMetric

pytestmark = pytest.mark.django_db


@pytest.fixture
def pain(suite):
    metric = ValueMetric.objects.create(
        name="Hours saved", unit="h/week", formula="reports × 0.5 h", event="Report Made"
    )
    pain = Pain.objects.create(name="Monthly reports take three days")
    pain.modules.set(suite.modules.filter(name="Reports"))
    pain.metrics.set([metric])
    return pain


@pytest.fixture
def story(healthy, pain):
    story = Evidence.objects.create(kind="story", title="Heron saves 9 hours a week", account=healthy)
    story.pains.set([pain])
    return story


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_everybody_reads_the_library(as_, olga, suite, pain, story, language):
    olga.change(language=language)
    rival = Competitor.objects.create(name="Spreadsheets", gaps="No history")
    browser = as_(olga)
    for path in (
        reverse("records:catalogue"),
        suite.get_absolute_url(),
        reverse("records:pains"),
        reverse("records:evidence"),
        story.get_absolute_url(),
        reverse("records:competitors"),
        rival.get_absolute_url(),
    ):
        assert browser.get(path).status_code == 200, path
    assert "Monthly reports" in browser.get(reverse("records:pains")).content.decode()
    assert browser.get(reverse("records:product", args=[99])).status_code == 404


def test_a_seller_and_a_reader_change_nothing_in_it(as_, sam, rita, suite, story):
    for user in (sam, rita):
        browser = as_(user)
        for name in ("products", "pains", "value-metrics", "evidence", "competitors"):
            assert browser.get(reverse("records:item_new", args=[name])).status_code == 403
        assert browser.get(reverse("records:part_new", args=[suite.pk, "tiers"])).status_code == 403
        assert browser.post(reverse("records:item_edit", args=["products", suite.pk])).status_code == 403
        assert browser.post(reverse("records:item_removal", args=["evidence", story.pk])).status_code == 403


def test_a_product_is_built_from_its_parts(as_, cleo):
    browser = as_(cleo)
    browser.post(
        reverse("records:item_new", args=["products"]), {"name": "Clarity", "list_price": "99", "currency": "CNY"}
    )
    product = Product.objects.get()
    modules = reverse("records:part_new", args=[product.pk, "modules"])
    browser.post(modules, {"name": "Reports", "feature_key": "reports"})
    tiers = reverse("records:part_new", args=[product.pk, "tiers"])
    fields = {"name": "Basic", "rank": 1, "seat_price": "60", "currency": "CNY", "included_seats": 5}
    browser.post(tiers, fields | {"modules": [Module.objects.get().pk]})
    tier = Tier.objects.get()
    assert list(tier.modules.values_list("name", flat=True)) == ["Reports"]
    answer = browser.post(tiers, fields)
    assert answer.status_code == 422, "the step of the ladder is taken"
    edit = reverse("records:item_edit", args=["tiers", tier.pk])
    browser.post(edit, fields | {"seat_price": "70"})
    tier.refresh_from_db()
    assert tier.seat_price == 70
    assert tier.modules.count() == 0


def test_a_price_needs_its_currency(as_, cleo):
    answer = as_(cleo).post(reverse("records:item_new", args=["products"]), {"name": "Clarity", "list_price": "99"})
    assert answer.status_code == 422


def test_evidence_is_added_with_its_links_and_removed(as_, cleo, pain):
    browser = as_(cleo)
    browser.post(
        reverse("records:item_new", args=["evidence"]),
        {"kind": "story", "title": "9 hours", "pains": [pain.pk], "permission": "on", "published_on": "2026-03-01"},
    )
    story = Evidence.objects.get()
    assert list(story.pains.all()) == [pain]
    assert browser.post(reverse("records:item_removal", args=["evidence", story.pk])).status_code == 302
    assert not Evidence.objects.exists()


def test_a_kind_that_there_is_not_is_not_found(as_, cleo, suite):
    browser = as_(cleo)
    assert browser.get(reverse("records:item_new", args=["users"])).status_code == 404
    assert browser.get(reverse("records:item_new", args=["tiers"])).status_code == 404
    assert browser.get(reverse("records:part_new", args=[suite.pk, "pains"])).status_code == 404

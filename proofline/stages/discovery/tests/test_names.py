"""Names of pains, metrics and parts of our products in both languages: each page and paper in its reader's."""

import pytest
from django.urls import reverse
from django.utils import translation

from proofline.records.models import Evidence, Module, Pain, Product, Tier, ValueMetric
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.saying import name_of
from proofline.stages.discovery.models import Proposal, ValueCase
from proofline.stages.reach.lists.signals import named
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def called(pain, suite):
    Pain.objects.filter(pk=pain.pk).update(name_zh="报表靠手工")
    ValueMetric.objects.update(name_zh="报表工时")
    Product.objects.update(name_zh="明见")
    Module.objects.filter(name="Reports").update(name_zh="报表")


def test_a_proposal_names_a_pain_in_its_own_language_alone(proposal, case, need, pain, sam, now, as_):
    need.change(by=sam, now=now, pain=Pain.objects.get(pk=pain.pk))
    case.lines.update(metric=ValueMetric.objects.get(), pain=pain)
    ValueCase.objects.get(pk=case.pk)
    page = reverse("discovery:proposal_preview", args=[proposal.pk])
    english = as_(sam).get(page).content.decode()
    assert "Reports by hand" in english
    assert "报表靠手工" not in english
    Proposal.objects.update(language="zh-hans")
    chinese = as_(sam).get(page).content.decode()
    assert "报表靠手工" in chinese
    assert "Reports by hand" not in chinese


def test_the_library_is_read_in_ones_own_language(as_, sam):
    page = reverse("records:pains")
    assert "Reports by hand" in as_(sam).get(page).content.decode()
    sam.language = "zh-hans"
    sam.save()
    read = as_(sam).get(page).content.decode()
    assert "报表靠手工" in read
    assert "报表工时" in read
    assert "Reports by hand" not in read


def test_an_item_without_a_second_name_keeps_its_one(pain):
    with translation.override("zh-hans"):
        assert str(Pain.objects.create(name="Lost time")) == "Lost time"
        assert str(ValueMetric.objects.get()) == "报表工时 (h/week)"
    assert str(Pain.objects.get(pk=pain.pk)) == "Reports by hand"


def test_the_catalogue_that_is_configured_speaks_the_language_of_who_reads(suite):
    catalogue = Catalogue.load()
    module = Module.objects.get(name="Reports")
    tier = Tier.objects.order_by("pk").first()
    assert name_of(f"m{module.pk}", catalogue) == "Reports"
    with translation.override("zh-hans"):
        assert name_of(f"m{module.pk}", catalogue) == "报表"
        if tier:
            assert name_of(f"t{tier.pk}", catalogue).startswith("明见 ")


def test_both_names_are_written_in_the_form_and_by_programs(as_, ada, pain, now):
    page = reverse("records:item_edit", args=["pains", pain.pk])
    assert 'value="报表靠手工"' in as_(ada).get(page).content.decode()
    as_(ada).post(page, {"name": "Reports by hand", "name_zh": "手工报表"})
    assert Pain.objects.get(pk=pain.pk).name_zh == "手工报表"
    told = Program(ada, now).call("get", "/pains").json()["items"]
    assert ("Reports by hand", "手工报表") in [(one["name"], one["name_zh"]) for one in told]
    product = Product.objects.first()
    answer = Program(ada, now).call("patch", f"/products/{product.pk}", {"name_zh": "云报表"})
    assert answer.json()["name_zh"] == "云报表"


def test_evidence_says_of_what_it_speaks_in_the_readers_language(as_, sam, pain):
    story = Evidence.objects.create(kind="story", title="Heron")
    story.pains.set([pain])
    sam.language = "zh-hans"
    sam.save()
    assert "报表靠手工" in as_(sam).get(story.get_absolute_url()).content.decode()


def test_a_module_is_found_by_either_name_and_offered_in_lists_in_ones_own_language(as_, sam, ada, now, suite):
    module = Module.objects.get(name="Reports")
    module.change(by=ada, now=now, name_zh="数据报表")
    assert "Reports" in as_(sam).get("/search/", {"q": "数据报表"}).content.decode()
    offered = named(Module)
    assert (str(module.pk), "Reports") in offered(None)
    with translation.override("zh-hans"):
        assert (str(module.pk), "数据报表") in offered(None)

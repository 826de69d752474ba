"""From what the customer says to a promise in numbers."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from proofline.kit.money import Money
from proofline.stages.discovery.marks import promised
from proofline.stages.discovery.models import FrozenError, Level, Need, Study, ValueCase, ValueLine, chains


def test_discovery_begins_for_an_account(healthy, as_, sam):
    answer = as_(sam).post(reverse("discovery:study_new"), {"account": healthy.pk, "title": "", "owner": sam.pk})
    study = Study.objects.get()
    assert answer.url == study.get_absolute_url()
    assert (study.title, study.owner) == ("Heron Robotics", sam)


def test_a_surface_need_leads_to_the_deep_one_with_its_loss(study, need, as_, sam):
    new = reverse("discovery:need_new", args=[study.pk])
    form = as_(sam).get(f"{new}?because_of={need.pk}").context["form"]
    assert (form["kind"].value(), int(form["because_of"].value())) == (Need.Kind.DEEP, need.pk)
    typed = {
        "text": "Decisions come late",
        "kind": "deep",
        "because_of": need.pk,
        "loss_amount": "60000",
        "loss_currency": "CNY",
    }
    assert as_(sam).post(new, typed).status_code == 302
    (chain,) = chains(study)
    assert chain.need == need
    assert chain.reasons[0].need.loss_a_month == Money(Decimal(60_000), "CNY")
    page = as_(sam).get(study.get_absolute_url()).content.decode()
    assert page.index("Reports take too long") < page.index("Decisions come late")


def test_a_chain_of_whys_has_no_circle(need, deep, sam, now):
    with pytest.raises(ValidationError, match="its own reason"):
        need.change(by=sam, now=now, because_of=deep)


def test_a_need_is_taken_back_with_what_lies_below_it(need, deep, study, as_, sam):
    as_(sam).post(reverse("discovery:need_removal", args=[need.pk]))
    assert not study.needs.exists()


def test_the_promise_of_a_line_in_its_unit_and_in_money(case):
    line = case.lines.get()
    assert line.promised == 96
    assert line.baseline == 240
    assert line.monthly_value == Money(Decimal(33_280), "CNY")
    assert [case.value(level).amount for level in Level] == [Decimal(24_960), Decimal(33_280), Decimal(41_600)]


def test_the_formula_reads_like_a_sentence_in_both_languages(case):
    formula = case.lines.get().formula
    assert formula.numbers == "20 h/week × 12 people × 40% = 96 h/week; × CN¥80/h × 52/12 = CN¥33,280/month"
    assert formula.words == (
        "“Collecting figures” costs 12 people 20 h/week each. 40% of it goes away: 96 h/week. "
        "At CN¥80 an hour that is worth CN¥33,280 a month."
    )
    with translation.override("zh-hans"):
        assert formula.numbers == "20 小时/周 × 12 人 × 40% = 96 小时/周; × ¥80/小时 × 52/12 = ¥33,280/月"
        assert "96 小时/周" in formula.words


def test_twenty_hours_less_forty_percent(study, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study)
    share = Decimal("0.4")
    line = case.add_line(
        by=sam, now=now, name="x", quantity=20, unit="h/week", low=share, expected=share, high=share, rate_per=""
    )
    assert line.formula.numbers == "20 h/week × 40% = 8 h/week"
    assert line.monthly_value is None
    assert case.monthly_value == Money.zero("CNY")


def test_a_line_is_added_as_people_type_it(case, line_form, as_, sam):
    answer = as_(sam).post(reverse("discovery:value_line_new", args=[case.pk]), line_form)
    assert answer.status_code == 302
    line = case.lines.latest("pk")
    assert (line.unit, line.low, line.expected, line.high) == (
        "h/week",
        Decimal("0.25"),
        Decimal("0.5"),
        Decimal("0.625"),
    )
    assert line.monthly_value == Money(Decimal(1_300), "CNY")
    assert "CN¥34,580" in as_(sam).get(answer.url).content.decode()
    form = as_(sam).get(reverse("discovery:value_line", args=[line.pk])).content.decode()
    assert 'value="62.5"' in form


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quantity": "0"}, "greater than or equal"),
        ({"quantity": "many"}, "Enter a number"),
        ({"unit": "hours"}, "is not a unit"),
        ({"unit": "CNY/month"}, "is money already"),
        ({"rate_per": "ticket"}, "has to be per h"),
        ({"expected": "80"}, "lies between"),
        ({"high": "120"}, "less than or equal to 100"),
        ({"people": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_can_not_be_reckoned_is_refused_and_kept(case, line_form, as_, sam, change, said):
    answer = as_(sam).post(reverse("discovery:value_line_new", args=[case.pk]), line_form | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Correcting invoices" in page
    assert case.lines.count() == 1


def test_the_database_itself_refuses_a_baseline_of_nothing(case):
    with pytest.raises(IntegrityError):
        ValueLine.objects.create(value_case=case, name="x", quantity=0, unit="h/week", low=0, expected=0, high=0)


def test_the_formula_shows_while_it_is_typed(case, line_form, as_, sam):
    address = reverse("discovery:value_line_formula", args=[case.pk])
    assert "10 h/week × 50% = 5 h/week" in as_(sam).post(address, line_form).content.decode()
    assert "is not a unit" in as_(sam).post(address, line_form | {"unit": "weeks"}).content.decode()
    assert "appears here" in as_(sam).post(address, {}).content.decode()
    assert case.lines.count() == 1


def test_a_pain_of_the_catalogue_brings_its_metric_and_unit(study, pain, need, as_, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study)
    page = as_(sam).get(case.get_absolute_url())
    (suggestion,) = page.context["suggestions"]
    assert (suggestion.pain, suggestion.need) == (pain, need)
    assert [module.name for module in suggestion.modules] == ["Reports"]
    new = reverse("discovery:value_line_new", args=[case.pk])
    form = as_(sam).get(f"{new}?pain={pain.pk}&metric={pain.metrics.get().pk}&need={need.pk}").context["form"]
    assert (form["name"].value(), form["unit"].value(), form["metric"].value()) == (
        "Reports by hand",
        "h/week",
        pain.metrics.get().pk,
    )


def test_roi_and_payback_stand_on_the_page(case, as_, sam):
    page = as_(sam).get(case.get_absolute_url()).content.decode()
    assert "Paid back in month 1." in page
    # a year: 12 × 33,280 = 399,360 for 22,000 + 18,000 = 40,000
    assert "898%" in page
    assert 'aria-label="Paid back in month 1."' in page


def test_a_promise_no_longer_changes(case, line_form, as_, sam, now):
    as_(sam).post(reverse("discovery:value_case_freezing", args=[case.pk]))
    frozen = ValueCase.objects.get(pk=case.pk)
    assert frozen.is_frozen
    line = frozen.lines.get()
    for verb in (
        lambda: frozen.add_line(by=sam, now=now, name="more"),
        lambda: line.change(by=sam, now=now, expected=Decimal("0.5")),
        line.remove,
        lambda: frozen.change(by=sam, now=now, months=24),
    ):
        with pytest.raises(FrozenError):
            verb()
    answer = as_(sam).post(reverse("discovery:value_line_new", args=[case.pk]), line_form, follow=True)
    assert "no longer changes" in answer.content.decode()
    assert frozen.lines.get().expected == Decimal("0.4")


def test_a_promise_is_made_once(case, facts, sam, mei, now):
    first = case.freeze(by=sam, now=now)
    again = ValueCase.objects.get(pk=case.pk).freeze(by=mei, now=now)
    assert (again.pk, again.by) == (first.pk, sam)
    assert len(facts("value_case.frozen")) == 1


def test_an_empty_case_is_no_promise(study, as_, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study)
    answer = as_(sam).post(reverse("discovery:value_case_freezing", args=[case.pk]), follow=True)
    assert "nothing to promise" in answer.content.decode()
    assert not ValueCase.objects.get(pk=case.pk).is_frozen


def test_a_new_version_changes_and_the_promise_stays(case, as_, sam, now):
    case.freeze(by=sam, now=now)
    as_(sam).post(reverse("discovery:value_case_version", args=[case.pk]))
    copy = ValueCase.objects.exclude(pk=case.pk).get()
    copy.lines.get().change(by=sam, now=now, expected=Decimal("0.5"))
    assert copy.monthly_value.amount == 41_600
    assert ValueCase.objects.get(pk=case.pk).monthly_value.amount == 33_280
    assert case.study.promising_case == case


def test_the_mark_of_the_proof_strip(case, healthy, study, sam, now):
    assert promised(account=healthy).state == "empty"
    case.freeze(by=sam, now=now)
    mark = promised(account=healthy)
    assert (mark.state, mark.number, mark.date) == ("done", "CN¥33,280", now)
    assert promised(study=study).url == case.get_absolute_url()


def test_the_currency_stays_once_there_are_lines(case, sam, now):
    with pytest.raises(ValidationError, match="begin a new value case"):
        case.change(by=sam, now=now, currency="USD")


def test_what_happened_is_on_the_timeline_with_its_slices(case, deep, facts, sam, now):
    case.freeze(by=sam, now=now)
    (opened,), noted, (frozen,) = (facts(name) for name in ("study.opened", "need.recorded", "value_case.frozen"))
    assert len(noted) == 2
    for fact in (opened, *noted, frozen):
        assert fact["properties"]["owner"] == "Sam Seller"
        assert fact["properties"]["team"] == "East"
        assert fact["properties"]["sector"] == "manufacturing"
    assert frozen["properties"]["monthly_value"] == "33280.00"


def test_the_list_asks_no_more_for_more_rows(case, healthy, as_, sam, now):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page = as_(sam).get(reverse("discovery:studies")).content.decode()
        return len(queries), page

    asked()
    before, _page = asked()
    for number in range(12):
        study = Study.objects.open_study(by=sam, now=now, account=healthy, title=f"Study {number}")
        ValueCase.objects.draft(by=sam, now=now, study=study)
    after, page = asked()
    assert "Study 11" in page
    assert after == before

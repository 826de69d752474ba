"""What a value case rests on: listed with its source, agreed to or questioned by the customer, by link or in a talk."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from proofline.records.models import Task
from proofline.stages.discovery.agreeing import public as agreeing_public
from proofline.stages.discovery.agreeing.answering import FigureMovedError, Speaker, answer
from proofline.stages.discovery.agreeing.premises import agreement_of
from proofline.stages.discovery.models import Assumption, FrozenError, LineTemplate, ValueCase, ValueCaseLink
from proofline.stages.discovery.printing import document_data
from proofline.stages.discovery.showing import Shown
from tests.fixtures.sale import Program


@pytest.fixture(autouse=True)
def unpaced():
    for pace in (agreeing_public.GUESSING, agreeing_public.ANSWERING):
        pace.forget()


@pytest.fixture
def line(case):
    return case.lines.get()


@pytest.fixture
def asking(case, helen, sam, now):
    return ValueCaseLink.objects.share(case, by=sam, now=now, to=helen)


@pytest.fixture
def program(mei, now):
    return Program(mei, now)


def keys(case):
    return [premise.key for premise in agreement_of(case).premises]


def states(case):
    return [premise.state for premise in agreement_of(case).premises]


def said(case, **given):
    """What a browser sends when it answers all that is given, by the kind of figure."""
    sent = {"name": "Helen He"}
    for premise in agreement_of(case).premises:
        sent[f"basis-{premise.key}"] = premise.basis
        verdict, note = given.get(premise.kind, ("", ""))
        sent |= {f"verdict-{premise.key}": verdict, f"note-{premise.key}": note}
    return sent


def test_each_number_is_an_assumption_with_its_source(case, line, sam, now):
    line.change(
        by=sam, now=now, said_on=date(2026, 11, 2), improvement_source="9 customers", rate_source="Average wage"
    )
    Assumption.objects.add(case, by=sam, now=now, text="All twelve use it", source_note="Helen")
    found = agreement_of(case).premises
    assert [premise.kind for premise in found] == ["quantity", "improvement", "rate", "other"]
    assert [premise.text for premise in found] == [
        "“Collecting figures” costs 12 people 20 h/week each.",
        "40% of it goes away (30% – 50%).",
        "An hour is worth CN¥80.",
        "All twelve use it",
    ]
    assert [premise.source for premise in found] == [
        "Helen He, 2 Nov, 2 Nov 2026",
        "9 customers",
        "Average wage",
        "Helen",
    ]
    with translation.override("zh-hans"):
        assert found[2].text == "每小时价值 ¥80。"


def test_a_line_without_worth_assumes_none(case, line, sam, now):
    line.change(by=sam, now=now, rate_amount=None)
    assert [premise.kind for premise in agreement_of(case).premises] == ["quantity", "improvement"]


def test_the_customer_agrees_and_questions_by_link_without_signing_in(case, asking, sam, as_):
    page = Client().get(asking.public_path)
    assert "costs 12 people 20 h/week each" in page.content.decode()
    sent = said(case, quantity=("agreed", ""), rate=("questioned", "We pay 95 an hour"))
    assert Client().post(asking.public_path, sent).status_code == 302
    assert states(case) == ["agreed", "open", "questioned"]
    shown = as_(sam).get(case.get_absolute_url()).content.decode()
    assert "We pay 95 an hour" in shown
    assert "1 of 3 agreed with the customer" in shown
    task = Task.objects.get(key__startswith="assumption.questioned:")
    assert task.owner == sam
    assert "We pay 95 an hour" in task.title


@pytest.mark.parametrize("where", ["name", "note"])
def test_an_answer_that_no_store_keeps_is_refused(case, asking, where):
    sent = said(case, rate=("questioned", "We pay\0 95" if where == "note" else "We pay 95"))
    answer = Client().post(asking.public_path, sent | ({"name": "Helen\0"} if where == "name" else {}))
    assert answer.status_code == 422
    assert states(case) == ["open", "open", "open"]


def test_who_agrees_to_all_agrees_to_the_case(case, asking, facts):
    agreed = dict.fromkeys(("quantity", "improvement", "rate"), ("agreed", ""))
    Client().post(asking.public_path, said(case, **agreed))
    assert agreement_of(case).is_complete
    assert [fact["properties"]["who"] for fact in facts("value_case.agreed")] == ["Helen He"]
    assert len(facts("assumption.agreed")) == 3
    assert "Helen He agreed to these figures" in Shown(proposal_of(case)).lines[0].agreed_text


def test_everything_else_is_agreed_at_once(case, asking):
    sent = said(case, improvement=("", "Rather 30"))
    Client().post(asking.public_path, sent | {"all": "1"})
    assert states(case) == ["agreed", "questioned", "agreed"]


def proposal_of(case):
    from proofline.stages.discovery.models import Proposal

    return Proposal(study=case.study, value_case=case, title="x")


def test_the_proposal_says_who_agreed_and_where_numbers_come_from(case, line, proposal, asking, sam, now):
    line.change(by=sam, now=now, rate_source="Average wage")
    Client().post(asking.public_path, said(case, **dict.fromkeys(("quantity", "improvement", "rate"), ("agreed", ""))))
    shown = Shown(proposal)
    told = document_data(shown, at=now)["lines"][0]["source"]
    assert "Helen He, 2 Nov" in told
    assert "Worth from: Average wage" in told
    assert "Helen He agreed to these figures" in told


def test_what_is_agreed_is_the_figure_and_a_new_figure_is_asked_anew(case, line, asking, sam, now):
    Client().post(asking.public_path, said(case, quantity=("agreed", "")))
    line.change(by=sam, now=now, quantity=Decimal(18))
    assert states(case)[0] == "changed"
    line.change(by=sam, now=now, quantity=Decimal(20))
    assert states(case)[0] == "agreed"


def test_a_figure_that_changed_while_it_was_read_is_shown_again_and_nothing_is_lost(case, line, asking, sam, now):
    sent = said(case, quantity=("agreed", ""), rate=("questioned", "We pay 95"))
    line.change(by=sam, now=now, quantity=Decimal(18))
    page = Client().post(asking.public_path, sent)
    assert page.status_code == 422
    text = page.content.decode()
    assert "This figure was changed meanwhile" in text
    assert "We pay 95" in text
    assert states(case) == ["open", "open", "open"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Nothing was chosen yet"),
        ({"rate": ("questioned", " ")}, "Say how you see it."),
        ({"rate": ("questioned", "x" * 2001)}, "At most 2000 characters."),
    ],
)
def test_what_is_missing_is_said_beside_it(case, asking, given, told):
    page = Client().post(asking.public_path, said(case, **given))
    assert page.status_code == 422
    assert told in page.content.decode()
    assert not case.answers.exists()


def test_whoever_answers_says_a_name(case, sam, now):
    link = ValueCaseLink.objects.share(case, by=sam, now=now)
    page = Client().post(link.public_path, said(case, rate=("agreed", "")) | {"name": " "})
    assert page.status_code == 422
    assert "Say who says so." in page.content.decode()


def test_what_is_typed_is_never_markup(case, asking, as_, sam):
    note = "<script>alert(1)</script>"
    Client().post(asking.public_path, said(case, rate=("questioned", note)) | {"name": "<b>H"})
    for page in (Client().get(asking.public_path), as_(sam).get(case.get_absolute_url())):
        assert note not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_a_closed_link_says_whom_to_ask_and_keeps_what_was_said(case, asking, sam, now, as_):
    Client().post(asking.public_path, said(case, rate=("agreed", "")))
    as_(sam).post(reverse("discovery:agreeing_closing", args=[asking.pk]))
    for answered in (Client().get(asking.public_path), Client().post(asking.public_path, said(case))):
        assert answered.status_code == 410
        assert sam.email in answered.content.decode()
    assert states(case)[2] == "agreed"


def test_an_expired_link_is_closed(case, sam, now):
    link = ValueCaseLink.objects.share(case, by=sam, now=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    assert Client().get(link.public_path).status_code == 410


def test_a_link_needs_something_to_agree_to_and_a_person_of_theirs(study, case, lin, sam, now):
    empty = ValueCase.objects.draft(by=sam, now=now, study=study)
    with pytest.raises(ValidationError, match="nothing to agree to"):
        ValueCaseLink.objects.share(empty, by=sam, now=now)
    with pytest.raises(ValidationError, match="another account"):
        ValueCaseLink.objects.share(case, by=sam, now=now, to=lin)


def test_what_was_said_in_a_talk_is_noted_by_us(case, helen, as_, sam):
    address = reverse("discovery:agreeing_saying", args=[case.pk, keys(case)[1]])
    assert "40% of it goes away" in as_(sam).get(address).content.decode()
    assert as_(sam).post(address, {"verdict": "questioned", "contact": helen.pk, "note": ""}).status_code == 422
    assert (
        as_(sam).post(address, {"verdict": "questioned", "contact": helen.pk, "note": "Rather 30"}).status_code == 302
    )
    assert states(case)[1] == "questioned"
    kept = case.answers.get()
    assert (kept.by, kept.contact, kept.name) == (sam, helen, str(helen))
    assert (
        as_(sam).post(f"{address}?explain=1", {"verdict": "explained", "note": "Nine customers did"}).status_code == 302
    )
    assert states(case)[1] == "explained"
    assert "Nine customers did" in as_(sam).get(case.get_absolute_url()).content.decode()


def test_a_customer_can_not_explain_for_us(case, asking, now):
    with pytest.raises(ValidationError, match="Agree, or say"):
        answer(
            case,
            agreement_of(case).premises[0],
            who=Speaker(name="H", link=asking),
            verdict="explained",
            note="x",
            now=now,
        )


def test_an_answer_to_another_figure_is_refused(case, sam, now):
    with pytest.raises(FigureMovedError):
        answer(
            case, agreement_of(case).premises[0], who=Speaker(name="H", by=sam), verdict="agreed", now=now, basis="19"
        )


def test_a_new_version_keeps_what_was_agreed(case, asking, sam, now):
    Assumption.objects.add(case, by=sam, now=now, text="All use it")
    Client().post(asking.public_path, said(case, quantity=("agreed", ""), other=("agreed", "")))
    case.freeze(by=sam, now=now)
    copy = case.new_version(by=sam, now=now)
    assert states(copy) == ["agreed", "open", "open", "agreed"]
    copy.lines.get().change(by=sam, now=now, people=10)
    assert states(copy)[0] == "changed"
    assert states(case)[0] == "agreed"


def test_a_promised_case_takes_no_new_assumption_but_is_still_answered(case, asking, as_, sam, now):
    kept = Assumption.objects.add(case, by=sam, now=now, text="All use it")
    case.freeze(by=sam, now=now)
    with pytest.raises(FrozenError):
        Assumption.objects.add(case, by=sam, now=now, text="More")
    as_(sam).post(reverse("discovery:assumption_removal", args=[kept.pk]))
    as_(sam).post(reverse("discovery:assumption", args=[kept.pk]), {"text": "Other"})
    assert Assumption.objects.get().text == "All use it"
    Client().post(asking.public_path, said(case, rate=("agreed", "")))
    assert "agreed" in states(case)


def test_assumptions_are_written_in_the_page(case, as_, sam):
    new = reverse("discovery:assumption_new", args=[case.pk])
    assert as_(sam).post(new, {"text": ""}).status_code == 422
    as_(sam).post(new, {"text": "All use it", "source_note": "Helen", "said_on": "2026-11-02"})
    record = Assumption.objects.get()
    as_(sam).post(reverse("discovery:assumption", args=[record.pk]), {"text": "Most use it"})
    assert "Most use it" in as_(sam).get(case.get_absolute_url()).content.decode()
    as_(sam).post(reverse("discovery:assumption_removal", args=[record.pk]))
    assert not Assumption.objects.exists()


def test_the_page_of_a_case_asks_as_much_however_much_was_said(case, asking, as_, sam):
    browser = as_(sam)

    def asked_after(answers):
        for _turn in range(answers):
            Client().post(asking.public_path, said(case, rate=("questioned", "why?"), quantity=("agreed", "")))
        with CaptureQueriesContext(connection) as queries:
            browser.get(case.get_absolute_url())
        return len(queries)

    asked_after(1)
    assert asked_after(1) == asked_after(4)


@pytest.fixture
def template(pain):
    return LineTemplate.objects.add(
        by=None,
        now=None,
        pain=pain,
        metric=pain.metrics.get(),
        name="Hours on reports",
        question="How many hours a week?",
        unit="h/week",
        low=Decimal("0.2"),
        expected=Decimal("0.3"),
        high=Decimal("0.4"),
        rate_amount=Decimal(90),
        currency="CNY",
        rate_per="h",
        rate_source="Our wage table",
    )


def test_a_template_fills_in_a_line(study, template, as_, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study)
    page = as_(sam).get(case.get_absolute_url()).content.decode()
    assert "How many hours a week?" in page
    form = as_(sam).get(reverse("discovery:value_line_new", args=[case.pk]), {"template": template.pk}).context["form"]
    assert (form["name"].value(), form["rate_amount"].value(), form["rate_source"].value()) == (
        "Hours on reports",
        Decimal(90),
        "Our wage table",
    )
    assert form["expected"].value() == "30"


def test_a_worth_in_another_currency_is_left_out(study, template, sam, now):
    case = ValueCase.objects.draft(by=sam, now=now, study=study, currency="EUR")
    assert "rate_amount" not in template.first_values(case)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"unit": "hours"}, "is not a unit"),
        ({"rate_amount": "5", "rate_per": "ticket"}, "has to be per h"),
        ({"expected": "40"}, "or none of them"),
        ({"low": "50", "expected": "40", "high": "60"}, "lies between"),
        ({"quantity": "0"}, "greater than or equal"),
        ({"name": ""}, "required"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused(pain, as_, ada, given, told):
    sent = {"pain": pain.pk, "name": "Hours", "unit": "h/week", "currency": "CNY"} | given
    answered = as_(ada).post(reverse("discovery:line_template_new"), sent)
    assert answered.status_code == 422
    assert told in answered.content.decode()
    assert not LineTemplate.objects.exists()


def test_templates_are_kept_in_the_catalogue(pain, as_, ada, sam):
    sent = {"pain": pain.pk, "name": "Hours", "unit": "h / week", "currency": "CNY", "question": "How many?"}
    as_(ada).post(reverse("discovery:line_template_new"), sent)
    record = LineTemplate.objects.get()
    page = as_(sam).get(reverse("discovery:line_templates")).content.decode()
    assert "How many?" in page
    as_(ada).post(reverse("discovery:line_template", args=[record.pk]), sent | {"name": "Days", "unit": "d/week"})
    record.refresh_from_db()
    assert (record.name, record.unit) == ("Days", "d/week")
    as_(ada).post(reverse("discovery:line_template_removal", args=[record.pk]))
    assert not LineTemplate.objects.exists()


def test_programs_do_the_same(case, helen, program, template):
    listed = program.get(f"/value-cases/{case.pk}/assumptions")
    assert (listed["agreed"], listed["total"]) == (0, 3)
    key = listed["items"][0]["key"]
    assert listed["items"][0]["figure"] == "20 h/week × 12"
    where = f"/value-cases/{case.pk}/assumption-answers"
    body = {"key": key, "verdict": "agreed", "contact_id": helen.pk, "figure": "20 h/week × 12"}
    assert program.post(where, body)["state"] == "agreed"
    assert program.call("post", where, body | {"figure": "19"}).status_code == 409
    assert program.call("post", where, body | {"key": "quantity-0"}).status_code == 422
    assert program.call("post", where, body | {"verdict": "questioned"}).status_code == 422
    made = program.post(f"/value-cases/{case.pk}/assumptions", {"text": "All use it"})
    assert program.patch(f"/assumptions/{made['id']}", {"text": "Most use it"})["text"] == "Most use it"
    assert program.get(f"/value-cases/{case.pk}/assumptions")["total"] == 4
    link = program.post(f"/value-cases/{case.pk}/links", {"to_id": helen.pk})
    assert (link["state"], link["contact_id"]) == ("open", helen.pk)
    assert program.get(f"/value-cases/{case.pk}/links")["items"][0]["url"] == link["url"]
    assert program.post(f"/value-case-links/{link['id']}/closing", status=200)["state"] == "closed"
    copy = program.post(f"/value-cases/{case.pk}/versions")
    assert program.get(f"/value-cases/{copy['id']}/assumptions")["agreed"] == 1
    assert program.call("delete", f"/assumptions/{made['id']}").status_code == 204


def test_programs_change_lines_and_begin_them_from_templates(case, program, template):
    line = case.lines.get()
    assert (
        program.patch(f"/value-lines/{line.pk}", {"quantity": "18", "said_on": "2026-11-02"})["promised"] == "86.4000"
    )
    assert program.call("patch", f"/value-lines/{line.pk}", {"quantity": "0"}).status_code == 422
    made = program.post(f"/value-cases/{case.pk}/lines", {"template_id": template.pk, "quantity": "4"})
    assert (made["name"], made["rate_amount"], made["expected"]) == ("Hours on reports", "90.0000", "0.3000")
    assert program.call("post", f"/value-cases/{case.pk}/lines", {"template_id": template.pk}).status_code == 422
    assert program.patch(f"/value-cases/{case.pk}", {"months": 24})["months"] == 24
    case.freeze(by=None, now=line.changed_at)
    assert program.call("patch", f"/value-lines/{line.pk}", {"quantity": "17"}).status_code == 409

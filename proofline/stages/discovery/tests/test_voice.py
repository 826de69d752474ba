"""Words that we avoid in what customers read of a proposal, a questionnaire and a calculator: hinted at, and replaced in what was typed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from proofline.records.models import Wording
from proofline.stages.discovery.models import Calculator, Proposal
from proofline.stages.discovery.sending import send

HINT = "We avoid “cheap” and write “economical”."
CHINESE = "We avoid “便宜” and write “经济实惠”."


@pytest.fixture(autouse=True)
def economical(db):
    return Wording.objects.add(english="economical", chinese="经济实惠", avoid="cheap\n便宜")


def shown(answer):
    return answer.content.decode()


def test_a_proposal_says_it_our_way_in_what_was_typed(proposal, as_, sam, now):
    proposal.change(by=sam, now=now, title="A cheap plan")
    page = reverse("discovery:proposal_edit", args=[proposal.pk])
    assert HINT in shown(as_(sam).get(page))
    typed = {"title": "A cheap plan", "language": "en", "intro": "Cheap {{ cheap }}", "steps_today": "A cheap step | 5"}
    form = as_(sam).post(page, typed | {"reword": ":cheap"}).context["form"]
    assert form["title"].value() == "A economical plan"
    assert form["intro"].value() == "economical {{ cheap }}"
    assert form["steps_today"].value() == "A economical step | 5"
    assert Proposal.objects.get().title == "A cheap plan"


def test_a_calculator_in_both_languages_each_by_its_own_words(as_, sam, now):
    calculator = Calculator.objects.begin(
        by=sam, now=now, name="Savings", title_en="How cheap?", title_zh="多便宜？", currency="CNY", owner=sam
    )
    page = reverse("discovery:calculator_edit", args=[calculator.pk])
    hints = shown(as_(sam).get(page))
    assert HINT in hints
    assert CHINESE in hints
    typed = {"name": "Savings", "title_en": "How cheap?", "title_zh": "cheap，便宜", "seats_label_en": "Cheap seats"}
    form = as_(sam).post(page, typed | {"reword": "en:cheap"}).context["form"]
    assert [form[name].value() for name in ("title_en", "title_zh", "seats_label_en")] == [
        "How economical?",
        "cheap，便宜",
        "economical seats",
    ]
    form = as_(sam).post(page, typed | {"reword": "zh-hans:便宜"}).context["form"]
    assert form["title_zh"].value() == "cheap，经济实惠"


def test_a_questionnaire_its_questions_and_their_options(questionnaire, as_, sam):
    page = reverse("discovery:questionnaire_edit", args=[questionnaire.pk])
    answer = as_(sam).post(
        page, {"title_en": "Cheap?", "intro_zh": "很便宜", "languages": ["en"], "reword": "en:Cheap"}
    )
    assert answer.context["form"]["title_en"].value() == "economical?"
    assert CHINESE in shown(answer)
    asked = reverse("discovery:question_new", args=[questionnaire.pk]) + "?kind=one"
    typed = {"text_en": "Which?", "option-key": ["", ""], "option-en": ["cheap", "dear"], "option-zh": ["", ""]}
    typed |= {"option-points": ["many", "3"], "reword": "en:cheap"}
    answer = as_(sam).post(asked, typed)
    rows = answer.context["form"].option_rows
    assert [(row.en, row.points) for row in rows] == [("economical", "many"), ("dear", "3")]
    assert HINT not in shown(answer)


def test_options_that_can_not_be_kept_are_shown_again(questionnaire, as_, sam):
    asked = reverse("discovery:question_new", args=[questionnaire.pk]) + "?kind=one"
    typed = {"text_en": "Which?", "option-key": [""], "option-en": ["One that was typed"], "option-points": ["many"]}
    answer = as_(sam).post(asked, typed)
    assert answer.status_code == 422
    assert 'value="One that was typed"' in shown(answer)
    assert 'value="many"' in shown(answer)


def test_hints_are_told_of_what_is_being_typed(as_, sam, rita):
    page = reverse("records:typed_hints")
    assert HINT in shown(as_(sam).post(page, {"voiced": "title_en", "title_en": "So cheap"}))
    assert HINT in shown(as_(sam).post(page, {"voiced": "note", "note": "<b>cheap", "language": "en"}))
    assert "We avoid “cheap” and write “经济实惠”." in shown(
        as_(sam).post(page, {"voiced": "note", "note": "cheap", "language": "zh-hans"})
    )
    assert shown(as_(sam).post(page, {"voiced": "note", "other": "cheap"})).strip() == ""
    assert as_(rita).post(page, {"voiced": "note"}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_answer_typed_beside_a_proposal_stays_when_a_word_is_replaced(live_server, people, proposal, helen, sam):
    proposal.change(by=sam, now=timezone.now(), terms="Cheap to end.")
    send(proposal, by=sam, now=timezone.now(), to=helen)
    Client().post(
        reverse("discovery:proposal_comments", args=[proposal.token]),
        {"anchor": "value", "text": "Is this per month?", "name": "Helen", "email": "helen@heron.test"},
    )
    page, client = people.window(), Client()
    client.force_login(sam)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(live_server.url + proposal.get_absolute_url())
    answer = page.locator("[id^=answer-]")
    answer.fill("Yes, per month; typed and not sent yet")
    page.get_by_role("button", name="Replace").click()
    expect(page.get_by_text("economical to end.")).to_be_visible()
    expect(answer).to_have_value("Yes, per month; typed and not sent yet")
    expect(answer).to_be_visible()

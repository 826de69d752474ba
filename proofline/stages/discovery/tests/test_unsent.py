"""A link that is closed while the customer has the page open: told clearly, and nothing that they typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from proofline.stages.discovery.models import ProposalComment, QuestionnaireLink, ValueCaseLink, revoke
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.tests.test_reading_browser import sent  # noqa: F401 - a fixture
from proofline.stages.discovery.tests.test_wishing import configured, parts  # noqa: F401 - fixtures

TYPED = "Is this <b>really</b> per month? Typed with care."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_comment_that_was_being_typed_is_shown_again(live_server, people, sent, sam, helen, scripts):  # noqa: F811 - a fixture
    phone = people.window(width=390, height=800, java_script_enabled=scripts)
    phone.goto(f"{live_server.url}{sent.public_path}")
    place = phone.locator("#talk-value")
    place.locator("summary").first.click()
    place.get_by_label("Your question or comment").fill(TYPED)
    revoke(sent, by=sam, now=timezone.now())
    place.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="This page is closed")).to_be_visible()
    expect(phone.get_by_text("What you wrote was not sent.")).to_be_visible()
    expect(phone.locator(".unsent textarea")).to_have_value(TYPED)
    assert "body=Is%20this" in phone.get_by_role("link", name="Ask for the proposal").get_attribute("href")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert not ProposalComment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_switch_that_can_not_be_kept_says_so(live_server, people, sent, sam):  # noqa: F811 - a fixture
    phone = people.window(width=390, height=800)
    phone.goto(f"{live_server.url}{sent.public_path}")
    revoke(sent, by=sam, now=timezone.now())
    phone.get_by_role("switch", name="Automations").click()
    expect(phone.get_by_role("heading", name="This page is closed")).to_be_visible()
    expect(phone.get_by_text("What you wrote was not sent.")).to_be_hidden()


@pytest.mark.django_db
def test_where_a_code_is_asked_for_meanwhile_it_is_shown_too(proposal, sam, helen):
    send(proposal, by=sam, now=timezone.now(), to=helen, asks_code=True)
    there = reverse("discovery:proposal_comments", args=[proposal.token])
    answer = Client().post(there, {"anchor": "value", "text": TYPED, "name": "Helen"})
    assert answer.status_code == 403
    assert "Is this &lt;b&gt;really&lt;/b&gt; per month?" in answer.content.decode()


@pytest.mark.django_db
def test_notes_to_figures_are_shown_again(case, sam, helen, now):
    link = ValueCaseLink.objects.share(case, by=sam, now=now, to=helen)
    link.close(by=sam, now=timezone.now())
    answer = Client().post(link.public_path, {"note-x": TYPED, "name": "Helen"})
    assert answer.status_code == 410
    assert "Is this &lt;b&gt;really&lt;/b&gt; per month?" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_answer_typed_just_before_a_questionnaire_closes_is_shown_again(live_server, people, link, sam):
    phone = people.window(width=390, height=800)
    phone.goto(f"{live_server.url}{link.public_path}")
    field = phone.locator(
        "[data-question]:not([hidden]) textarea, [data-question]:not([hidden]) input[type=text]:not([inputmode])"
    ).first
    QuestionnaireLink.objects.get(pk=link.pk).close(by=sam, now=timezone.now())
    field.fill(TYPED)
    expect(phone.get_by_role("heading", name="This page is closed")).to_be_visible()
    expect(phone.locator(".unsent textarea").first).to_have_value(TYPED)

"""A customer whose browser runs no scripts, on a phone: questionnaires and figures are answered all the same."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from proofline.stages.discovery.models import AssumptionAnswer, Reply, ValueCaseLink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(people):
    return people.window(width=390, height=844, java_script_enabled=False)


def is_as_wide_as_the_phone(phone):
    return all(box["x"] + box["width"] <= 391 for box in [phone.locator("main").first.bounding_box()])


def test_a_questionnaire_is_answered_in_two_goes(live_server, phone, link, screenshots):
    phone.goto(f"{live_server.url}{link.public_path}")
    phone.get_by_text("By hand").click()
    phone.get_by_label("What would be different?").fill("Peace")
    phone.screenshot(path=screenshots / "questionnaire-without-scripts.png", full_page=True)
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_text("They lead to further questions")).to_be_visible()
    expect(phone.get_by_label("What would be different?")).to_have_value("Peace")
    phone.get_by_label("Hours a week").fill("500")
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_text("At most 168.")).to_be_visible()
    expect(phone.get_by_label("Hours a week")).to_have_value("500")
    phone.get_by_label("Hours a week").fill("3")
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    assert Reply.objects.get().is_submitted
    assert is_as_wide_as_the_phone(phone)


def test_the_language_is_changed_without_losing_what_was_typed(live_server, phone, link):
    phone.goto(f"{live_server.url}{link.public_path}")
    phone.get_by_label("What would be different?").fill("Peace")
    phone.get_by_role("button", name="简体中文").click()
    expect(phone.get_by_label("会有什么不同?")).to_have_value("Peace")


def test_figures_are_agreed_to_and_questioned(live_server, phone, case, sam, helen, now, screenshots):
    link = ValueCaseLink.objects.share(case, by=sam, now=timezone.now(), to=helen)
    phone.goto(f"{live_server.url}{link.public_path}")
    first, second = phone.locator(".agreeing-row").nth(0), phone.locator(".agreeing-row").nth(1)
    first.get_by_text("That is right").click()
    second.get_by_text("I see it differently").click()
    second.get_by_label("How do you see it?").fill("Half of that.")
    phone.screenshot(path=screenshots / "figures-without-scripts.png", full_page=True)
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Thank you, we have what you said.")).to_be_visible()
    assert AssumptionAnswer.objects.count() == 2
    assert is_as_wide_as_the_phone(phone)

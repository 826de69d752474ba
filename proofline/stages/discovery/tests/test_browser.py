"""In a real browser: the formula while it is typed, and the customer on a phone who agrees to be read."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from proofline.stages.discovery.models import SectionReading
from proofline.stages.discovery.sending import send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sign_in(live_server):
    def sign_in(page, user):
        client = Client()
        client.force_login(user)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )

    return sign_in


def test_the_formula_follows_the_hand(live_server, page, sign_in, case, sam, screenshots):
    sign_in(page, sam)
    page.goto(f"{live_server.url}{case.get_absolute_url()}")
    page.get_by_role("link", name="Add line").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What it is lost to").fill("Correcting invoices")
    dialog.get_by_label("How much").fill("10")
    dialog.get_by_label("Expected, %").fill("50")
    dialog.get_by_label("Worth").fill("60")
    expect(dialog.get_by_text("10 h/week × 50% = 5 h/week; × CN¥60/h × 52/12 = CN¥1,300/month")).to_be_visible()
    dialog.get_by_label("Unit", exact=True).fill("hours")
    expect(dialog.get_by_text("“hours” is not a unit.")).to_be_visible()
    dialog.get_by_label("Unit", exact=True).fill("h/week")
    dialog.get_by_label("At least, %").fill("25")
    dialog.get_by_label("At most, %").fill("60")
    page.screenshot(path=screenshots / "discovery-line.png")
    dialog.get_by_role("button", name="Add line").click()
    expect(page.get_by_text("CN¥34,580").first).to_be_visible()
    expect(dialog).to_be_hidden()


def test_a_customer_reads_on_the_phone_and_agrees(live_server, people, proposal, helen, sam, screenshots):
    send(proposal, by=sam, now=timezone.now(), to=helen)
    phone = people.window(width=390, height=800)
    phone.clock.install()
    phone.goto(f"{live_server.url}{proposal.public_path}")
    phone.clock.run_for(16_000)
    assert not SectionReading.objects.exists()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="Yes").click()
    phone.locator("[data-section=value]").scroll_into_view_if_needed()
    with phone.expect_response("**/reading/") as answer:
        phone.clock.run_for(16_000)
    assert answer.value.status == 204
    assert {reading.section for reading in SectionReading.objects.all()} >= {"summary"}
    phone.screenshot(path=screenshots / "proposal-phone.png", full_page=True)
    phone.reload()
    expect(phone.get_by_role("button", name="Yes")).to_be_hidden()


def test_who_says_no_is_not_read(live_server, people, proposal, helen, sam):
    send(proposal, by=sam, now=timezone.now(), to=helen)
    phone = people.window(width=390, height=800)
    phone.clock.install()
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{live_server.url}{proposal.public_path}")
    phone.get_by_role("button", name="No").click()
    phone.clock.run_for(60_000)
    phone.goto(f"{live_server.url}{reverse('account_login')}")
    assert not [url for url in asked if url.endswith("/reading/")]
    assert {url.split("/")[2] for url in asked} == {live_server.url.split("/")[2]}


def test_a_customer_answers_on_a_phone_and_goes_on_elsewhere(live_server, browser, link, screenshots):
    address = f"{live_server.url}{link.public_path}"
    phone = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    phone.goto(address)
    expect(phone.get_by_label("Hours a week")).to_be_hidden()
    phone.get_by_text("By hand").click()
    phone.get_by_label("Hours a week").fill("500")
    expect(phone.get_by_text("At most 168.")).to_be_visible()
    phone.get_by_label("Hours a week").fill("12")
    expect(phone.get_by_role("heading", name="Pain")).to_be_visible()
    expect(phone.get_by_text("At most 168.")).to_be_hidden()
    expect(phone.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.screenshot(path=screenshots / "discovery-questionnaire.png", full_page=True)
    desk = browser.new_context().new_page()
    desk.goto(address)
    expect(desk.get_by_label("Hours a week")).to_have_value("12")
    desk.get_by_label("What would be different?").fill("<b>Peace</b>")
    desk.get_by_role("button", name="Hand in").click()
    expect(desk.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(desk.get_by_text("<b>Peace</b>")).to_be_visible()
    phone.get_by_label("Hours a week").fill("1")
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.context.close()
    desk.context.close()

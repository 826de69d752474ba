"""Discovery from the first question to the proposal, as a customer with a phone and a seller at a desk, in a real browser; then the PDF is held against the page."""

import io
import re

import pytest
from django.test import Client
from playwright.sync_api import expect
from pypdf import PdfReader

from proofline.stages.discovery.models import Proposal
from tests.story.people import Album, Person

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
STEPS_TODAY, STEPS_TOMORROW = "Collect figures | 90\nCopy into slides | 45", "Open the dashboard | 15"
NUMBER = re.compile(r"\d[\d,.]*\d|\d")


class Seller(Person):
    """Finds out, promises, proposes."""

    def sign_in(self, user):
        client = Client()
        client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.server}
        self.page.context.add_cookies([cookie])

    def says(self, button, **values):
        """Fill the dialog and press its button."""
        dialog = self.page.get_by_role("dialog")
        form = dialog.locator("form").first
        self.fill(form, **values)
        dialog.get_by_role("button", name=button).click()
        expect(dialog).to_be_hidden()

    def finds_the_deep_need(self, study):
        self.go(study)
        self.sees("Reports without hand work", "#needs")
        self.page.locator("#needs").get_by_role("link", name="Ask why").first.click()
        self.says(
            "Note need",
            text="Decisions come a week late",
            loss="Two orders a month go to faster rivals",
            loss_amount="60000",
            loss_currency="CNY",
        )
        self.sees("Two orders a month go to faster rivals", "#needs")
        self.shoot("deep-need")

    def reckons(self):
        self.press("Begin value case")
        form = self.page.locator("form").filter(has=self.page.locator("[name=investment_once]")).first
        self.fill(form, name="Reporting", currency="CNY", investment_once="22000", investment_monthly="1500")
        form.get_by_role("button", name="Begin value case").click()
        self.press("Add line")
        self.says(
            "Add line",
            name="Collecting figures",
            quantity="20",
            unit="h/week",
            people="12",
            low="30",
            expected="40",
            high="50",
            rate_amount="80",
            source_note="Helen He",
            said_on="2026-11-02",
        )
        self.sees("33,280", "#lines")

    def asks_to_agree(self):
        """Open the link to the figures; return its address."""
        self.page.locator("#assumptions").get_by_role("link", name="Ask the customer to agree").click()
        self.says("Open link")
        link = self.page.locator("#assumptions").get_by_role("link", name="Open the page").get_attribute("href")
        return link[link.index("/v/") :]

    def configures(self, study):
        self.go(study)
        self.press("Configure")
        self.press("Keep this configuration")
        self.sees("Version 1")

    def proposes(self, study, title, *, add_on):
        """Write and send the proposal; return the path of its private link."""
        self.go(study)
        self.page.locator("#main").get_by_role("link", name="Write proposal").first.click()
        form = self.page.locator("form").filter(has=self.page.locator("[name=steps_today]")).first
        self.fill(form, title=title, steps_today=STEPS_TODAY, steps_tomorrow=STEPS_TOMORROW, runs_a_week="5")
        form.get_by_role("button", name="Begin proposal").click()
        self.sees(title, ".proposal-sheet")
        self.proposal = self.page.url
        self.press("Choose add-ons")
        self.says("Save", modules=[add_on])
        self.press("Send proposal")
        self.says("Send proposal")
        return Proposal.objects.get().public_path


class Customer(Person):
    """Answers, agrees, reads."""

    def answers(self, path):
        self.go(path)
        self.page.get_by_text("By hand").click()
        self.page.get_by_label("Hours a week").fill("12")
        expect(self.page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
        self.page.get_by_role("button", name="Hand in").click()
        expect(self.page.get_by_role("heading", name="Thank you")).to_be_visible()
        self.shoot("answered")

    def agrees(self, path):
        self.go(path)
        self.sees("20 h/week × 12 people × 40% = 96 h/week")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        rate = self.page.locator(".agreeing-row").filter(has_text="An hour is worth")
        expect(rate.get_by_label("How do you see it?")).to_be_hidden()
        rate.get_by_text("I see it differently").click()
        rate.get_by_label("How do you see it?").fill("Ninety with overheads")
        self.shoot("agreeing")
        self.page.get_by_role("button", name="Everything else is right").click()
        self.sees("Thank you, we have what you said")

    def reads_and_comments(self, path):
        self.go(path)
        self.sees("What it is worth")
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        line = self.page.locator("#main .line").filter(has_text="Collecting figures")
        talk = line.locator("details.remark").or_(line.locator("xpath=following-sibling::details")).first
        talk.locator("summary").first.click()
        talk.get_by_label("Your question or comment").fill("Does this count the weekly report too?")
        talk.get_by_role("button", name="Send").click()
        self.sees("Does this count the weekly report too?")
        self.shoot("comment")

    def takes_an_add_on(self, name):
        switch = self.page.get_by_role("switch", name=name)
        expect(switch).to_have_attribute("aria-checked", "false")
        switch.click()
        expect(self.page.get_by_role("switch", name=name)).to_have_attribute("aria-checked", "true")
        self.sees("a month", "#add-ons")
        self.shoot("add-on")


def test_from_the_first_answer_to_the_add_on(live_server, people, study, link, helen, sam, suite, screenshots):
    folder = screenshots / "discovery"
    folder.mkdir(exist_ok=True)
    album = Album(folder)
    helen_at = {"page": people.window(**PHONE), "server": live_server.url, "album": album}
    customer = Customer(**helen_at)
    customer.answers(link.public_path)

    seller = Seller(page=people.window(width=1440, height=900), server=live_server.url, album=album)
    seller.sign_in(sam)
    seller.finds_the_deep_need(study.get_absolute_url())
    seller.reckons()
    customer.agrees(seller.asks_to_agree())
    seller.page.reload()
    seller.sees("Ninety with overheads", "#assumptions")
    seller.configures(study.get_absolute_url())
    path = seller.proposes(study.get_absolute_url(), "Reporting in an hour", add_on="Automations")

    customer.reads_and_comments(path)
    customer.takes_an_add_on("Automations")
    seller.go(seller.proposal)
    seller.sees("Does this count the weekly report too?")
    seller.sees("wished", "#add-ons-card")
    seller.shoot("proposal-answered")
    held_against(customer.page, live_server.url + path)


def held_against(page, address):
    """Hold the PDF against the page: each heading, each formula, each figure, and each label of each drawing."""
    document = PdfReader(io.BytesIO(page.request.get(f"{address}pdf/").body()))
    text = squeezed("".join(one.extract_text() for one in document.pages))
    page.goto(address)
    for section in page.locator("[data-section]").all():
        for heading in section.locator("h2").all_inner_texts():
            assert squeezed(heading) in text, heading
        for formula in section.locator(".formula-numbers").all_inner_texts():
            assert squeezed(formula) in text, formula
    figures = {
        number for cell in page.locator(".level, .hero-number").all_inner_texts() for number in NUMBER.findall(cell)
    }
    assert figures
    assert not [number for number in figures if number not in text]
    assert page.locator("[data-section] svg.drawing").count() > 0
    labels = [text for text in page.locator("[data-section] svg.drawing text").all_text_contents() if text.strip()]
    assert [label for label in labels if squeezed(label) not in text] == []
    assert not any(one.images for one in document.pages), "a chart is drawn, not painted"


def squeezed(text):
    return "".join(text.split())

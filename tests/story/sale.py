"""Those who sell and those who buy."""

import re

from playwright.sync_api import expect

from tests.story.people import Colleague, Person

STEPS_TODAY = "Collect the figures | 240\nCopy them into slides | 120\nCorrect the slides | 60"
STEPS_TOMORROW = "Open the report | 5\nRead it together | 30"


class Seller(Colleague):
    """Wins customers."""

    def qualifies(self, company, *, name):
        """Read a lead's source and history, then make it an account, a contact and a deal."""
        self.go("/leads/")
        self.press(name)
        self.sees("baidu", ".facts")
        self.comes_to_see("/pricing")
        self.shoot("lead")
        self.hand_in(self.page.locator("#qualify form"))
        self.sees("Qualified")
        self.page.locator("#main").get_by_role("link", name=company).last.click()
        expect(self.page.locator(".record-name")).to_contain_text(company)
        self.deal = self.page.url
        self.shoot("deal")

    def opens_tab(self, tab):
        """Open a part of the deal."""
        self.go(self.deal)
        self.page.locator("#main nav").get_by_role("link", name=tab).click()

    def begins_discovery(self):
        """Begin a study from the deal."""
        self.opens_tab("Value")
        self.press("Begin discovery")
        expect(self.page.locator("#needs")).to_be_visible()
        self.study = self.page.url

    def notes_needs(self):
        """What the customer says, and the loss behind it."""
        self.press("Note a need")
        self.answers(text="The monthly report takes days", kind="surface")
        self.sees("The monthly report takes days")
        self.press("Note a need")
        self.answers(
            text="Prices are decided on last month's figures",
            kind="deep",
            because_of="The monthly report takes days",
            loss="Wrong prices for three weeks of each month",
            loss_amount="40000",
            loss_currency="CNY",
            stated_by="Grace Gao",
        )
        self.sees("Prices are decided on last month's figures")
        self.shoot("needs")

    def works_out_the_value(self):
        """A line of value: its formula writes itself."""
        self.press("Begin value case")
        self.completes(name="Reports in an hour", currency="CNY", investment_once="20000", investment_monthly="5000")
        self.press("Add line")
        dialog = self.page.locator("#dialog form").first
        self.fill(
            dialog,
            name="Hours for reports",
            quantity="20",
            unit="h/week",
            people="12",
            low="30",
            expected="40",
            high="50",
            rate_amount="80",
            metric="Hours for reports",
        )
        expect(dialog.locator("#formula")).to_contain_text("96 h/week")
        self.shoot("value-formula")
        self.answers()
        self.sees("33,280", "#lines")
        self.sees("Payback", "#roi")
        self.shoot("value-case")

    def sends_a_proposal(self):
        """Today's work and tomorrow's, the value, the price; then the private link by e-mail."""
        self.go(self.study)
        self.press("Write proposal")
        self.completes(
            title="The monthly report in an hour",
            language="English",
            intro="You told us what late figures cost. Here is what we promise.",
            steps_today=STEPS_TODAY,
            steps_tomorrow=STEPS_TOMORROW,
            runs_a_week="12",
        )
        expect(self.page.locator(".proposal-sheet")).to_contain_text("Collect the figures")
        self.proposal = self.page.url
        self.shoot("proposal")
        self.press("Send proposal")
        self.answers(to="Grace Gao", by_mail=True)
        self.sees("sent", ".record-head")

    def sees_who_read(self):
        """Who opened the proposal, and which parts were read."""
        self.go(self.proposal)
        self.comes_to_see("Reader 1", "#readers")
        self.comes_to_see("What it is worth", "#readers")
        self.shoot("readers")

    def quotes(self):
        """Three tiers side by side, by e-mail."""
        self.opens_tab("Offer")
        self.press("Draft a quote")
        expect(self.page.locator(".tiers-edit fieldset")).to_have_count(3)
        self.quote = self.page.url
        self.shoot("quote")
        self.press("Send")
        self.answers(to="Grace Gao")
        self.sees("Private link")

    def sends_the_contract(self, *, starts_on):
        """Draft it from what was chosen and promised, count from the trial's first day, send it."""
        self.go(self.quote)
        self.sees("Grace Gao chose Advanced")
        self.press("Draft the contract")
        self.sees("96 h/week")
        self.press("Edit")
        self.completes(starts_on=starts_on, seats="5")
        expect(self.page.locator(".record-name")).to_be_visible()
        self.shoot("contract")
        self.press("Send")
        self.answers(to="Grace Gao")
        self.sees("Private link")

    def sees_the_deal_won(self):
        """The signature won the deal."""
        self.go(self.deal)
        self.sees("Won on")
        self.sees_marks("done", "done", "done", "empty", "empty")
        self.shoot("deal-won")


class Customer(Person):
    """Reads, chooses and signs, by the links that come as e-mail; on a phone."""

    def reads_the_proposal(self, link):
        """Read every section, and let the company know."""
        self.go(link)
        self.sees("The monthly report in an hour", "body")
        self.page.get_by_role("button", name="Yes").click()
        for section in self.page.locator("[data-section]").all():
            section.scroll_into_view_if_needed()
            self.page.wait_for_function(PASSED, arg=1_200)
        self.shoot("proposal-phone")
        with self.page.expect_response("**/reading/"):
            self.page.evaluate("dispatchEvent(new Event('pagehide'))")

    def chooses(self, tier, *, link):
        """Choose one of three tiers."""
        self.go(link)
        expect(self.page.locator("article.tier")).to_have_count(3)
        self.shoot("offer-phone")
        article = self.page.locator("article.tier", has_text=f"Choose {tier}")
        article.locator("summary").click()
        self.hand_in(article.locator("form"), name="Grace Gao")
        self.sees(f"Grace Gao chose {tier}", "body")

    def signs_the_contract(self, link):
        """Read what is promised, and sign with a typed name."""
        self.go(link)
        self.sees("96 h/week", "#promises + p + ul")
        form = self.page.locator("form.sign")
        self.fill(form, name="Grace Gao", title="COO", agree=True)
        self.shoot("contract-phone")
        form.get_by_role("button", name="Sign the contract").click()
        self.sees("Signed by Grace Gao", "body")
        paper = self.page.get_by_role("link", name="Sealed PDF").get_attribute("href")
        assert self.page.request.get(self.server + paper).body().startswith(b"%PDF")

    def signs_a_gate(self, portal, name):
        """Sign what was delivered."""
        self.go(portal)
        form = self.page.locator(".portal-gate-open form")
        self.fill(form, name="Grace Gao", title="COO", agreed=True)
        form.get_by_role("button", name="Sign and accept").click()
        signed = self.page.locator(".portal-gate-signed", has_text=name)
        expect(signed).to_contain_text("Signed by Grace Gao")

    def asks(self, subject, *, portal):
        """Open a ticket in the portal."""
        self.go(portal)
        form = self.page.locator(".portal-ask form")
        if not form.is_visible():
            self.page.locator(".portal-ask summary").click()
        self.hand_in(form, name="Grace Gao", email="grace@crane.test", subject=subject, body="Where is it?")
        self.sees(subject, "body")

    def reads_the_report(self, link):
        """See what was promised against what was measured."""
        self.go(link)
        self.sees("1 of 1 promises kept", "body")
        expect(self.page).to_have_title(re.compile("Value report 1"))
        expect(self.page.locator(".chart-canvas canvas")).to_be_visible()
        self.shoot("report-phone")


PASSED = """milliseconds => {
  window.since ??= performance.now();
  if (performance.now() - window.since < milliseconds) return false;
  window.since = undefined;
  return true;
}"""

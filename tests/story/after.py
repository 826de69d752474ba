"""Those who keep the promise, and those who keep the customer."""

from playwright.sync_api import expect

from tests.story.people import Colleague

GATES = ("Requirements confirmed", "Prototype", "User test", "Go-live")


class Delivery(Colleague):
    """Delivers through four gates, and measures what was promised."""

    def finds_project(self):
        """Open the project that the signature opened."""
        self.go("/projects/")
        self.page.locator("#main tbody a").first.click()
        self.sees("96 h/week", "#promises")
        self.project = self.page.url

    def shares_the_portal(self, *, company, to):
        """Give the customer the link of their portal."""
        self.finds_account(company)
        self.press("E-mail the link")
        self.answers(to=to)

    def presents(self, gate):
        """Ask the customer to sign a gate."""
        self.go(self.project)
        self.press("Ask for signature")
        self.answers(note=f"{gate}: done as agreed.")
        self.sees("Waits for the customer's signature")

    def sees_the_use(self, company):
        """See in the customer's feed what their people do in the product."""
        self.finds_account(company)
        self.comes_to_see("forecasts", "#feed")

    def measures(self):
        """Measure the promise from the use of four weeks, and share the report."""
        self.go(self.project)
        self.press("Measure the promises")
        self.sees("1 of 1 promises kept")
        self.sees("112 h/week")
        self.shoot("report")
        self.press("Share with the customer")
        self.sees("shared with the customer")


class Support(Colleague):
    """Answers and solves."""

    def answers_ticket(self, subject):
        """Answer within the day."""
        self.go("/tickets/")
        self.press(subject)
        form = self.page.locator("form", has=self.page.locator("[name=internal]"))
        self.hand_in(form, body="Under Reports, on the right.")
        self.sees("Under Reports, on the right.")

    def solves_ticket(self):
        """Say how it was solved."""
        form = self.page.locator("#solve form")
        self.hand_in(form, text="Showed the export.")
        self.sees("solved", ".record-head")
        self.shoot("ticket")


class Success(Colleague):
    """Keeps customers."""

    def sees_health(self, company):
        """Measure the last week."""
        self.finds_account(company)
        self.account = self.page.url
        self.go(self.account.replace("/accounts/", "/health/"))
        self.press("Measure again")
        self.sees("Healthy", ".record-head")
        self.sees("4 of 5")
        self.shoot("health")

    def renews(self, company):
        """Carry the subscription on for a year."""
        self.go("/renewals/")
        self.press(company)
        self.press("Renew")
        self.answers(months="12", monthly="500")
        self.sees("Renewed until")
        self.shoot("renewal")

    def sees_the_whole_chain(self):
        """Promised, priced, signed, measured, kept."""
        self.go(self.account)
        self.sees_marks("done", "done", "done", "done", "done")
        expect(self.page.locator("#main .proof-number").last).to_contain_text("1 of 1")
        self.comes_to_see("renewed", "#feed")
        self.shoot("account")

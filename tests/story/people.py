"""What people do in a browser, in the words of their work."""

import re

from playwright.sync_api import expect

PASSWORD = "a long enough password"
TRIES = 15


class Album:
    """Numbers the screenshots of a story."""

    def __init__(self, folder):
        self.folder = folder
        self.count = 0
        for old in folder.glob("story-*.png"):
            old.unlink()

    def take(self, page, name):
        """Keep what a page shows."""
        self.count += 1
        page.screenshot(path=self.folder / f"story-{self.count:02}-{name}.png", animations="disabled")


class Person:
    """Somebody with a window."""

    def __init__(self, *, page, server, album):
        self.page, self.server, self.album = page, server, album

    def shoot(self, name):
        """Keep a screenshot."""
        self.album.take(self.page, name)

    def go(self, path):
        """Open a page of the server."""
        self.page.goto(path if path.startswith("http") else self.server + path)

    def sees(self, text, where="main"):
        """Wait until the page says a text."""
        expect(self.page.locator(where).first).to_contain_text(text)

    def comes_to_see(self, text, where="main"):
        """Open the page again until it says a text: what is done in the background arrives within seconds."""
        for _attempt in range(TRIES):
            try:
                expect(self.page.locator(where).first).to_contain_text(text, timeout=1_000)
            except AssertionError:
                self.page.reload()
            else:
                return
        self.sees(text, where)

    def press(self, verb, where="#main"):
        """Press a button or follow a link by what it says."""
        named = {"name": verb, "exact": True}
        place = self.page.locator(where)
        place.get_by_role("button", **named).or_(place.get_by_role("link", **named)).first.click()

    def fill(self, form, **values):
        """Fill fields by their names: text, choices by label, boxes by True."""
        for name, value in values.items():
            field = form.locator(f"[name={name}], [name$='-{name}']")
            if isinstance(value, list):
                for label in value:
                    form.get_by_label(label, exact=True).check()
            elif value is True:
                field.check()
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(field.locator("option", has_text=str(value)).first.get_attribute("value"))
            else:
                field.fill(str(value))

    def hand_in(self, form, **values):
        """Fill a form and press its button."""
        self.fill(form, **values)
        form.locator("button.btn").last.click()
        expect(form.locator(".field-error")).to_have_count(0)

    def answers(self, **values):
        """Fill the dialog and press its button; it closes."""
        dialog = self.page.locator("#dialog")
        expect(dialog).to_be_visible()
        self.hand_in(dialog.locator("form").first, **values)
        expect(dialog).not_to_be_visible()


class Colleague(Person):
    """Somebody of the company, who signs in."""

    def sign_in(self, name):
        """Enter by e-mail and password."""
        self.go("/")
        self.page.locator("input[name=login]").fill(f"{name}@proofline.test")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button.btn-primary").click()
        expect(self.page.locator("#side")).to_be_attached()

    def completes(self, **values):
        """Fill the page, which is one form; another page follows."""
        form = self.page.locator("main form.form")
        expect(form).to_be_visible()
        here = self.page.url
        self.hand_in(form, **values)
        expect(self.page).not_to_have_url(here)

    def writes(self, path, **values):
        """Open a page that is one form, and fill it."""
        self.go(path)
        self.completes(**values)

    def finds_account(self, name):
        """Open a customer's page from the list."""
        self.go("/accounts/")
        self.press(name)
        expect(self.page.locator(".record-name")).to_have_text(name)

    def sees_marks(self, *states):
        """Look at the proof strip."""
        marks = self.page.locator("#main .proof").first.locator(".proof-mark")
        for mark, state in zip(range(5), states, strict=True):
            expect(marks.nth(mark)).to_have_class(re.compile(f"proof-{state}"))


class Administrator(Colleague):
    """Sets the house up: what is sold, what it is good for, what is sent by itself."""

    def adds_to_catalogue(self):
        """A product in three tiers, a pain and the metric that shows its end."""
        self.writes("/library/products/new/", name="Clarity", list_price="90", currency="CNY")
        product = self.page.url.rstrip("/").rpartition("/")[2]
        parts = f"/catalogue/products/{product}"
        modules = ["Reports", "Forecasts", "Automations"]
        for module in modules:
            self.writes(f"{parts}/modules/new/", name=module, feature_key=module.lower())
        for rank, (tier, price) in enumerate({"Basic": 60, "Advanced": 90, "Enterprise": 150}.items(), start=1):
            tier_values = {"rank": rank, "seat_price": price, "currency": "CNY", "included_seats": 5}
            self.writes(f"{parts}/tiers/new/", name=tier, **tier_values, modules=modules[:rank])
        self.writes(
            "/library/value-metrics/new/",
            name="Hours for reports",
            unit="h/week",
            formula="hours saved by each report",
            event="Report Made",
            property="hours_saved",
        )
        metrics = ["Hours for reports (h/week)"]
        self.writes("/library/pains/new/", name="Reports take days", modules=["Reports"], metrics=metrics)

    def opens_a_form(self, owner):
        """A public form whose leads go to the seller."""
        self.writes(
            "/forms/new/", title="Talk to us", slug="talk-to-us", source="Website", product="Clarity", owner=owner
        )

    def sends_prices_by_itself(self):
        """Who looks at prices gets a letter."""
        self.writes(
            "/message-templates/new/",
            name="Story prices",
            language="English",
            subject="Our prices, {{ contact }}",
            body="Hello {{ contact }}, shall we work out what it brings {{ account }}?",
        )
        self.writes("/message-rules/new/", name="Looks at prices", value="/pricing", template="Story prices")


class Visitor(Person):
    """Somebody who comes to the website, and is not known yet."""

    def comes_by_an_advertisement(self, website):
        """Read about the product and its prices."""
        self.page.goto(f"{website}/?utm_source=baidu&utm_medium=cpc&utm_campaign=reports")
        self.page.get_by_role("link", name="Analytics").click()
        self.looks_at_prices()

    def looks_at_prices(self, website=""):
        """View the pricing page; the snippet tells of it."""
        with self.page.expect_request("**/v1/batch"):
            if website:
                self.page.goto(f"{website}/pricing")
            else:
                self.page.get_by_role("link", name="Pricing").click()
            self.page.wait_for_function("typeof window.proofline?.flush === 'function'")
            self.page.evaluate("proofline.flush()")

    def asks_for_a_talk(self):
        """Fill the public form."""
        self.page.get_by_role("link", name="Talk to us").click()
        form = self.page.locator("form.public-form")
        expect(form).to_be_visible()
        self.shoot("visitor-form")
        self.hand_in(
            form,
            name="Grace Gao",
            company="Crane Books",
            email="grace@crane.test",
            title="COO",
            message="Our monthly report takes days.",
        )
        expect(self.page.locator("h1")).to_have_text("Thank you")

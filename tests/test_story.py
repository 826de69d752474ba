"""One customer, from the first click on the website to the renewal, as several people, in a real browser.

The screenshots of its steps are kept as build output, `.build/screenshots/story-NN-name.png`.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.story import use
from tests.story.after import GATES, Delivery, Success, Support
from tests.story.letterbox import Letterbox
from tests.story.people import PASSWORD, Administrator, Album, Visitor
from tests.story.sale import Customer, Seller
from tests.story.website import Website

COMPANY = "Crane Books"
QUESTION = "Where is the export?"
COLLEAGUES = {
    "ada": ("Ada Admin", "administrator"),
    "sam": ("Sam Seller", "sales"),
    "dan": ("Dan Delivery", "delivery"),
    "sue": ("Sue Support", "support"),
    "sara": ("Sara Success", "success"),
}
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def letterbox():
    with Letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def house(prepared, letterbox, tmp_path_factory):
    """A running server with the colleagues, which sends its mail to the letterbox."""
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(letterbox.port)}
    with prepared.server(tmp_path_factory.mktemp("story") / "data", mail) as server:
        server.start()
        for login, (name, role) in COLLEAGUES.items():
            who = ("--name", name, "--role", role, "--team", "Company", "--password", PASSWORD)
            server.run("user", "add", f"{login}@proofline.test", *who)
        yield server


@pytest.fixture
def write_key(house):
    return house.run("source", "add", "Website").stdout.split()[-1]


@pytest.fixture
def website(house, write_key):
    with Website(server=house.url, key=write_key) as site:
        yield site.url


@pytest.fixture
def enters(house, people, screenshots):
    """Let a person of the story come: colleagues sign in, all others open a window."""
    album = Album(screenshots)

    def enters(kind, login=None, **window):
        person = kind(page=people.window(**window), server=house.url, album=album)
        if login:
            person.sign_in(login)
        return person

    return enters


def test_one_customer_from_the_first_click_to_the_renewal(house, website, write_key, enters, letterbox):
    ada = enters(Administrator, "ada")
    ada.adds_to_catalogue()
    ada.opens_a_form("Sam Seller")
    ada.sends_prices_by_itself()

    visitor = enters(Visitor)
    visitor.comes_by_an_advertisement(website)
    visitor.asks_for_a_talk()

    sam = enters(Seller, "sam")
    sam.qualifies(COMPANY, name="Grace Gao")
    visitor.looks_at_prices(website)
    assert letterbox.read("Our prices, Grace Gao")["To"] == "grace@crane.test"

    sam.begins_discovery()
    sam.notes_needs()
    sam.works_out_the_value()
    sam.sends_a_proposal()
    grace = enters(Customer, **PHONE)
    grace.reads_the_proposal(letterbox.link("Our proposal"))
    sam.sees_who_read()

    sam.quotes()
    grace.chooses("Advanced", link=letterbox.link("Your offer"))
    trial_began = datetime.now(UTC).date() - timedelta(days=35)
    sam.sends_the_contract(starts_on=trial_began)
    grace.signs_the_contract(letterbox.link("Your contract"))
    sam.sees_the_deal_won()

    dan = enters(Delivery, "dan")
    dan.finds_project()
    dan.shares_the_portal(company=COMPANY, to="Grace Gao")
    portal = letterbox.link("Your place with")
    for gate in GATES:
        dan.presents(gate)
        grace.signs_a_gate(portal, gate)
    grace.asks(QUESTION, portal=portal)
    sue = enters(Support, "sue")
    sue.answers_ticket(QUESTION)
    sue.solves_ticket()
    assert letterbox.read(f"Solved: {QUESTION}")["To"] == "grace@crane.test"

    use.send(house.url, key=write_key, events=use.a_month(company=COMPANY, domain="crane.test"))
    dan.sees_the_use(COMPANY)
    dan.measures()
    grace.reads_the_report(letterbox.link("has brought you"))

    sara = enters(Success, "sara")
    sara.sees_health(COMPANY)
    sara.renews(COMPANY)
    sara.sees_the_whole_chain()

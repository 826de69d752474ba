"""A person builds a funnel by hand and by keyboard, saves it, looks at the people, takes the file, goes back."""

import base64
import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.fixtures.waiting import until

PASSWORD = "a long enough password"
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def server(live):
    """A server with ten people who signed up yesterday, four of whom used the product since."""
    live.run("user", "add", "ada@proofline.test", "--name", "Ada", "--role", "administrator", "--password", PASSWORD)
    key = json.loads(live.run("source", "add", "Product", "--json").stdout)["write_key"]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    told = [("Signed Up", number, yesterday) for number in range(10)]
    told += [("Feature Used", number, yesterday + timedelta(hours=2)) for number in range(4)]
    batch = [
        {
            "type": "track",
            "event": event,
            "userId": f"user-{number}",
            "timestamp": at.isoformat(),
            "messageId": f"{event}-{number}",
            "properties": {"plan": "pro" if number % 2 else "free"},
        }
        for event, number, at in told
    ]
    login = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {login}"}
    sent = urllib.request.Request(f"{live.url}/v1/batch", json.dumps({"batch": batch}).encode(), headers)
    with urllib.request.urlopen(sent, timeout=30) as answer:
        assert answer.status == 200
    until(lambda: live.timeline().get("inbox") == 0, "the projector")
    count = live.run("timeline", "count", "--event", "Feature Used", "--json")
    assert json.loads(count.stdout)["value"] == 4
    return live


@pytest.fixture
def explore(server, people):
    def explore(**options):
        page = people.window(**options)
        page.goto(f"{server.url}/insight/explore/")
        page.locator("input[name=login]").fill("ada@proofline.test")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button.btn-primary").click()
        expect(page.locator(".explore-kinds")).to_be_visible()
        page.wait_for_load_state("load")
        return page

    return explore


def pick(page, opener, text):
    """Open a menu, type, and take the first offer by keyboard."""
    opener.click()
    find = page.locator(".explore-menu.show [data-explore-find]")
    expect(find).to_be_focused()
    find.press_sequentially(text)
    expect(page.locator(".explore-menu.show .explore-options .dropdown-item")).to_have_count(1)
    find.press("Enter")


def asked(page):
    return json.loads(parse_qs(urlsplit(page.url).query)["q"][0])


def test_a_funnel_is_built_saved_looked_into_and_taken_away(explore, screenshots):
    page = explore(width=1440, height=900)
    page.locator(".explore-kind", has_text="Funnel").click()
    expect(page.locator(".bar h1")).to_have_text("Funnel")
    expect(page.locator(".empty-head")).to_have_text("Choose the first two steps")
    page.evaluate("window.stayed = true")

    pick(page, page.locator(".explore-event-new .explore-pick-button"), "signed")
    expect(page.locator(".explore-name > .explore-pick-button")).to_have_text("Signed Up")
    pick(page, page.locator(".explore-event-new .explore-pick-button"), "feature")
    expect(page.locator(".chart-headline")).to_have_text(
        "40.0% of the people go all the way; most are lost before Feature Used"
    )
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    assert [event["event"] for event in asked(page)["events"]] == ["Signed Up", "Feature Used"]

    pick(page, page.get_by_role("button", name="Add a filter"), "plan")
    page.locator(".explore-menu.show").get_by_role("button", name="pro", exact=True).click()
    expect(page.locator(".explore-chips .chip-on", has_text="plan is pro")).to_be_visible()
    expect(page.locator(".explore-table tbody tr").first).to_contain_text("5")
    page.screenshot(path=screenshots / "explore-funnel.png", full_page=True)

    page.go_back()
    expect(page.locator(".explore-table tbody tr").first).to_contain_text("10")
    expect(page.locator(".explore-chips .chip-on", has_text="plan")).to_have_count(0)
    assert "where" not in asked(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()
    assert download.value.suggested_filename == "funnel.csv"
    assert "Signed Up,10" in download.value.path().read_text()

    page.locator(".verbs a", has_text="Save").click()
    page.locator("#dialog input[name=name]").fill("Activation")
    page.locator("#dialog button.btn-primary").click()
    expect(page.locator(".bar h1")).to_have_text("Activation")
    expect(page.locator("#dialog")).not_to_be_visible()

    page.locator(".explore-table tbody tr").nth(1).get_by_role("link").first.click()
    expect(page.locator(".bar h1")).to_have_text("People")
    expect(page.locator("tbody tr")).to_have_count(4)
    page.go_back()
    expect(page.locator(".bar h1")).to_have_text("Activation")
    assert page.evaluate("window.stayed")

    page.goto(re.sub(r"(https?://[^/]+)/.*", r"\1/insight/explore/", page.url))
    page.get_by_role("link", name="Activation").click()
    expect(page.locator(".chart-headline")).to_contain_text("40.0%")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".bar h1")).to_have_text("Explore")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".bar h1")).to_have_text("Activation")


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_everything_has_a_name_and_fits_a_phone(language, explore, server):
    page = explore(width=390, height=844, language=language)
    question = {"events": [{"event": "Signed Up"}, {"event": "Feature Used"}], "by": {"of": "property", "name": "plan"}}
    for kind in ("trend", "funnel", "retention", "paths", "lifecycle", "stickiness", "between", "usage"):
        narrowed = {
            **question,
            "events": question["events"][: 1 if kind in {"paths", "lifecycle", "stickiness", "usage"} else 2],
        }
        page.goto(f"{server.url}/insight/explore/{kind}/?q={json.dumps(narrowed)}")
        expect(page.locator("#explore-answer")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), kind
        nameless = page.evaluate(
            """[...document.querySelectorAll('#main :is(a, button, input:not([type=hidden]), select)')]
            .filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length))
            .map((one) => one.outerHTML)"""
        )
        assert nameless == [], kind

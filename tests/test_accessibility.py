"""Pages about the timeline hold to WCAG 2.2 AA as far as axe-core can tell, in light and dark, with their menus and dialogs open."""

import json
import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.fixtures.live import ROOT
from tests.fixtures.waiting import until

PASSWORD = "a long enough password"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHECK = """(part) => axe.run(part, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] })
    .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html.slice(0, 200), node.failureSummary])))"""
FUNNEL = {
    "events": [
        {"event": "Signed Up", "where": [{"of": "property", "name": "plan", "op": "is", "value": "pro"}]},
        {"event": "Feature Used"},
    ],
    "by": {"of": "property", "name": "plan"},
}
KINDS = ("trend", "funnel", "retention", "paths", "lifecycle", "stickiness", "between", "usage")
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def server(live):
    """A server with a customer, a contact who uses the product, a visitor, a need that showed, and an event that was refused."""
    live.run("user", "add", "ada@proofline.test", "--name", "Ada", "--role", "administrator", "--password", PASSWORD)
    token = json.loads(live.run("token", "add", "ada@proofline.test", "--json").stdout)["token"]

    def ask(path, body=None, *, key=token):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        asked = urllib.request.Request(live.url + path, body and json.dumps(body).encode(), headers)
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read())

    account = ask("/api/v1/accounts", {"name": "Lotus", "domain": "lotus.test"})["id"]
    ask("/api/v1/contacts", {"name": "Lin", "email": "lin@lotus.test", "account_id": account})
    rule = {"name": "Uses reports", "need": "may need reports", "event": "Feature Used", "times": 1, "window_days": 7}
    ask("/api/v1/signal-rules", rule)
    told = [
        {"type": "page", "anonymousId": "phone", "properties": {"path": "/pricing"}},
        {"type": "identify", "userId": "lin", "traits": {"email": "lin@lotus.test"}},
        {"type": "track", "userId": "lin", "event": "Signed Up", "properties": {"plan": "pro"}},
        {
            "type": "track",
            "userId": "lin",
            "event": "Feature Used",
            "properties": {"plan": "pro", "feature": "Reports"},
        },
        {"type": "track", "userId": "lin"},
    ]
    ask("/v1/batch", {"batch": told}, key=ask("/api/v1/sources", {"name": "Product"})["write_key"])
    until(lambda: ask("/api/v1/signals")["items"], "the need that the rule sees in what Lin does")
    return live


@pytest.fixture(scope="module")
def signed_in(server, browser):
    """What a browser keeps of Ada, who signed in."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{server.url}/")
        page.locator("input[name=login]").fill("ada@proofline.test")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button.btn-primary").click()
        expect(page.locator("#side")).to_be_attached()
        return context.storage_state()


@pytest.fixture
def page(signed_in, people):
    page = people.window(reduced_motion="reduce", storage_state=signed_in)
    page.context.add_init_script(path=AXE)
    return page


def hold(page, what, part="html"):
    """Check what is shown now, or a part of it, in both themes."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        assert page.evaluate(CHECK, part) == [], f"{what}, {theme}"


def look(server, page, *addresses):
    """Open pages one after another and check each."""
    for address in addresses:
        assert page.goto(f"{server.url}{address}").status < 300, address
        hold(page, address)


def test_questions_and_their_answers(server, page):
    asked = quote(json.dumps(FUNNEL))
    look(server, page, "/insight/explore/", *(f"/insight/explore/{kind}/" for kind in KINDS))
    look(server, page, f"/insight/explore/funnel/?q={asked}", f"/insight/explore/funnel/people/?q={asked}&at={{}}")
    assert page.goto(f"{server.url}/insight/explore/trend/?q=1").status == 400
    hold(page, "a question that can't be asked")


def test_what_opens_on_a_question(server, page):
    page.goto(f"{server.url}/insight/explore/funnel/?q={quote(json.dumps(FUNNEL))}")
    for opener in (".explore-name button", ".explore-event .chip-on .chip-button", ".explore-time .chip-button"):
        page.locator(opener).first.click()
        expect(page.locator(".explore-menu.show")).to_be_visible()
        expect(page.locator(".explore-menu.show .skeleton")).to_have_count(0)
        hold(page, opener, ".explore-menu.show")
        page.keyboard.press("Escape")
    page.locator(".verbs a.btn-primary").click()
    expect(page.locator("#dialog input[name=name]")).to_be_visible()
    hold(page, "saving a question")
    page.locator("#dialog input[name=name]").fill("Activation")
    page.locator("#dialog button.btn-primary").click()
    expect(page.locator(".bar h1")).to_have_text("Activation")
    page.get_by_role("button", name="More").click()
    hold(page, "a saved question")
    look(server, page, "/insight/explore/")


def test_what_arrives(server, page):
    look(
        server,
        page,
        "/settings/",
        "/settings/sources/",
        "/settings/sources/new/",
        "/settings/sources/1/",
        "/settings/timeline/",
    )
    look(server, page, "/settings/quarantine/")
    page.locator("tbody th a").first.click()
    expect(page.locator("textarea")).to_be_visible()
    hold(page, "what is in quarantine")
    look(server, page, "/settings/live/")
    page.locator(".live-event a").first.click()
    expect(page.locator("#dialog pre")).to_be_visible()
    hold(page, "an arrival")


def test_people_and_customers(server, page):
    look(server, page, "/accounts/1/", "/contacts/1/")
    page.get_by_role("link", name="Merge with somebody else").click()
    expect(page.locator("#merge")).to_be_visible()
    expect(page.locator(".feed-item").first).to_be_visible()
    hold(page, "a person")
    look(server, page, "/people/1/", "/people/1/erasure/")


def test_needs_and_rules(server, page):
    look(server, page, "/signals/", "/signals/1/", "/signal-rules/", "/signal-rules/1/", "/signal-rules/new/")
    look(server, page, "/message-rules/", "/message-rules/new/")


def test_on_a_phone_in_chinese(server, page):
    page.goto(f"{server.url}/settings/")
    page.locator(".side-user > button").click()
    page.locator(".segmented button[value=zh-hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.set_viewport_size({"width": 390, "height": 844})
    look(
        server,
        page,
        "/insight/explore/usage/",
        "/settings/live/",
        "/settings/quarantine/",
        "/settings/timeline/",
        "/contacts/1/",
    )


def test_exports(server, page):
    look(server, page, "/settings/exports/")
    page.locator("main a[data-dialog]").first.click()
    expect(page.locator("#dialog input[name=first]")).to_be_visible()
    hold(page, "choosing a time")
    page.locator("#dialog input[name=last]").fill("2000-01-01")
    page.locator("#dialog button.btn-primary").click()
    expect(page.locator("#dialog .field-error, #dialog .invalid-feedback").first).to_be_visible()
    hold(page, "a time that makes no sense")
    page.locator("#dialog input[name=last]").fill("")
    page.locator("#dialog button.btn-primary").click()
    download = page.locator("a[download]")
    expect(download).to_be_visible()
    hold(page, "an export")
    with page.expect_download() as begun:
        download.click()
    assert begun.value.suggested_filename.startswith("events-")
    assert begun.value.path().read_bytes().startswith(b"PAR1")
    look(server, page, "/settings/exports/")

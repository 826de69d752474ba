"""Pages hold to WCAG 2.2 AA as far as axe-core can tell, in light and dark, with their menus and dialogs open."""

import json
import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.fixtures.axe import AXE, hold, look
from tests.fixtures.waiting import until

PASSWORD = "a long enough password"
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
    ask("/api/v1/accounts", {"name": "Lotus Ltd", "domain": "lotus.test", "sector": "Software"})
    ask(f"/api/v1/accounts/{account}/notes", {"text": "Call **again** on Monday"})
    ask("/api/v1/leads", {"name": "Wu", "company": "Wren"})
    ask("/api/v1/deals", {"name": "Lotus, 50 seats", "account_id": account})
    ask("/api/v1/tasks", {"title": "Send the case", "account_id": account, "due_on": "2026-11-30"})
    ask("/api/v1/duplicates/scans", {})
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
    until(lambda: ask("/api/v1/duplicates")["items"], "the two customers that are one")
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
        "/accounts/",
        "/deals/1/",
        "/calendar/2026/11/",
        "/accounts/1/duplicates/2/",
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "the page is wider than the phone"


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


def test_lists(server, page):
    asked = quote(json.dumps([{"field": "sector", "op": "is", "value": ["Software"]}]))
    look(server, page, f"/accounts/?filter={asked}&group=owner")
    page.locator("[data-filter]").click()
    expect(page.locator("#dialog .filter-choices")).to_be_visible()
    hold(page, "a filter", "#dialog")
    page.goto(f"{server.url}/accounts/")
    for opener, opened in ((".toolbar-end a[data-dialog]", ".column-list"), (".list-view-verbs a", "input[name=name]")):
        page.locator(opener).click()
        expect(page.locator(f"#dialog {opened}")).to_be_visible()
        hold(page, opened, "#dialog")
        page.keyboard.press("Escape")
    page.locator("[data-mark-page]").check()
    hold(page, "marked rows", ".list")
    page.locator("a[data-bulk]").first.click()
    expect(page.locator("#dialog #bulk-fields")).to_be_visible()
    hold(page, "a change of many", "#dialog")


def test_records_and_days(server, page):
    look(
        server, page, "/leads/1/", "/deals/", "/deals/1/", "/tasks/", "/calendar/2026/11/", "/calendar/week/2026-11-30/"
    )
    page.goto(f"{server.url}/accounts/1/")
    page.locator("#history").scroll_into_view_if_needed()
    page.locator("[data-edit$='/facts/sector/'] .cell-edit").click()
    expect(page.locator("[data-edit] input[name=sector]")).to_be_visible()
    hold(page, "a record with a note, its history and a field that is edited")


def test_two_that_may_be_one(server, page):
    look(server, page, "/duplicates/", "/accounts/1/duplicates/2/", "/accounts/1/merge/", "/duplicates/mergers/")


def test_a_file_from_choosing_to_the_end(server, page):
    look(server, page, "/imports/new/")
    rows = "Name,Website,Employees\nRook,rook.test,many\nWren,wren.test,12\n"
    file = {"name": "accounts.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.locator("input[name=kind]").first.check()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("select").first).to_be_visible()
    hold(page, "the columns of a file")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main .btn-primary .ti-file-import")).to_be_visible()
    hold(page, "what a check found")
    look(server, page, "/imports/", "/imports/mappings/")


def test_what_a_company_sets_and_finds(server, page):
    look(server, page, "/settings/custom-fields/", "/settings/custom-fields/new/", "/search/?q=lotus", "/shortcuts/")
    look(server, page, "/notifications/", "/notifications/settings/")
    page.keyboard.press("Control+k")
    page.keyboard.type("lotus")
    expect(page.locator(".palette-title").first).to_be_visible()
    hold(page, "the palette")

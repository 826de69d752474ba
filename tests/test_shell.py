"""The shell in a real browser: moving about, keyboard, palette, dialogs, undo, theme, language, phone."""

import re

import pytest
from playwright.sync_api import expect

PASSWORD = "a long enough password"
expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def server(live):
    for name in ("ada", "bo"):
        role = ("--name", name.title(), "--role", "administrator", "--password", PASSWORD)
        live.run("user", "add", f"{name}@proofline.test", *role)
    return live


@pytest.fixture
def enter(server, people):
    """Open a window and sign in."""

    def enter(who="ada", **options):
        page = people.window(**options)
        page.goto(f"{server.url}/")
        page.locator("input[name=login]").fill(f"{who}@proofline.test")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button.btn-primary").click()
        expect(page.locator("#side")).to_be_attached()
        page.wait_for_load_state("load")
        return page

    return enter


def stay(page):
    """Mark the document; a full load would forget the mark."""
    page.evaluate("window.stayed = true")


def stayed(page):
    return page.evaluate("window.stayed === true")


def add_task(page, title):
    page.keyboard.press("c")
    page.locator("#dialog input[name=title]").fill(title)
    page.locator("#dialog button.btn-primary").click()
    expect(page.locator("#dialog")).not_to_be_visible()


def test_moving_swaps_the_content_alone_and_the_address_is_true(enter):
    page = enter()
    stay(page)
    page.locator("#side-nav").get_by_text("Accounts").click()
    expect(page.locator(".bar h1")).to_have_text("Accounts")
    expect(page).to_have_title(re.compile("^Accounts"))
    expect(page.locator(".side-item.active")).to_have_text("Accounts")
    assert page.url.endswith("/accounts/")
    page.locator("#side-nav").get_by_text("Tickets").click()
    expect(page.locator(".bar h1")).to_have_text("Tickets")
    page.go_back()
    expect(page.locator(".bar h1")).to_have_text("Accounts")
    expect(page.locator(".side-item.active")).to_have_text("Accounts")
    assert page.url.endswith("/accounts/")
    assert stayed(page)


def test_keys_go_to_pages_and_show_their_list(enter):
    page = enter()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.locator(".bar h1")).to_have_text("Deals")
    page.keyboard.press("?")
    expect(page.locator("#dialog")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).not_to_be_visible()


def test_the_palette_finds_and_goes_by_keyboard(enter):
    page = enter()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-input")).to_be_focused()
    page.keyboard.type("contrac")
    expect(page.locator("[role=option]").first).to_contain_text("Contracts")
    expect(page.locator('[role=option][aria-selected="true"]')).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".bar h1")).to_have_text("Contracts")
    expect(page.locator("#palette")).not_to_be_visible()
    page.goto(page.url.replace("/contracts/", "/accounts/"))
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-here")).to_contain_text("New account")  # the page's own verb
    page.keyboard.type("dark m")
    expect(page.locator("[role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.keyboard.press("Control+k")
    page.locator("#palette-input").fill("zzzzz")
    expect(page.locator("[data-palette-none]")).to_contain_text("zzzzz")
    page.locator("#palette-input").dispatch_event("compositionstart")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/palette/" in request.url else None)
    page.evaluate("""() => { const field = document.querySelector('#palette-input'); field.value = 'tun';
        field.dispatchEvent(new InputEvent('input', {bubbles: true, isComposing: true}));
        field.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, key: 'Enter', isComposing: true})); }""")
    expect(page.locator("#palette")).to_be_visible()
    with page.expect_request(lambda request: "/palette/" in request.url):
        page.evaluate("""() => { const field = document.querySelector('#palette-input'); field.value = '任务';
            field.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '任务'})); }""")
    assert len(asked) == 1
    expect(page.locator("[role=option]").first).to_contain_text("task")


def test_a_form_in_a_dialog_keeps_what_was_typed_and_leads_on(enter):
    page = enter()
    page.locator("#side-nav").get_by_text("Accounts").click()
    expect(page.locator(".bar h1")).to_have_text("Accounts")
    stay(page)
    page.locator("#main .verbs a.btn-primary").click()
    dialog = page.locator("form.form")
    dialog.locator("input[name=domain]").fill("kept.example")
    dialog.locator("button.btn-primary").click()
    expect(dialog.locator(".field-error")).to_have_count(1)
    expect(dialog.locator("input[name=domain]")).to_have_value("kept.example")
    dialog.locator("input[name=name]").fill("Kept & Co")
    dialog.locator("button.btn-primary").click()
    expect(page.locator(".record-name")).to_have_text("Kept & Co")
    assert re.search(r"/accounts/\d+/$", page.url)
    assert stayed(page)


def test_a_double_click_sends_a_form_once(enter):
    page = enter()
    page.locator("#side-nav").get_by_text("Accounts").click()
    expect(page.locator(".bar h1")).to_have_text("Accounts")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.keyboard.press("c")
    page.locator("#dialog input[name=name]").fill("Twice Ltd")
    page.locator("#dialog button.btn-primary").dblclick()
    expect(page.locator(".record-name")).to_have_text("Twice Ltd")
    page.goto(f"{page.url.partition('/accounts')[0]}/accounts/?q=Twice")
    expect(page.locator("th[scope=row]")).to_have_count(1)
    assert len(sent) == 1


def test_done_can_be_undone_from_the_toast(enter):
    page = enter()
    add_task(page, "Call Helen")
    page.keyboard.press("g")
    page.keyboard.press("t")
    row = page.locator(".today-item", has_text="Call Helen")
    row.locator(".today-verb button").click()
    expect(row).to_have_count(0)
    page.locator(".toast-undo").click()
    expect(row).to_have_count(1)
    expect(page.locator(".toast-undo")).to_have_count(0)
    assert page.url.endswith("/")
    row.locator(".today-verb button").click()
    expect(row).to_have_count(0)


def test_the_theme_is_chosen_and_kept_without_a_flash(enter):
    page = enter(color_scheme="light")
    html = page.locator("html")
    expect(html).to_have_attribute("data-bs-theme", "light")
    page.locator(".side-user > button").click()
    page.locator("[data-theme-switch] button[value=dark]").click()
    expect(html).to_have_attribute("data-bs-theme", "dark")
    answer = page.request.get(page.url).text()
    assert 'data-bs-theme="dark"' in answer.partition("<head>")[0]


def test_the_language_changes_where_one_is(enter):
    page = enter("bo")
    page.locator("#side-nav").get_by_text("Leads").click()
    expect(page.locator(".bar h1")).to_have_text("Leads")
    page.locator(".side-user > button").click()
    page.locator(".segmented button[value=zh-hans]").click()
    expect(page.locator(".bar h1")).to_have_text("线索")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.locator(".side-user > button").click()
    page.locator(".segmented button[value=en]").click()
    expect(page.locator(".bar h1")).to_have_text("Leads")


def test_on_a_phone_the_sidebar_is_a_drawer_and_no_page_scrolls_sideways(enter):
    page = enter(width=390, height=844)
    expect(page.locator("#side")).not_to_be_visible()
    for address in page.locator("#side-nav a").evaluate_all("links => links.map(link => link.href)"):
        page.goto(address)
        expect(page.locator("#main")).to_be_visible()
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, address
    page.locator("[data-drawer]").click()
    expect(page.locator("#side")).to_be_visible()
    page.locator("#side-nav").get_by_text("Accounts").click()
    expect(page.locator(".bar h1")).to_have_text("Accounts")
    expect(page.locator("#side")).not_to_be_visible()


def test_the_sidebar_stays_where_it_is_to_the_end_of_a_long_page(enter):
    page = enter(height=500)
    page.locator("#main").evaluate("main => { main.style.minHeight = '3000px' }")
    page.evaluate("scrollTo({ top: 5000, behavior: 'instant' })")
    assert page.evaluate("scrollY") > 2000
    assert page.locator("#side").bounding_box()["y"] == 0


def test_the_page_is_told_when_the_server_is_gone(enter, people):
    page = enter()
    page.context.set_offline(True)
    page.locator("#side-nav").get_by_text("Accounts").click()
    expect(page.locator(".toast-error")).to_contain_text("can't be reached")
    assert page.url.endswith("/")

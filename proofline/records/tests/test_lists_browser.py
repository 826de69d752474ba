"""The list of records in a real browser: narrowed, its columns chosen, rows marked, changed together, taken back, and edited by keyboard."""

import json
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect

from proofline.records.models import Account
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"
SOFTWARE = [{"field": "sector", "op": "is", "value": ["Software"]}]


@pytest.fixture(autouse=True)
def _records_beside_the_browser(monkeypatch):
    """Playwright runs an event loop in this thread, which makes Django refuse its own records."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def listed(live_server, people, sam):
    """The list of Sam's five accounts, in the order of their names."""
    for name, sector in zip(("Aster", "Birch", "Cedar", "Dahlia", "Elm"), ["Software", "Retail"] * 3, strict=False):
        Account.objects.add(by=sam, now=NOW, name=name, sector=sector, owner=sam)
    sam.set_password(PASSWORD)
    sam.save()
    page = people.window()
    page.goto(f"{live_server.url}/me/login/")
    page.fill("[name=login]", sam.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/accounts/?sort=name&filter={quote(json.dumps(SOFTWARE))}")
    return page


def holds(page, *names):
    expect(page.locator("tbody th[scope=row]")).to_have_text(names)


def test_a_list_is_worked_with(listed):
    narrows(listed)
    chooses_columns(listed)
    changes_many_and_takes_it_back(listed)
    edits_by_keyboard(listed)


def narrows(page):
    """The address narrows, the panel changes that, and the address follows; back leads back."""
    holds(page, "Aster", "Cedar", "Elm")
    page.locator(".chip-on .chip-button", has_text="Software").click()
    choices = page.locator("#dialog .filter-choices")
    choices.get_by_label("Software").uncheck()
    choices.get_by_label("Retail").check()
    page.locator("#dialog").get_by_role("button", name="Show the records").click()
    holds(page, "Birch", "Dahlia")
    assert json.loads(parse_qs(urlsplit(page.url).query)["filter"][0])["all"][0]["value"] == ["Retail"]
    page.go_back()
    holds(page, "Aster", "Cedar", "Elm")
    page.get_by_role("link", name="Clear", exact=True).click()
    holds(page, "Aster", "Birch", "Cedar", "Dahlia", "Elm")


def chooses_columns(page):
    """A column is taken away, another one moved before its neighbour by keyboard."""
    heads = page.locator("thead th[scope=col]")
    before = heads.all_inner_texts()
    page.get_by_role("link", name="Columns").click()
    lines = page.locator("#dialog .column-line")
    lines.get_by_label("Employees").uncheck()
    lines.get_by_label("Location").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.locator("#dialog").get_by_role("button", name="Show these").click()
    expect(heads.get_by_text("Employees")).to_have_count(0)
    assert before[1:4] == ["Industry", "Employees", "Location"]
    assert heads.all_inner_texts()[1:3] == ["Location", "Industry"]


def changes_many_and_takes_it_back(page):
    """Shift marks all between; what was changed can be undone from the toast."""
    marks = page.locator("[data-mark]")
    marks.nth(1).check()
    marks.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    page.locator(".bulk-bar").get_by_role("link", name="Change").click()
    page.locator("#dialog select[name=field]").select_option("employees")
    expect(page.locator("#dialog input[name=value][type=number]")).to_be_visible()
    page.locator("#dialog select[name=field]").select_option("sector")
    page.locator("#dialog input[name=value][type=text]").fill("Energy")
    page.locator("#dialog").get_by_role("button", name="Change").click()
    expect(page.locator("tbody td[data-edit*=sector]", has_text="Energy")).to_have_count(3)
    page.locator(".toast-undo").click()
    expect(page.locator("tbody td[data-edit*=sector]", has_text="Energy")).to_have_count(0)
    assert list(Account.objects.order_by("name").values_list("sector", flat=True)) == [
        "Software",
        "Retail",
        "Software",
        "Retail",
        "Software",
    ]


def edits_by_keyboard(page):
    """E opens a cell, Escape takes back, Enter saves."""
    cell = page.locator("tbody tr", has_text="Cedar").locator("[data-edit*=sector]")
    cell.locator(".cell-edit").focus()
    page.keyboard.press("e")
    expect(cell.locator("input[name=sector]")).to_be_focused()
    page.keyboard.type("nonsense")
    page.keyboard.press("Escape")
    expect(cell).to_contain_text("Software")
    page.keyboard.press("e")
    expect(cell.locator("input[name=sector]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Robots")
    page.keyboard.press("Enter")
    expect(cell.locator(".cell-edit")).to_be_visible()
    expect(cell).to_contain_text("Robots")
    assert Account.objects.get(name="Cedar").sector == "Robots"


# As extensions and the taking of pictures do: a style of an element is set, and an empty one is left.
TOUCH = "panel => panel.querySelectorAll('[id]').forEach((one) => { one.style.color = 'red'; one.style.color = ''; })"


def test_the_filter_is_built_on_a_phone(listed):
    """The panel fits the window whatever it asks, and the content policy stops nothing of it."""
    listed.set_viewport_size({"width": 390, "height": 780})
    listed.locator(".chip-on .chip-button", has_text="Software").click()
    panel = listed.locator("#dialog")
    for name in ("Behaviour", "Group", "Contacts", "Group"):
        panel.evaluate(TOUCH)
        before = panel.locator(".filter-condition, .filter-group").count()
        panel.locator(".filter-add").first.get_by_role("button", name=name, exact=True).click()
        expect(panel.locator(".filter-condition, .filter-group")).not_to_have_count(before)
    field = panel.locator("select[name$='.field']").last
    field.select_option("created_at")
    condition = panel.locator("select[name$='.op']").last
    expect(condition.locator("option[value=between]")).to_have_count(1)
    condition.select_option("between")
    expect(panel.locator("input[type=date]")).to_have_count(2)
    fits(panel)
    panel.locator("input[type=date]").first.fill("2026-11-01")
    panel.get_by_role("button", name="Show the records").click()
    expect(panel.locator(".form-error")).to_contain_text("a value is missing")
    expect(panel.locator("input[type=date]").first).to_have_value("2026-11-01")
    fits(panel)


def test_long_words_do_not_make_the_filter_wider_than_a_phone(listed, sam):
    Account.objects.add(by=sam, now=NOW, name="Fir", sector="Softwareentwicklungsdienstleistungen" * 2, owner=sam)
    listed.set_viewport_size({"width": 390, "height": 780})
    listed.goto(f"{listed.url.partition('?')[0]}?filter={quote(json.dumps([*SOFTWARE, {'field': 'name'}]))}")
    listed.locator("[data-filter]").click()
    panel = listed.locator("#dialog")
    fits(panel)
    panel.locator("[name='1.value']").fill("")
    panel.locator("select[name='1.field']").select_option("employees")
    panel.locator("input[type=number]").fill("")
    fits(panel)


def fits(panel):
    """Nothing of the panel, nor of the boxes in it, is to be had by scrolling sideways alone."""
    wide = """panel => [panel, ...panel.querySelectorAll("form, fieldset, .filter-line, .filter-choices")]
        .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)"""
    assert panel.evaluate(wide) == []

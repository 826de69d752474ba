"""A record's page in a real browser: a fact edited by keyboard, a note that mentions a colleague, files that are dropped."""

import pytest

from proofline.records.models import Account, Note, Notification, RecordFile

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"
DROP = """(place, files) => {
    const data = new DataTransfer();
    files.forEach(([name, text]) => data.items.add(new File([text], name)));
    place.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(autouse=True)
def _records_beside_the_browser(monkeypatch, settings, tmp_path):
    """Playwright runs an event loop in this thread, which makes Django refuse its own records."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    settings.MEDIA_ROOT = tmp_path


def test_a_fact_a_note_and_files(live_server, people, sam, mei, healthy):
    sam.set_password(PASSWORD)
    sam.save()
    page = people.window()
    page.goto(f"{live_server.url}/me/login/")
    page.fill("[name=login]", sam.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/accounts/{healthy.pk}/")
    edits(page, healthy)
    writes(page, mei, healthy)
    drops(page)


def edits(page, healthy):
    """Escape takes back, Enter saves, leaving saves; the page's title and its history follow."""
    sector = page.locator("[data-edit$='/facts/sector/']")
    sector.locator(".cell-edit").focus()
    page.keyboard.press("e")
    sector.locator("input[name=sector]").wait_for()
    page.keyboard.type("nonsense")
    page.keyboard.press("Escape")
    sector.get_by_text("manufacturing").wait_for()
    sector.get_by_text("manufacturing").click()
    sector.locator("input[name=sector]").wait_for()
    page.keyboard.type("robots")
    page.keyboard.press("Enter")
    sector.locator(".cell-value", has_text="robots").wait_for()
    name = page.locator("[data-edit$='/facts/name/']")
    name.locator(".cell-value").click()
    name.locator("input[name=name]").fill("Heron Drones")
    page.locator("#history h2").click()
    page.locator("h1", has_text="Heron Drones").wait_for()
    page.locator("#history").get_by_text("Heron Robotics").wait_for()
    found = Account.objects.get(pk=healthy.pk)
    assert (found.sector, found.name) == ("robots", "Heron Drones")


def writes(page, mei, healthy):
    """N begins a note, @ offers who may see the record, Ctrl+Enter saves; removed, it comes back."""
    page.keyboard.press("n")
    page.keyboard.type("**Agreed** with @mei")
    page.get_by_role("option", name="Mei 美 Manager").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.locator("#notes .mention", has_text="@Mei 美 Manager").wait_for()
    assert Note.objects.get().text == f"**Agreed** with <@{mei.pk}>"
    assert Notification.objects.get(user=mei).kind == "mention"
    page.get_by_role("button", name="Remove the note").click()
    page.locator("#notes .mention").wait_for(state="detached")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.locator("#notes .mention").wait_for()


def drops(page):
    """What is of no type that is taken is said, and the others come."""
    page.locator("#files").evaluate(DROP, [["报价单.txt", "120"], ["virus.exe", "MZ"], ["b.csv", "1,2"]])
    page.locator("#files .file-line").nth(1).wait_for()
    page.locator("#files").get_by_text("“virus.exe” is of no type that is taken here.").wait_for()
    assert {kept.name for kept in RecordFile.objects.all()} == {"报价单.txt", "b.csv"}

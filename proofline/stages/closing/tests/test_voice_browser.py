"""In a real browser: a word that we avoid is replaced in what stands in the form, and nothing typed meanwhile is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from proofline.records.models import Wording
from proofline.stages.closing.models import Quote

pytestmark = pytest.mark.django_db(transaction=True)
HINT = "We avoid “cheap” and write “economical”."


@pytest.fixture(autouse=True)
def economical(db):
    return Wording.objects.add(english="economical", chinese="经济实惠", avoid="cheap\n便宜")


@pytest.fixture
def desk(live_server, people, sam):
    """Return `desk(path)`: the page as Sam sees it."""

    def desk(path, **options):
        page = people.window(**options)
        client = Client()
        client.force_login(sam)
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page.goto(live_server.url + path)
        return page

    return desk


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_on_a_quote_stays_when_a_word_is_replaced(desk, quote, scripts):
    quote.edit(options=[{} for _option in quote.ordered_options], note="A cheap start.")
    page = desk(reverse("closing:quote", args=[quote.pk]), java_script_enabled=scripts)
    note = page.locator("[name=note]")
    expect(page.get_by_text(HINT)).to_be_visible()
    note.fill("A cheap start.\nWith a cheap end, typed just now.")
    page.locator("[name$=-seats]").first.fill("123")
    page.get_by_role("button", name="Replace").click()
    expect(note).to_have_value("A economical start.\nWith a economical end, typed just now.")
    expect(page.locator("[name$=-seats]").first).to_have_value("123")
    expect(page.get_by_text(HINT)).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    kept = Quote.objects.get(pk=quote.pk)
    assert kept.note.splitlines()[-1] == "With a economical end, typed just now."
    assert kept.ordered_options[0].seats == 123


def test_a_word_is_hinted_at_while_it_is_typed(desk, quote):
    page = desk(reverse("closing:quote", args=[quote.pk]))
    note = page.locator("[name=note]")
    note.press_sequentially("So cheap")
    expect(page.get_by_text(HINT)).to_be_visible()
    expect(note).to_be_focused()
    page.keyboard.type(", {{ cheap }}")
    page.get_by_role("button", name="Replace").click()
    expect(note).to_have_value("So economical, {{ cheap }}")
    expect(page.get_by_text(HINT)).to_be_hidden()

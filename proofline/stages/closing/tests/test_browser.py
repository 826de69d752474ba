"""The board by mouse and keyboard, winning in a dialog with a way back, choosing and signing on a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from proofline.stages.closing.models import Contract, Deal, Quote
from proofline.stages.closing.tests.test_board import open_deals

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

    from proofline.records.models import User
    from tests.fixtures.browser import People

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"


@pytest.fixture(autouse=True)
def records_beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright runs an event loop in this thread, which makes Django refuse its own records."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{server.url}/me/login/")
    page.fill("[name=login]", str(user.email))
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server.url}/")


def stage_of(deal: Deal) -> str:
    return Deal.objects.select_related("stage").get(pk=deal.pk).stage.name


def test_cards_are_moved_by_keyboard_and_by_mouse(live_server: LiveServer, page: Page, deal: Deal, sam: User) -> None:
    sign_in(page, live_server, sam)
    page.goto(f"{live_server.url}/deals/")
    card = page.locator(f'[data-card="{deal.pk}"]')
    card.focus()
    with page.expect_response("**/deals/moves/"):
        page.keyboard.press("Shift+ArrowRight")
    page.locator(".board-column", has_text="Engaging").locator(".board-count", has_text="1").wait_for()
    assert stage_of(deal) == "Engaging"
    target = page.locator(".board-column", has_text="Negotiation").locator("[data-cards]")
    with page.expect_response("**/deals/moves/"):
        card.drag_to(target)
    target.locator(f'[data-card="{deal.pk}"]').wait_for()
    page.locator(".board-column", has_text="Negotiation").locator(".board-count", has_text="1").wait_for()
    assert stage_of(deal) == "Negotiation"


def test_more_cards_come_on_request_and_near_the_end_and_can_be_moved_too(
    live_server: LiveServer, page: Page, sam: User, now: datetime
) -> None:
    open_deals(40, by=sam, now=now)
    sign_in(page, live_server, sam)
    page.goto(f"{live_server.url}/deals/")
    column = page.locator(".board-column").first
    column.get_by_role("button", name="More").click()
    column.locator("[data-card]").nth(29).scroll_into_view_if_needed()
    last = column.locator("[data-card]").nth(39)
    last.focus()
    with page.expect_response("**/deals/moves/"):
        page.keyboard.press("Shift+ArrowRight")
    column.locator(".board-count", has_text="39").wait_for()
    assert column.get_by_role("button", name="More").count() == 0


def test_a_deal_is_won_in_a_dialog_and_the_win_taken_back(
    live_server: LiveServer, page: Page, deal: Deal, sam: User
) -> None:
    sign_in(page, live_server, sam)
    page.goto(f"{live_server.url}{deal.get_absolute_url()}")
    page.get_by_role("link", name="Win", exact=True).click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("Won for").fill("-3")
    dialog.get_by_role("button", name="Win deal").click()
    dialog.locator(".field-error").wait_for()
    dialog.get_by_label("Won for").fill("15000")
    dialog.get_by_role("button", name="Win deal").click()
    page.get_by_text("Won on").wait_for()
    assert Deal.objects.get(pk=deal.pk).won.amount == 15_000
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Win", exact=True).wait_for()
    assert Deal.objects.get(pk=deal.pk).state == "open"


def test_a_customer_chooses_and_signs_on_a_phone(
    live_server: LiveServer, people: People, quote: Quote, deal: Deal, sam: User, screenshots: Path
) -> None:
    now, today = timezone.now(), timezone.localdate()
    quote.edit(valid_until=today + timedelta(days=20), options=[{}, {"recommended": True}, {}])
    quote.send(by=sam, now=now)
    phone = people.window(width=390, height=800)
    phone.goto(f"{live_server.url}/q/{quote.token}/")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_text("Choose Advanced").click()
    phone.locator("details[open]").get_by_label("Your full name").fill("Helen He")
    phone.screenshot(path=screenshots / "closing-offer.png", full_page=True)
    phone.locator("details[open]").get_by_role("button", name="Confirm this choice").click()
    phone.get_by_text("Helen He chose").wait_for()

    contract = Contract.objects.draft(deal=Deal.objects.get(pk=deal.pk), by=sam, now=now, today=today)
    contract.send(by=sam, now=now)
    phone.goto(f"{live_server.url}/c/{contract.token}/")
    phone.get_by_role("button", name="Sign the contract").click()
    phone.get_by_text("Tick this to sign.").wait_for()
    phone.get_by_label("Your full name").fill("Helen He")
    phone.get_by_label("I may sign for this company").check()
    phone.get_by_role("button", name="Sign the contract").click()
    phone.get_by_text("Keep the sealed PDF").wait_for()
    phone.screenshot(path=screenshots / "closing-contract.png", full_page=True)
    phone.get_by_role("link", name="Check the seal").click()
    phone.get_by_role("heading", name="The seal is intact").wait_for()
    assert Deal.objects.get(pk=deal.pk).state == "won"

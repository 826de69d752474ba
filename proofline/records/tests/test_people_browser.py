"""Who a contact is, in a real browser: taken out by a button, erased after a question, with the result when it is there."""

import pytest

from proofline.kit.jobs.running import run_pending
from proofline.timeline import identity, inbox
from proofline.timeline.models import Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"


@pytest.fixture(autouse=True)
def _records_beside_the_browser(monkeypatch):
    """Playwright runs an event loop in this thread, which makes Django refuse its own records."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def test_taken_out_and_erased(live_server, page, ada, lin, now):
    source = Source.add(name="Product", now=now)
    inbox.append(source, [{"type": "page", "anonymousId": "phone-1", "properties": {"path": "/"}}], now)
    project_pending()
    identity.tie(email=lin.email, contact=lin.pk, account=lin.account_id)
    said = {"type": "identify", "anonymousId": "phone-1", "userId": "user-lin", "traits": {"email": lin.email}}
    inbox.append(source, [said], now)
    project_pending()
    ada.set_password(PASSWORD)
    ada.save()
    page.goto(f"{live_server.url}/me/login/")
    page.fill("[name=login]", ada.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")

    page.goto(f"{live_server.url}/contacts/{lin.pk}/")
    card = page.locator("#who")
    card.get_by_text("phone-1").wait_for()
    card.get_by_role("button", name="Not the same person").click()
    card.get_by_text("phone-1").wait_for(state="detached")
    card.get_by_role("link", name="Merge with somebody else").click()
    page.get_by_label("E-mail, user id, device or number").fill("phone-1")
    page.get_by_role("button", name="Merge").click()
    page.locator("#who").get_by_text("phone-1").wait_for()
    page.get_by_role("link", name="Erase this person’s behaviour").click()
    page.get_by_role("button", name="Erase for good").click()
    page.get_by_text("This goes on when you leave this page.").wait_for()
    run_pending()
    page.get_by_text("Nothing of person").wait_for()
    page.get_by_role("row", name="keys 3").wait_for()

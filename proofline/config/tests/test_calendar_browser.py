"""The calendar and the bell in a real browser: moved by keyboard and by mouse, opened without leaving the page."""

from datetime import date

import pytest

from proofline.records.models import Notification, Task

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"


@pytest.fixture(autouse=True)
def _records_beside_the_browser(monkeypatch):
    """Playwright runs an event loop in this thread, which makes Django refuse its own records."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def test_a_task_is_moved_and_the_bell_opens_where_one_is(live_server, page, sam, mei, now):
    task = Task.objects.add(by=mei, now=now, title="Call Helen", owner=sam, due_on=date(2026, 11, 3))
    sam.set_password(PASSWORD)
    sam.save()
    page.goto(f"{live_server.url}/me/login/")
    page.fill("[name=login]", sam.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/calendar/2026/11/")
    card = page.locator(f"[data-card='{task.pk}']")
    with page.expect_response("**/calendar/moves/") as answer:
        card.press("Shift+ArrowRight")
    assert answer.value.status == 204
    page.reload()
    page.locator(f"[data-column='2026-11-04'] [data-card='{task.pk}']").wait_for()
    with page.expect_response("**/calendar/moves/") as answer:
        card.drag_to(page.locator("[data-column='2026-11-12'] [data-cards]"))
    assert answer.value.status == 204
    assert Task.objects.get().due_on == date(2026, 11, 12)
    assert page.locator("#bell-count").inner_text().startswith("1")
    page.get_by_role("button", name="Notifications").click()
    page.locator("#bell-panel").get_by_text("gave you a task: Call Helen").wait_for()
    page.locator("#bell-count").wait_for(state="hidden")
    assert not Notification.objects.unread().exists()
    assert page.url.endswith("/calendar/2026/11/")

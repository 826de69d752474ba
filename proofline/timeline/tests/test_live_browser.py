"""The live view in a real browser, of a real server."""

import http.client
import json
import time

import pytest
from playwright.sync_api import expect

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def key(live):
    live.run("user", "add", "ada@proofline.test", "--name", "Ada", "--role", "administrator", "--password", PASSWORD)
    return json.loads(live.run("source", "add", "Product", "--json").stdout)["write_key"]


def send(live, key, *names):
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    batch = [{"type": "track", "userId": "u1", "event": name, "properties": {"place": name}} for name in names]
    connection.request("POST", "/v1/batch", json.dumps({"writeKey": key, "batch": batch}))
    assert connection.getresponse().status == 200
    connection.close()


def enter(live, people, **options):
    page = people.window(**options)
    page.goto(f"{live.url}/settings/live/")
    page.locator("input[name=login]").fill("ada@proofline.test")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#live-poll")).to_be_visible()
    return page


def test_events_stand_there_within_a_second_until_it_is_paused(live, key, people):
    page = enter(live, people)
    send(live, key, "Lamp Lit")
    before = time.monotonic()
    expect(page.locator(".live-row").first).to_contain_text("Lamp Lit")
    assert time.monotonic() - before < 2  # a second between two questions, and what a busy machine takes
    expect(page.locator(".live-empty")).not_to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#live-poll")).to_contain_text("Paused")
    send(live, key, "Lamp Broken")
    page.wait_for_timeout(1500)  # longer than from one question to the next
    expect(page.locator(".live-row").first).to_contain_text("Lamp Lit")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".live-row").first).to_contain_text("Lamp Broken")
    send(live, key, *[f"Step {number}" for number in range(250)])
    expect(page.locator(".live-row").first).to_contain_text("Step 249")
    expect(page.locator(".live-row")).to_have_count(100)


def test_an_event_opens_as_json_and_a_filter_holds(live, key, people):
    send(live, key, "Door Opened", "Window Opened")
    page = enter(live, people)
    page.locator("input[name=event]").fill("door")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".live-row")).to_have_count(1)
    send(live, key, "Window Closed", "Door Closed")
    expect(page.locator(".live-row")).to_have_count(2)
    page.get_by_role("link", name="Door Closed").click()
    expect(page.locator("#dialog pre")).to_contain_text('"place": "Door Closed"')


def test_a_server_that_is_away_is_told_once_and_found_again(live, key, people):
    page = enter(live, people)
    live.stop()
    expect(page.locator(".live-off")).to_be_visible(timeout=40_000)  # a question under way is given up after 30 s
    page.wait_for_timeout(1500)
    expect(page.locator(".toast-error")).to_have_count(0)
    live.start()
    expect(page.locator(".live-on")).to_be_visible()
    send(live, key, "Back Again")
    expect(page.locator(".live-row").first).to_contain_text("Back Again")

"""On a phone in a real browser: the customer comments on a line and switches an add-on, the seller sees both and answers."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from proofline.stages.discovery.models import OfferedAddOn, Proposal
from proofline.stages.discovery.sending import send
from proofline.stages.discovery.tests.test_browser import sign_in  # noqa: F401 - a fixture
from proofline.stages.discovery.tests.test_wishing import configured, parts  # noqa: F401 - fixtures
from tests.fixtures.axe import AXE, hold

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(configured, study, case, parts, helen, sam, now):  # noqa: F811 - fixtures
    proposal = Proposal.objects.draft(by=sam, now=now, study=study)
    OfferedAddOn.offer(proposal, [parts["Automations"]])
    send(proposal, by=sam, now=timezone.now(), to=helen)
    return proposal


def test_a_customer_comments_and_switches_and_the_seller_sees_it(live_server, people, sent, sign_in, sam, screenshots):  # noqa: F811 - a fixture
    line = sent.value_case.lines.get()
    phone = people.window(width=390, height=800, reduced_motion="reduce")
    phone.add_init_script(path=AXE)
    phone.goto(f"{live_server.url}{sent.public_path}")
    place = phone.locator(f"#talk-line-{line.pk}")
    place.locator("summary").first.click()
    place.get_by_label("Your question or comment").fill("Is it really <b>12</b> people?")
    place.get_by_role("button", name="Send").click()
    expect(phone.locator(f"#talk-line-{line.pk}").get_by_text("Is it really <b>12</b> people?")).to_be_visible()
    phone.get_by_role("switch", name="Automations").click()
    expect(phone.get_by_role("switch", name="Automations")).to_be_checked()
    expect(phone.get_by_text("CN¥760")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.screenshot(path=screenshots / "proposal-talk-phone.png", full_page=True)
    hold(phone, "proposal on a phone")
    desk = people.window()
    sign_in(desk, sam)
    desk.goto(f"{live_server.url}{sent.get_absolute_url()}")
    expect(desk.get_by_role("button", name="Take into the configuration")).to_be_visible()
    there = desk.locator(f"#talk-line-{line.pk}")
    expect(there.get_by_text("Is it really <b>12</b> people?")).to_be_visible()
    there.get_by_label("Answer").fill("Helen counted them.")
    there.get_by_role("button", name="Answer").click()
    expect(desk.locator(f"#talk-line-{line.pk}").get_by_text("Helen counted them.")).to_be_visible()
    desk.screenshot(path=screenshots / "proposal-talk-seller.png", full_page=True)
    phone.reload()
    expect(phone.get_by_text("Helen counted them.")).to_be_visible()


def test_without_script_the_forms_work_as_well(live_server, people, sent):
    phone = people.window(width=390, height=800, java_script_enabled=False)
    phone.add_init_script(path=AXE)
    phone.goto(f"{live_server.url}{sent.public_path}")
    place = phone.locator("#talk-value")
    place.locator("summary").first.click()
    place.get_by_label("Your question or comment").fill("Why 40 %?")
    place.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Why 40 %?")).to_be_visible()


def test_the_page_that_asks_for_a_code_is_accessible(live_server, people, sent, helen, sam):
    send(sent, by=sam, now=timezone.now(), to=helen, asks_code=True)
    phone = people.window(width=390, height=800)
    phone.add_init_script(path=AXE)
    phone.goto(f"{live_server.url}{sent.public_path}")
    hold(phone, "asking for a code")
    phone.get_by_label("Your e-mail address").fill("helen@heron.test")
    phone.get_by_role("button", name="Send me a code").click()
    expect(phone.get_by_label("Code")).to_be_focused()
    hold(phone, "typing the code")

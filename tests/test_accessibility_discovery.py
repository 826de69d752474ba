"""The pages of discovery, of what is sold and of how to win hold to WCAG 2.2 AA as far as axe-core can tell, in light and dark."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from proofline.stages.discovery.models import QuestionnaireLink
from tests.fixtures.axe import AXE, hold, look
from tests.fixtures.keys import keys_of

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a-long-enough-one"
PAGES = (
    "/questionnaires/",
    "/questionnaires/templates/",
    "/questionnaires/{questionnaires}/",
    "/questionnaires/{questionnaires}/questions/how/",
    "/questionnaires/{questionnaires}/sections/situation/",
    "/questionnaires/{questionnaires}/preview/",
    "/questionnaires/{questionnaires}/results/",
    "/replies/",
    "/replies/{replies}/",
    "/interviews/{interviews}/",
    "/interviews/{interviews}/questions/",
    "/interview-notes/{interview-notes}/",
    "/studies/{studies}/interviews/",
    "/studies/{studies}/",
    "/studies/{studies}/use/",
    "/studies/{studies}/configuration/",
    "/configurations/{configurations}/",
    "/alternatives/{alternatives}/",
    "/needs/{needs}/comparison/{alternatives}/",
    "/catalogue/",
    "/catalogue/rules/",
    "/catalogue/rules/new/",
    "/catalogue/price-rules/",
    "/catalogue/price-rules/new/",
    "/catalogue/check/",
    "/competitors/",
    "/competitors/{competitors}/",
    "/competitors/{competitors}/claims/",
    "/claims/{claims}/",
    "/playbooks/",
    "/playbooks/{playbooks}/",
    "/playbooks/new/",
    "/playbooks/steps/{playbooks/steps}/",
    "/proposals/{proposals}/preview/",
    "/leads/{leads}/",
    "/deals/{deals}/",
    "/projects/{projects}/",
)


@pytest.fixture
def page(live_server, people, ada, keys, monkeypatch):
    """A window in which Ada is signed in."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    ada.set_password(PASSWORD)
    ada.save()
    page = people.window(reduced_motion="reduce")
    page.context.add_init_script(path=AXE)
    page.goto(f"{live_server.url}/me/login/")
    page.fill("[name=login]", ada.email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    return page


@pytest.fixture
def keys(story, sam, ada, east, lin, now):
    """The story's records by what stands in their addresses."""
    return keys_of(story, sam=sam, ada=ada, east=east, lin=lin, now=now)


def test_discovery_the_catalogue_and_battle_cards(live_server, page, keys):
    look(SimpleNamespace(url=live_server.url), page, *(address.format_map(keys) for address in PAGES))


def test_a_customer_answers_on_a_phone(live_server, page, keys, sam, now):
    sent = QuestionnaireLink.objects.get(pk=keys["questionnaire-links"])
    more = {"study": sent.study, "is_public": True}
    link = QuestionnaireLink.objects.send(sent.questionnaire, by=sam, now=now, **more)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/a/{link.token}/")
    expect(page.locator("main form").first).to_be_visible()
    hold(page, "a questionnaire as its customer sees it")
    page.goto(f"{live_server.url}/a/{sent.token}/")
    hold(page, "a questionnaire that was answered")
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "the page is wider than the phone"

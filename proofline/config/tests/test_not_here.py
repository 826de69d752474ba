"""An address that leads nowhere: visitors get a visitor's words, in their browser's language; we get ours."""

import pytest
from django.test import Client

from proofline.stages.discovery.models import Calculator

pytestmark = pytest.mark.django_db
OURS = "it belongs to another team"
NOWHERE = "nothing-is-kept-under-this-token"
PLACES = ("p", "a", "v", "q", "c", "portal", "f", "u", "roi")


@pytest.mark.parametrize("place", PLACES)
def test_a_link_that_leads_nowhere_speaks_as_to_a_visitor(place, sam, as_):
    for browser in (Client(), as_(sam)):
        answer = browser.get(f"/{place}/{NOWHERE}/", headers={"accept-language": "en"})
        said = answer.content.decode()
        assert answer.status_code == 404
        assert OURS not in said
        assert "Please ask whoever sent you the link for a new one." in said
        assert 'class="sidebar' not in said


@pytest.mark.parametrize("place", [*PLACES, "nowhere"])
def test_and_in_the_language_of_the_browser(place, db):
    answer = Client().get(f"/{place}/{NOWHERE}/", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert answer.status_code == 404
    assert "请向发给您链接的人索取新链接" in answer.content.decode()


def test_a_calculator_that_is_not_published_says_nothing_of_our_house(sam, now):
    made = Calculator.objects.begin(by=sam, now=now, name="Reports", title_en="What do reports cost?", currency="CNY")
    answer = Client().get(made.public_path, headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert OURS not in answer.content.decode()


def test_we_are_told_in_our_words(sam, as_):
    answer = as_(sam).get("/accounts/987654/")
    assert answer.status_code == 404
    assert OURS in answer.content.decode()

"""The company's brand and voice: a logo that only draws, words that we avoid and what we write instead."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proofline.kit.documents import image_data
from proofline.kit.documents.logos import check_logo
from proofline.records.forms.voice import Typed
from proofline.records.models import Evidence, Wording, Workspace
from proofline.records.models.wordings import replaced
from tests.fixtures.sale import Program

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">%s</svg>'


@pytest.fixture
def economical(db):
    return Wording.objects.add(english="economical", chinese="经济实惠", avoid="cheap\n便宜")


def test_avoided_words_are_found_whole_and_in_both_languages(economical):
    (hint,) = Wording.objects.hints("Cheap and cheapest, cheaply.", language="en")
    assert (hint.found, hint.instead) == ("Cheap", "economical")
    (hint,) = Wording.objects.hints("这个方案很便宜。", language="zh-hans")
    assert (hint.found, hint.instead) == ("便宜", "经济实惠")


def test_what_says_it_right_already_is_no_hint_and_stays(db):
    Wording.objects.add(english="value case", avoid="case\ncalculation")
    text = "A value case; the case, a calculation and a Value Case."
    hints = Wording.objects.hints(text, language="en")
    assert [hint.found for hint in hints] == ["case", "calculation"]
    for hint in hints:
        text = replaced(text, hint)
    assert text == "A value case; the value case, a value case and a Value Case."


def test_a_drawing_is_kept_as_the_company_s_logo(ada, as_):
    browser, content = as_(ada), SVG % b'<rect width="9" height="9" fill="#2f5bea"/>'
    form = browser.get(reverse("records:workspace")).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "logo"}
    answer = browser.post(reverse("records:workspace"), typed | {"logo": SimpleUploadedFile("logo.svg", content)})
    assert answer.status_code == 302
    assert Workspace.objects.get().brand["logo"] == image_data(content)


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b'<rect onload="alert(1)" width="9" height="9"/>',
        b'<use href="https://elsewhere.test/x.svg#a"/>',
        b"<foreignObject/>",
        b'<rect style="fill:url(https://elsewhere.test/x)"/>',
        b"<style>@import 'https://elsewhere.test/x.css';</style>",
        b"<unclosed>",
    ],
)
def test_what_does_more_than_draw_is_no_logo(inside):
    with pytest.raises(ValidationError):
        check_logo(SVG % inside)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\nbroken", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>']
)
def test_a_broken_logo_is_refused(content):
    with pytest.raises(ValidationError):
        check_logo(content)


def test_the_glossary_is_kept_in_settings(economical, as_, ada, sam):
    page = as_(ada).get(reverse("records:workspace")).content.decode()
    assert "economical · 经济实惠" in page
    assert "Contrast of the accent colour" in page
    answer = as_(ada).post(reverse("records:wording_new"), {"avoid": "cheap"})
    assert answer.status_code == 422
    as_(ada).post(reverse("records:wording", args=[economical.pk]), {"english": "good value", "avoid": "cheap"})
    assert str(Wording.objects.get()) == "good value"
    assert as_(sam).post(reverse("records:wording_removal", args=[economical.pk])).status_code == 403
    as_(ada).post(reverse("records:wording_removal", args=[economical.pk]))
    assert not Wording.objects.exists()


def test_the_glossary_through_the_api(ada, sam, now):
    api = Program(ada, now)
    added = api.call("post", "/wordings", {"english": "economical", "avoid": "cheap"})
    assert added.status_code == 201
    hints = Program(sam, now).call("post", "/wordings/hints", {"text": "so cheap", "language": "en"})
    assert hints.json() == [{"found": "cheap", "instead": "economical"}]
    assert Program(sam, now).call("post", "/wordings", {"english": "x"}).status_code == 403
    assert api.call("patch", f"/wordings/{added.json()['id']}", {"avoid": ""}).json()["english"] == "economical"
    assert api.call("delete", f"/wordings/{added.json()['id']}").status_code == 204


def test_a_story_says_it_our_way_and_a_title_that_would_grow_too_long_says_so(economical, as_, ada):
    story = Evidence.objects.create(kind="story", title="Cheap at Heron", body="So cheap; cheap.")
    page, there = story.get_absolute_url(), reverse("records:evidence_wording", args=[story.pk])
    assert "We avoid “Cheap” and write “economical”." in as_(ada).get(page).content.decode()
    as_(ada).post(there, {"found": "Cheap", "next": page})
    story.refresh_from_db()
    assert (story.title, story.body) == ("economical at Heron", "So economical; economical.")
    story.change(by=ada, now=timezone.now(), title=("cheap " * 33).strip())
    answer = as_(ada).post(there, {"found": "cheap", "next": page}, follow=True)
    assert "at most 200 characters" in answer.content.decode()
    assert Evidence.objects.get().title.startswith("cheap")


def test_a_hint_tells_the_words_around_it(economical):
    text = "First a word.\nOur cheap tool saves hours for each of the people who use it."
    (hint,) = Typed("en", {"intro": [text]}).hints()
    assert hint.around == "First a word. Our cheap tool saves hours for ea…"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"english": "Economical"}, "english"),
        ({"english": "priced well", "chinese": "经济实惠"}, "chinese"),
        ({"english": "CHEAP"}, "english"),
        ({"english": "priced well", "avoid": "low\neconomical"}, "avoid"),
        ({"english": "priced well", "avoid": "Priced well"}, "avoid"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(economical, ada, now, given, field):
    answer = Program(ada, now).call("post", "/wordings", given)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    economical.change(avoid="cheap\n便宜\nlow-cost")
    assert economical.avoided[-1] == "low-cost"

"""A question is built by clicks: what is offered, where a choice leads, and what is refused."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from proofline.insight.tests.explored import OCTOBER, SHARE, SIGN_UP, USE, address, events, text_of
from proofline.timeline import store

pytestmark = pytest.mark.django_db

WRONG = [
    ("trend", "[]", "q has to be an object"),
    ("trend", "{", "q has to be an object"),
    ("trend", '{"events":[{"event":null}],"colour":"red"}', "colour"),
    (
        "trend",
        '{"events":[{"event":"a","where":[{"of":"person","name":"shoe","op":"is","value":1}]}]}',
        "events[0].where[0].name",
    ),
    ("trend", '{"events":[{"event":"a"}],"from":"yesterday"}', "from"),
    ("funnel", '{"events":[{"event":"a"},{"event":"b"}],"window":"soon"}', "window"),
    ("trend", '{"events":[{"event":"\\u0000"}]}', "q has to be an object"),
    ("trend", '{"events":[{"event":"\\ud800"}]}', "q has to be an object"),
    ("trend", "[" * 5000, "q has to be an object"),
]


@pytest.mark.parametrize(("kind", "q", "field"), WRONG)
@pytest.mark.parametrize("page", ["", "people/", "table.csv"])
def test_a_question_that_can_not_be_asked_says_which_field_is_wrong(kind, q, field, page, ada, as_):
    answer = as_(ada).get(f"/insight/explore/{kind}/{page}", {"q": q, "at": "{}"})
    assert answer.status_code == 400
    assert field in text_of(answer)
    assert "This question can't be asked" in text_of(answer)


@pytest.mark.parametrize("q", ['{"events":5}', '{"events":[5]}', '{"events":[{"event":5,"where":7}]}', '{"where":[1],"events":[{"event":"a"}]}', '{"by":3,"events":[{}]}', '{"interval":[],"events":[{}]}', '{"from":{},"events":[{}]}', '{"limit":{},"events":[{}]}', '{"measure":[1],"order":{},"window":[],"per":{},"events":[{},{}]}'])  # fmt: skip
@pytest.mark.parametrize("kind", ["trend", "funnel", "paths", "usage"])
def test_no_question_breaks_the_builder(kind, q, ada, as_):
    assert as_(ada).get(f"/insight/explore/{kind}/", {"q": q}).status_code in {200, 400}
    assert as_(ada).get("/insight/explore/choices/", {"q": q, "kind": kind, "what": "filter", "of": "property", "name": "x", "scope": "0", "at": "0"}).status_code in {200, 404}  # fmt: skip


def test_a_store_that_does_not_answer_loses_nothing(sign_ups, ada, as_, monkeypatch):
    question = address("trend", events=events(SIGN_UP))
    browser = as_(ada)

    def down(*_given, **_named):
        raise store.StoreError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(store, "query", down)
        answer = browser.get(question)
        assert answer.status_code == 200
        assert "The events can't be read right now" in text_of(answer)
        assert "Signed Up" in text_of(answer)
        for page in (
            "/insight/explore/choices/?what=event",
            address("trend", "table.csv", events=events(SIGN_UP)),
            address("trend", "people/", events=events(SIGN_UP)) + "&at={}",
        ):
            assert "can't be read right now" in text_of(browser.get(page))


def test_the_builder_offers_what_there_is(sign_ups, healthy, ada, as_):
    browser = as_(ada)

    def offered(**given):
        page = text_of(browser.get("/insight/explore/choices/", {"kind": "trend", **given}))
        return re.findall(r'class="dropdown-item"[^>]*>([^<]*)<', page)

    assert offered(what="event") == ["Any event", SIGN_UP, USE, SHARE]
    assert offered(what="event", find="used") == [USE]
    assert {"plan", "feature", "spent", "Account", "Source"} <= set(offered(what="field", scope=""))
    assert offered(what="number", find="spe") == ["spent", "spent"]
    assert offered(what="filter", of="property", name="plan", scope="") == ["pro", "free"]
    assert offered(what="filter", of="property", name="plan", scope="", value="f") == ["free"]
    assert offered(what="filter", of="account", name="id", scope="", value="heron") == ["Heron Robotics"]
    assert offered(what="filter", of="source", name="", scope="") == ["Product"]
    for wrong in ({"what": "nothing"}, {"kind": "none"}, {"what": "filter", "of": "person", "name": "shoe"}):
        assert browser.get("/insight/explore/choices/", {"kind": "trend", **wrong}).status_code == 404


def test_a_choice_leads_to_the_address_of_the_next_question(sign_ups, ada, as_):
    browser = as_(ada)
    asked = {**OCTOBER, "events": events(SIGN_UP)}
    steps = [
        {"do": "event", "at": "1", "value": USE},
        {"do": "where", "scope": "0", "of": "property", "name": "plan", "op": "in", "value": "pro, free"},
        {"do": "by", "value": "property:plan"},
        {"do": "measure", "value": "people"},
        {"do": "range", "from": "2026-10-05", "to": "2026-10-31"},
    ]
    for step in steps:
        moved = browser.get("/insight/explore/trend/", {"q": json.dumps(asked), **step})
        assert moved.status_code == 302
        address_ = urlsplit(moved["Location"])
        assert set(parse_qs(address_.query)) == {"q"}
        asked = json.loads(parse_qs(address_.query)["q"][0])
        assert browser.get(moved["Location"]).status_code == 200
    where = [{"of": "property", "name": "plan", "op": "in", "value": ["pro", "free"]}]
    assert asked == {
        "events": [{"event": SIGN_UP, "where": where}, {"event": USE}],
        "by": {"of": "property", "name": "plan"},
        "measure": "people",
        "from": "2026-10-05",
        "to": "2026-11-01",
    }


def test_another_kind_asks_the_same_events(sign_ups, ada, as_):
    page = text_of(as_(ada).get(address("funnel", events=events(SIGN_UP, USE, SHARE), window="30d")))
    tabs = re.findall(r'class="explore-tab[^"]*" href="([^"]*)"', page)
    assert len(tabs) == 8
    for link in tabs:
        assert as_(ada).get(link).status_code == 200
        assert json.loads(parse_qs(urlsplit(link).query)["q"][0])["events"][0] == {"event": SIGN_UP}


def test_the_pages_speak_chinese(sign_ups, ada, as_):
    ada.change(language="zh-hans")
    page = text_of(as_(ada).get(address("funnel", events=events(SIGN_UP, USE))))
    assert "50.0% 的人走完全程；在 Feature Used 之前流失最多" in page
    assert "添加步骤" in page

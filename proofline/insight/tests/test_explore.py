"""Questions asked in the browser: each kind answered in words, with its table, its people and its file; and what is refused."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from proofline.insight.explore import behind
from proofline.insight.tests.explored import OCTOBER, Product, address, events
from proofline.timeline import identity, store

pytestmark = pytest.mark.django_db
SIGN_UP, USE, SHARE = "Signed Up", "Feature Used", "Report Shared"


@pytest.fixture
def product(now):
    """Twelve sign up on Monday; six of them use it a day later, three of these share a report after a week."""
    told = Product(now)
    for number in range(12):
        told.use(f"u{number:02}", SIGN_UP, plan="pro" if number % 3 else "free", minutes=number)
        if number % 2:
            told.use(f"u{number:02}", USE, day=1, feature="reports", spent=number)
        if number % 4 == 1:
            told.use(f"u{number:02}", SHARE, day=8)
    told.settle()
    return told


def text_of(answer):
    return html.unescape(answer.content.decode())


def headline(answer):
    found = re.search(r'chart-headline">([^<]*)<', text_of(answer))
    return found and found[1]


def cells(answer):
    """The rows of the table behind the chart, as words."""
    body = re.search(r"explore-table.*?<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)[1]
    rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [
            html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]*>", "", cell)).strip())
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row)
        ]
        for row in rows
    ]


def people_of(answer, number=0):
    """The address behind a number of the table."""
    return [link for link in re.findall(r'href="([^"]*)"', text_of(answer)) if "/people/" in link][number]


ANSWERS = [
    ("trend", {"events": events(SIGN_UP, USE), "interval": "week"}, "Signed Up leads with 12 events", ["5 Oct", "12", "6"]),
    ("funnel", {"events": events(SIGN_UP, USE, SHARE), "window": "30d"}, "25.0% of the people go all the way; most are lost before Feature Used", ["2. Feature Used", "6", "6", "50.0%", "50.0%", "23.9 hours"]),
    ("retention", {"events": events(SIGN_UP, USE), "interval": "day"}, "50.0% come back after 1 day, 0.0% after 26 days", None),
    ("paths", {"events": events(SIGN_UP), "window": "30d"}, "What follows Signed Up most often is Feature Used: 50.0% of the people", ["1", "Signed Up", "Feature Used", "6", "50.0%"]),
    ("paths", {"events": events(None, SHARE), "window": "30d"}, "What comes before Report Shared most often is Feature Used: 100.0% of the people", ["1", "Feature Used", "Report Shared", "3", "100.0%"]),
    ("lifecycle", {"events": events(None), "interval": "week"}, None, ["12 Oct", "0", "3", "0", "9"]),
    ("stickiness", {"events": events(None)}, "Half of the people are active on at least 1 day; 50.0% on 1 day only", ["2 days", "3", "25.0%", "50.0%"]),
    ("between", {"events": events(SIGN_UP, USE)}, "Half take up to 23.9 hours; 50.0% of 12 people get there", ["12 hours – 1 day", "6", "100.0%", "100.0%"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "question", "said", "row"), ANSWERS)
def test_a_question_is_answered_in_words_with_its_table(kind, question, said, row, product, ada, as_):
    answer = as_(ada).get(address(kind, **question))
    assert answer.status_code == 200
    if said:
        assert headline(answer) == said
    if row:
        assert row in cells(answer)
    assert "data-chart=" in text_of(answer)


@pytest.mark.parametrize(("kind", "question", "said", "row"), ANSWERS)
def test_every_number_leads_to_its_people(kind, question, said, row, product, ada, as_):
    browser = as_(ada)
    answer = browser.get(address(kind, **question))
    body = re.search(r"explore-table.*?<tbody>(.*?)</tbody>", text_of(answer), re.DOTALL)[1]
    behind = re.findall(r'href="([^"]*/people/[^"]*)"[^>]*>([\d,%]+)', body)
    assert behind
    for link, number in behind[:6]:
        shown = browser.get(link)
        assert shown.status_code == 200
        if "%" not in number and "interval" not in parse_qs(urlsplit(link).query)["at"][0]:
            assert text_of(shown).count("<tr>") - 1 == min(int(number), 12)


def test_use_is_told_per_account(product, healthy, ada, as_):
    for number in range(3):
        identity.tie(person=identity.resolve(user=f"u{number:02}"), account=healthy.pk)
    product.settle()
    answer = as_(ada).get(address("usage", events=events(None)))
    assert headline(answer) == "Heron Robotics does the most: 5 events by 3 people"
    assert cells(answer)[0][:4] == ["Heron Robotics", "5", "3", "3"]
    assert f'href="/accounts/{healthy.pk}/"' in text_of(answer)


def test_a_breakdown_names_its_slices(product, ada, as_):
    by = {"of": "property", "name": "plan"}
    answer = as_(ada).get(address("funnel", events=events(SIGN_UP, USE), by=by))
    assert [row[:3] for row in cells(answer)] == [
        ["pro", "1. Signed Up", "8"],
        ["pro", "2. Feature Used", "4"],
        ["free", "1. Signed Up", "4"],
        ["free", "2. Feature Used", "2"],
    ]
    people = as_(ada).get(people_of(answer))
    assert "Funnel · Signed Up · pro" in text_of(people)
    assert text_of(people).count("<tr>") == 9


def test_filters_stand_as_readable_chips_and_narrow_the_answer(product, ada, as_):
    where = [{"of": "property", "name": "plan", "op": "is", "value": "free"}]
    answer = as_(ada).get(address("trend", events=[{"event": SIGN_UP, "where": where}], interval="week"))
    assert "<strong>plan</strong> is <strong>free</strong>" in text_of(answer)
    assert cells(answer)[0] == ["In all", "4"]


def test_people_come_fifty_a_page(now, ada, as_):
    product = Product(now)
    for number in range(60):
        product.use(f"u{number:02}", SIGN_UP)
    product.settle()
    browser = as_(ada)
    first = browser.get(people_of(browser.get(address("trend", events=events(SIGN_UP)))))
    older = re.search(r'href="([^"]*)" rel="next"', text_of(first))[1]
    second = browser.get(older)
    names = [re.findall(r"u\d\d", text_of(page)) for page in (first, second)]
    assert [len(found) for found in names] == [50, 10]
    assert not set(names[0]) & set(names[1])
    assert 'rel="prev"' in text_of(second)


def test_people_are_named_as_far_as_one_may_see_them(product, helen, healthy, ada, as_):
    identity.tie(person=identity.resolve(user="u00"), contact=helen.pk, account=healthy.pk)
    product.settle()
    browser = as_(ada)
    shown = text_of(browser.get(people_of(browser.get(address("trend", events=events(SIGN_UP))))))
    assert f'<a href="/contacts/{helen.pk}/">Helen He</a>' in shown
    assert f'<a href="/accounts/{healthy.pk}/">Heron Robotics</a>' in shown
    assert f"/contacts/{helen.pk}/#feed" in shown
    stranger = identity.resolve(user="u01")
    assert f'<a href="/people/{stranger}/">u01</a>' in shown
    assert f'<a href="/people/{stranger}/#feed">Activity</a>' in shown


def test_people_whom_one_may_not_see_lead_nowhere(product, sam, healthy):
    theirs = identity.tie(person=identity.resolve(user="u01"), account=healthy.pk)
    stranger = identity.resolve(user="u02")
    assert [row.feed for row in behind.named([theirs, stranger], user=sam)] == [f"/people/{theirs}/#feed", ""]


def test_a_viewer_counts_only_what_they_may_see(product, healthy, sam, olga, as_):
    identity.tie(person=identity.resolve(user="u01"), account=healthy.pk)
    product.settle()
    question = address("trend", events=events(SIGN_UP), interval="week")
    assert cells(as_(sam).get(question))[0] == ["In all", "1"]
    assert "Nothing happened like that" in text_of(as_(olga).get(question))
    people = address("trend", "people/", events=events(SIGN_UP)) + "&at=" + json.dumps({"event": 0})
    assert "Nobody stands behind this number" in text_of(as_(olga).get(people))
    table = address("trend", "table.csv", events=events(SIGN_UP), interval="week")
    assert b"Signed Up,2026-10-05,0" in b"".join(as_(olga).get(table).streaming_content)
    offered = text_of(as_(olga).get("/insight/explore/choices/?what=event"))
    assert SIGN_UP not in offered


def test_the_file_is_streamed_and_harmless_in_a_spreadsheet(now, ada, as_):
    product = Product(now)
    for number, plan in enumerate(("=1+1", "+1", "-1", "@x", "\tx", "fine")):
        product.use(f"u{number}", SIGN_UP, plan=plan)
    product.settle()
    by = {"of": "property", "name": "plan"}
    answer = as_(ada).get(address("trend", "table.csv", events=events(SIGN_UP), by=by, interval="month"))
    assert answer.streaming
    assert answer["Content-Type"].startswith("text/csv")
    assert 'filename="trend.csv"' in answer["Content-Disposition"]
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Event,Slice,Time,")
    assert {line.split(",")[1] for line in lines[1:]} == {"'=1+1", "'+1", "'-1", "'@x", "'\tx", "fine"}


def test_without_events_the_page_says_where_they_come_from(ada, sam, as_):
    for kind in ("trend", "funnel", "usage"):
        assert "No events yet" in text_of(as_(ada).get(f"/insight/explore/{kind}/"))
    assert 'href="/settings/sources/"' in text_of(as_(ada).get("/insight/explore/trend/"))
    assert 'href="/settings/sources/"' not in text_of(as_(sam).get("/insight/explore/trend/"))


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


def test_a_store_that_does_not_answer_loses_nothing(product, ada, as_, monkeypatch):
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


def test_the_builder_offers_what_there_is(product, healthy, ada, as_):
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


def test_a_choice_leads_to_the_address_of_the_next_question(product, ada, as_):
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


def test_another_kind_asks_the_same_events(product, ada, as_):
    page = text_of(as_(ada).get(address("funnel", events=events(SIGN_UP, USE, SHARE), window="30d")))
    tabs = re.findall(r'class="explore-tab[^"]*" href="([^"]*)"', page)
    assert len(tabs) == 8
    for link in tabs:
        assert as_(ada).get(link).status_code == 200
        assert json.loads(parse_qs(urlsplit(link).query)["q"][0])["events"][0] == {"event": SIGN_UP}


def test_the_pages_speak_chinese(product, ada, as_):
    ada.change(language="zh-hans")
    page = text_of(as_(ada).get(address("funnel", events=events(SIGN_UP, USE))))
    assert "50.0% 的人走完全程；在 Feature Used 之前流失最多" in page
    assert "添加步骤" in page

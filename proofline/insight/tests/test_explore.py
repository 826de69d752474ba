"""Questions asked in the browser: each kind answered in words, with its table, its people and its file."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from proofline.insight.explore import behind
from proofline.insight.tests.explored import (
    SHARE,
    SIGN_UP,
    USE,
    Product,
    address,
    cells,
    events,
    headline,
    people_of,
    text_of,
)
from proofline.timeline import identity

pytestmark = pytest.mark.django_db

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
def test_a_question_is_answered_in_words_with_its_table(kind, question, said, row, sign_ups, ada, as_):
    answer = as_(ada).get(address(kind, **question))
    assert answer.status_code == 200
    if said:
        assert headline(answer) == said
    if row:
        assert row in cells(answer)
    assert "data-chart=" in text_of(answer)


@pytest.mark.parametrize(("kind", "question", "said", "row"), ANSWERS)
def test_every_number_leads_to_its_people(kind, question, said, row, sign_ups, ada, as_):
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


def test_use_is_told_per_account(sign_ups, healthy, ada, as_):
    for number in range(3):
        identity.tie(person=identity.resolve(user=f"u{number:02}"), account=healthy.pk)
    sign_ups.settle()
    answer = as_(ada).get(address("usage", events=events(None)))
    assert headline(answer) == "Heron Robotics does the most: 5 events by 3 people"
    assert cells(answer)[0][:4] == ["Heron Robotics", "5", "3", "3"]
    assert f'href="/accounts/{healthy.pk}/"' in text_of(answer)


def test_a_breakdown_names_its_slices(sign_ups, ada, as_):
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


def test_filters_stand_as_readable_chips_and_narrow_the_answer(sign_ups, ada, as_):
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
    names = [re.findall(r">(u\d\d)<", text_of(page)) for page in (first, second)]
    assert [len(found) for found in names] == [50, 10]
    assert not set(names[0]) & set(names[1])
    assert 'rel="prev"' in text_of(second)


def test_people_are_named_as_far_as_one_may_see_them(sign_ups, helen, healthy, ada, as_):
    identity.tie(person=identity.resolve(user="u00"), contact=helen.pk, account=healthy.pk)
    sign_ups.settle()
    browser = as_(ada)
    shown = text_of(browser.get(people_of(browser.get(address("trend", events=events(SIGN_UP))))))
    assert f'<a href="/contacts/{helen.pk}/">Helen He</a>' in shown
    assert f'<a href="/accounts/{healthy.pk}/">Heron Robotics</a>' in shown
    assert f"/contacts/{helen.pk}/#feed" in shown
    stranger = identity.resolve(user="u01")
    assert f'<a href="/people/{stranger}/">u01</a>' in shown
    assert f'<a href="/people/{stranger}/#feed">Activity</a>' in shown


def test_people_whom_one_may_not_see_lead_nowhere(sign_ups, sam, healthy):
    theirs = identity.tie(person=identity.resolve(user="u01"), account=healthy.pk)
    stranger = identity.resolve(user="u02")
    assert [row.feed for row in behind.named([theirs, stranger], user=sam)] == [f"/people/{theirs}/#feed", ""]


def test_a_viewer_counts_only_what_they_may_see(sign_ups, healthy, sam, olga, as_):
    identity.tie(person=identity.resolve(user="u01"), account=healthy.pk)
    sign_ups.settle()
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

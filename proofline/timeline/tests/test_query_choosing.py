"""What can be chosen when a question is built: events, properties, values; as far as the viewer may see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proofline.timeline import query, store
from proofline.timeline.query import Audience, Property, QuestionError, choosing
from proofline.timeline.tests.histories import happened

pytestmark = pytest.mark.django_db
THEIRS = Audience(accounts=frozenset({7}))


@pytest.fixture(autouse=True)
def _history():
    happened(
        *[("10-05 03:00", "Used", 1, {"account": 7, "plan": plan, "n": 1}) for plan in ("Pro", "Pro", "basic")],
        ("10-06 03:00", "Used", 2, {"account": 8, "plan": "Secret", "n": 1.5, "weird`name": True, "tags": ["a"]}),
        ("10-06 03:00", "Seen", 2, {"account": 8, "kind": "page", "context": {"campaign": {"source": "wechat"}}}),
    )


def test_events_by_how_often_they_happened():
    assert query.names() == [("Used", 4), ("Seen", 1)]
    assert query.names(limit=1) == [("Used", 4)]
    assert query.names(audience=THEIRS) == [("Used", 3)]


def test_properties_with_their_types():
    assert query.properties("Used") == [
        Property("property", "n", ("number",)),
        Property("property", "plan", ("text",)),
        Property("property", "tags", ("list",)),
        Property("property", "weird`name", ("boolean",)),
    ]
    assert query.properties("Seen") == [Property("context", "campaign.source", ("text",))]
    assert [one.name for one in query.properties("Used", audience=THEIRS)] == ["n", "plan"]
    assert query.properties("Nothing") == []


def test_values_the_most_frequent_first():
    assert query.values("Used", "plan") == [("Pro", 2), ("Secret", 1), ("basic", 1)]
    assert query.values("Used", "plan", starts_with="P") == [("Pro", 2)]
    assert query.values(None, "plan", starts_with="BAS") == [("basic", 1)]
    assert query.values("Used", "plan", audience=THEIRS) == [("Pro", 2), ("basic", 1)]
    assert query.values("Seen", "campaign.source", of="context") == [("wechat", 1)]
    assert query.values("Used", "weird`name") == [("true", 1)]
    with pytest.raises(QuestionError):
        query.values("Used", "a.:`Int64`")


@pytest.mark.parametrize("evil", ["'", "%", "_", "\\", "`", "{p0:String}", "中", "a\0"])
def test_what_is_typed_is_data(evil):
    assert query.values("Used", "plan", starts_with=evil) == []
    assert query.values(evil, evil) == []


YEARS = """
INSERT INTO events (id, at, received, kind, event, person, account, properties)
SELECT generateUUIDv4(), toDateTime64('2026-10-01 00:00:00', 3) - INTERVAL number * 5 MINUTE AS moment, moment, 'track',
    if(number < 150000, ['Opened', 'Closed'][1 + number % 2], 'Left Behind'), 1, 7, '{"page":"p' || toString(number % 3) || '"}'
FROM numbers(160000)
"""
"""One of two events every five minutes for a year and a half, another one before that."""


@pytest.fixture
def long_history(monkeypatch):
    """A store that holds more than anybody waits for; `long_history()` returns what was asked of it."""
    store.command(YEARS)
    store.command("OPTIMIZE TABLE events FINAL")
    monkeypatch.setattr(choosing, "LOOKED_THROUGH", 20_000)
    asked = []
    ask = store.query

    def listen(sql, parameters=None):
        asked.append((sql, parameters))
        return ask(sql, parameters)

    monkeypatch.setattr(store, "query", listen)
    yield lambda: asked
    monkeypatch.undo()


def test_names_of_long_ago_are_offered_after_those_of_lately(long_history):
    found = query.names()
    assert {name for name, times in found[:2] if 1_000 < times < 10_000} == {"Opened", "Closed"}
    assert found[2:] == [("Used", 4), ("Seen", 1), ("Left Behind", 0)]
    assert query.names(limit=2) == found[:2]


@pytest.mark.parametrize(
    "ask",
    [
        query.names,
        query.properties,
        lambda: query.properties("Opened"),
        lambda: query.values("Opened", "page"),
        lambda: query.values(None, "page", starts_with="p"),
        lambda: query.names(audience=THEIRS),
        lambda: query.properties("Opened", audience=THEIRS),
        lambda: query.values("Left Behind", "page", audience=THEIRS),
    ],
)
def test_a_part_of_a_long_history_is_looked_through(long_history, ask):
    assert ask()
    for sql, parameters in list(long_history()):
        assert choosing.PATIENCE in sql
        read = sum(row[3] for row in store.query(f"EXPLAIN ESTIMATE {sql}", parameters))
        plan = str(store.query(f"EXPLAIN actions = 1 {sql}", parameters))
        assert read < 60_000 or "InReverseOrder" in plan, (sql, read)


def test_who_sees_little_is_offered_what_they_may_see(long_history):
    assert query.values("Opened", "page", audience=Audience(accounts=frozenset({8}))) == []
    assert query.names(audience=Audience(accounts=frozenset({8}))) == [("Seen", 1), ("Used", 1)]
    assert query.names(audience=THEIRS)[-1] == ("Left Behind", 0)
    assert query.names(audience=Audience(contacts=frozenset({3}))) == []


@pytest.mark.parametrize("often", [timedelta(days=400), timedelta(days=8), timedelta(seconds=10)])
def test_however_seldom_or_often_something_happens_it_is_found(long_history, often, monkeypatch):
    monkeypatch.setattr(choosing, "LOOKED_THROUGH", 3)
    last = timezone.now() - timedelta(days=1)
    happened(*[(last - place * often, "Beat", 1, {"n": place}) for place in range(10)])
    assert query.properties("Beat") == [Property("property", "n", ("number",))]
    assert ("Beat", "n") in {(name, one.name) for name, _times in query.names() for one in query.properties(name)}

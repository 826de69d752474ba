"""Use per account: the daily tables and the events give the same answer."""

from datetime import UTC, datetime

import pytest

from proofline.timeline.query import Audience
from proofline.timeline.query.analyses import usage
from proofline.timeline.query.compiling import compiled
from proofline.timeline.tests.histories import NOW, ask, behind, happened, is_, known, question

pytestmark = pytest.mark.django_db  # who became whom is asked of the records

HISTORY = (
    ("10-05 03:00", "Used", 1, {"account": 7, "feature": "reports"}),
    ("10-05 15:59", "Used", 1, {"account": 7, "feature": "reports"}),
    ("10-05 16:00", "Used", 2, {"feature": "forecasts"}),  # their account is known since
    ("10-06 03:00", "Seen", 4, {"account": 8}),
    ("10-06 03:00", "deal.won", 0, {"account": 8, "kind": "fact"}),
    ("10-06 03:00", "Used", 5),
)


@pytest.fixture
def history():
    happened(*HISTORY)
    known((2, 2, 0, 7), (4, 3), (3, 3, 0, 9))


def rows(found):
    return [(one.account, one.events, one.people, one.days, one.last) for one in found.accounts]


EXPECTED = [
    (7, 3, 2, 2, datetime(2026, 10, 5, 16, tzinfo=UTC)),
    (8, 1, 1, 1, datetime(2026, 10, 6, 3, tzinfo=UTC)),
]


def test_what_each_account_did(history):
    assert usage.is_rolled_up(compiled(question("usage", None), now=NOW, zone="Asia/Shanghai"))
    assert rows(ask("usage", None)) == EXPECTED


def test_part_of_a_day_and_another_zone_are_counted_from_the_events(history):
    for fields in ({"from_": "2026-10-01T08:00"}, {"zone": "Europe/Berlin"}, {"where": [is_("x", None, "not_set")]}):
        asked = {key: value for key, value in fields.items() if key != "zone"}
        draft = compiled(question("usage", None, **asked), now=NOW, zone=fields.get("zone", "Asia/Shanghai"))
        assert not usage.is_rolled_up(draft)
        found = rows(ask("usage", None, **fields))
        assert [row[:3] for row in found] == [row[:3] for row in EXPECTED]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"where": [is_("id", 7, of="account")]}, [7]),
        ({"where": [is_("id", [7, 8], "in", of="account")]}, [7, 8]),
        ({"where": [is_("id", 7, "is_not", of="account")]}, [8]),
        ({"where": [is_("", "Used", of="event")]}, [7]),
        ({"where": [is_("id", 3, of="person")]}, [8]),
        ({"limit": 1}, [7]),
        ({"to": "2026-10-06"}, [7]),
        ({"from_": "2026-10-06"}, [7, 8]),
    ],
)
def test_both_ways_agree(history, monkeypatch, fields, expected):
    quick = rows(ask("usage", None, **fields))
    assert [row[0] for row in quick] == expected
    monkeypatch.setattr(usage, "is_rolled_up", lambda _draft: False)
    assert rows(ask("usage", None, **fields)) == quick


def test_a_fact_counts_when_it_is_asked_for(history):
    assert rows(ask("usage", "deal.won")) == [(8, 1, 0, 1, datetime(2026, 10, 6, 3, tzinfo=UTC))]


def test_broken_down_by_event_and_by_property(history):
    by_event = ask("usage", None, by={"of": "event"})
    assert [(one.account, one.key, one.events) for one in by_event.accounts] == [(7, "Used", 3), (8, "Seen", 1)]
    by_feature = ask("usage", "Used", by={"of": "property", "name": "feature"})
    assert [(one.account, one.key, one.events) for one in by_feature.accounts] == [
        (7, "reports", 2),
        (7, "forecasts", 1),
    ]
    assert by_feature.table()[0] == ["Account", "Slice", "Events", "People", "Days", "Last"]


def test_people_of_an_account_and_whose_it_is_not(history):
    assert behind("usage", None, at={"account": 7}) == [1, 2]
    only = Audience(accounts=frozenset({8}))
    assert [one.account for one in ask("usage", None, audience=only).accounts] == [8]
    assert behind("usage", None, at={"account": 7}, audience=only) == []

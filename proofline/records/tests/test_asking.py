"""Questions about the timeline that ask for fields of accounts and contacts."""

import json
import uuid
from datetime import UTC, datetime

import pytest

from proofline.records.models import Account
from proofline.timeline import query, store
from proofline.timeline.query import Question, QuestionError, fields

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)


@pytest.fixture
def history(healthy, leaving, helen, lin):
    """Heron's Helen used the product twice, 莲花's Lin once, a stranger once."""
    people = [
        {"person": 1, "canonical": 1, "contact": helen.pk, "account": healthy.pk, "version": 1},
        {"person": 2, "canonical": 2, "contact": lin.pk, "account": leaving.pk, "version": 1},
    ]
    store.insert("people", b"\n".join(json.dumps(row).encode() for row in people))
    rows = [
        {
            "id": str(uuid.uuid4()),
            "at": f"2026-10-0{day} 03:00:00.000",
            "kind": "track",
            "event": "Used",
            "person": person,
        }
        for day, person in [(1, 1), (2, 1), (3, 2), (4, 3)]
    ]
    store.insert("events", b"\n".join(json.dumps({"received": row["at"], **row}).encode() for row in rows))


def total(where, **extra):
    asked = {"kind": "trend", "events": [{"event": "Used"}], "from": "2026-10-01", "where": where, **extra}
    return sum(one.total for one in query.answer(Question.of(asked), now=NOW, zone="UTC").series)


@pytest.mark.parametrize(
    ("of", "name", "op", "value", "expected"),
    [
        ("account", "industry", "is", "manufacturing", 2),
        ("account", "industry", "is_not", "manufacturing", 2),
        ("account", "industry", "in", ["manufacturing", "printing"], 3),
        ("account", "name", "contains", "莲花", 1),
        ("account", "size", "more", 100, 2),
        ("account", "size", "at_most", "40", 1),
        ("account", "size", "is", 180, 2),
        ("account", "size", "is", 180.5, 0),
        ("account", "size", "is", 10**15, 0),
        ("account", "size", "more", 10**15, 0),
        ("account", "size", "more", "many", 0),
        ("account", "owner", "is", "Sam Seller", 3),
        ("account", "country", "set", None, 0),
        ("account", "domain", "not_set", None, 1),
        ("account", "industry", "is", "a\0b' OR 1=1", 0),
        ("person", "title", "is", "COO", 2),
        ("person", "email", "contains", "@LOTUS", 1),
        ("person", "language", "not_set", None, 4),
    ],
)
def test_events_are_kept_by_what_their_person_and_account_are_now(history, of, name, op, value, expected):
    filter_ = {"of": of, "name": name, "op": op} | ({} if value is None else {"value": value})
    assert total([filter_]) == expected


def test_an_answer_is_broken_down_by_a_field(history):
    asked = {
        "kind": "trend",
        "events": [{"event": "Used"}],
        "from": "2026-10-01",
        "by": {"of": "account", "name": "industry"},
    }
    answer = query.answer(Question.of(asked), now=NOW, zone="UTC")
    assert [(one.key, one.total) for one in answer.series] == [("manufacturing", 2), ("", 1), ("printing", 1)]


def test_a_changed_record_counts_as_it_is_now(history, healthy):
    Account.objects.filter(pk=healthy.pk).update(sector="printing")
    assert total([{"of": "account", "name": "industry", "op": "is", "value": "printing"}]) == 3


def test_a_field_that_there_is_not_is_named_with_those_that_there_are(history):
    with pytest.raises(QuestionError, match=r"where\[0\]\.name .*planet.*Possible: id, name, industry"):
        total([{"of": "account", "name": "planet", "op": "is", "value": "x"}])


def test_every_field_finds_and_names_what_it_says(healthy, leaving, helen, lin):
    for of in fields.RECORDS:
        for field in fields.registered(of):
            for pk, value in field.values().items():
                assert pk in field.find("is", (value,)), (of, field.name)
                assert pk in field.find("set", ()), (of, field.name)

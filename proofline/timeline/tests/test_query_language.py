"""The language of questions: what it takes, what it refuses and how it says so, and that a question is the same after a round trip."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofline.timeline import query
from proofline.timeline.query import Breakdown, Filter, Question, QuestionError, Step, reading
from proofline.timeline.query.question import INTERVALS, KINDS, ORDERS, UNITS
from proofline.timeline.query.times import range_of
from proofline.timeline.tests.histories import NEW_YORK, NOW, SHANGHAI

SAID = {
    "kind": "funnel",
    "events": [
        {
            "event": "Signed Up",
            "where": [{"of": "property", "name": "plan", "op": "is", "value": "pro"}],
            "label": "来了",
        },
        {"event": None},
    ],
    "where": [{"of": "context", "name": "campaign.source", "op": "in", "value": ["wechat", 1, True]}],
    "from": "2026-10-01",
    "to": "-1d",
    "per": "account",
    "by": {"of": "account", "name": "id"},
    "window": "12h",
    "order": "strict",
    "limit": 5,
}


def test_a_question_is_read_as_it_is_meant_and_written_as_it_was():
    found = Question.of(SAID)
    assert found == Question(
        kind="funnel",
        events=(Step("Signed Up", (Filter("property", "is", "plan", ("pro",)),), "来了"), Step()),
        where=(Filter("context", "in", "campaign.source", ("wechat", 1, True)),),
        from_="2026-10-01",
        to="-1d",
        per="account",
        by=Breakdown("account", "id"),
        window=timedelta(hours=12),
        order="strict",
        limit=5,
    )
    assert found.as_json() == SAID
    assert Question.of({"kind": "trend"}).as_json() == {"kind": "trend", "events": [{"event": None}]}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
OPERATORS = st.sampled_from(
    [name for name, (least, _most) in reading.OPERATORS.items() if least and "contains" not in name]
)
FILTERS = st.builds(
    lambda of, op, name, value: Filter(of, op, name if of in reading.NAMED else "", (value,)),
    st.sampled_from(reading.PLACES),
    OPERATORS,
    TEXTS,
    TEXTS | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
)
STEPS = st.builds(Step, st.none() | TEXTS.filter(bool), st.lists(FILTERS, max_size=2).map(tuple), TEXTS)


@given(
    st.builds(
        Question,
        kind=st.sampled_from(KINDS),
        events=st.lists(STEPS, min_size=1, max_size=3).map(tuple),
        where=st.lists(FILTERS, max_size=2).map(tuple),
        per=st.sampled_from(UNITS),
        interval=st.sampled_from(INTERVALS),
        order=st.sampled_from(ORDERS),
        window=st.integers(1, 10**8).map(lambda seconds: timedelta(seconds=seconds)),
        limit=st.integers(1, 1000),
    )
)
def test_every_question_survives_json(asked):
    assert Question.of(json.loads(json.dumps(asked.as_json()))) == asked


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*SAID, "of", "name", "op", "value", "event"]), inner, max_size=5)
    ),
    max_leaves=15,
)


@given(ANYTHING, st.sampled_from(KINDS))
def test_whatever_json_says_it_is_a_question_or_refused(said, kind):
    try:
        found = Question.of({"kind": kind, **said} if isinstance(said, dict) else said)
    except QuestionError:
        return
    assert Question.of(found.as_json()) == found


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": None}, "kind is missing. Possible: trend, funnel,"),
        ({"kind": "pie"}, "kind can't be that: “pie”. Possible: trend,"),
        ({"events": "A"}, "events has to be a list."),
        ({"events": ["A"]}, "events[0] has to be an object."),
        ({"events": [{"event": 1}]}, "events[0].event has to be a text."),
        ({"events": [{"name": "A"}]}, "events[0].name is nothing that a question has. Possible: event, label, where."),
        (
            {"where": [{"name": "a", "op": "equals", "value": 1}]},
            "where[0].op can't be that: “equals”. Possible: is, is_not,",
        ),
        ({"where": [{"name": "a", "op": "is"}]}, "where[0].value is missing."),
        (
            {"where": [{"name": "a", "op": "is", "value": {}}]},
            "where[0].value has to be a text, a number, true or false.",
        ),
        (
            {"where": [{"name": "a", "op": "is", "value": [1]}]},
            "where[0].value has to be a text, a number, true or false.",
        ),
        ({"where": [{"name": "a", "op": "contains", "value": ""}]}, "where[0].value is missing."),
        ({"where": [{"op": "is", "value": 1}]}, "where[0].name is missing."),
        ({"where": [{"name": "a" * 2001, "op": "set"}]}, "where[0].name is too long."),
        ({"where": [{"name": "\ud800", "op": "set"}]}, "where[0].name has to be a text."),
        ({"by": {"of": "planet"}}, "by.of can't be that: “planet”. Possible: property,"),
        ({"by": {"of": "property"}}, "by.name is missing."),
        ({"window": "1 week"}, "window is no length of time: “1 week”. Possible: 30m, 12h, 7d, 4w."),
        ({"window": "99999d"}, "window is out of range: “99999d”. Possible: 1s … 3660d."),
        ({"limit": 0}, "limit is out of range: “0”. Possible: 1 … 1000."),
        ({"where": [{"name": "a", "value": 10**400}]}, "where[0].value is too long."),
        ({"limit": True}, "limit has to be a whole number."),
        (
            {"measure": "sum:"},
            "measure can't be that: “sum:”. Possible: events, people, accounts, sum:PROPERTY, mean:PROPERTY.",
        ),
        ({"form": "2026"}, "form is nothing that a question has. Possible: by, events, from,"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_is_possible(change, sentence):
    with pytest.raises(QuestionError) as refused:
        Question.of(SAID | {"window": "7d"} | change)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "between", "events": [{}]}, "events needs more events: “1”. Possible: ≥ 2."),
        ({"kind": "lifecycle", "events": [{}, {}]}, "events takes fewer events: “2”. Possible: ≤ 1."),
        ({"from": "soon"}, "from is no time: “soon”. Possible: 2026-10-01,"),
        ({"from": "2026-13-01"}, "from is no time: “2026-13-01”."),
        ({"from": "1066-10-14"}, "from is out of range: “1066-10-14”."),
        ({"from": "-99999M"}, "from is no time: “-99999M”."),
        ({"from": "2026-10-02", "to": "2026-10-02"}, "to ends before it begins: “2026-10-02”."),
        ({"by": {"of": "property", "name": "a.:`Int64`"}}, "by.name is no field that can be asked for: “a.:`Int64`”."),
        (
            {"by": {"of": "account", "name": "planet"}},
            "by.name is no field that can be asked for: “planet”. Possible: id",
        ),
    ],
)
def test_what_cannot_be_asked_is_said_too(fields, sentence):
    with pytest.raises(QuestionError) as refused:
        query.answer(Question.of({"kind": "trend", **fields}), now=NOW, zone=SHANGHAI)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("from_", "zone", "expected"),
    [
        ("2026-10-01", SHANGHAI, datetime(2026, 9, 30, 16, tzinfo=UTC)),
        ("2026-10-01", NEW_YORK, datetime(2026, 10, 1, 4, tzinfo=UTC)),
        ("2026-10-01T08:00", SHANGHAI, datetime(2026, 10, 1, tzinfo=UTC)),
        ("2026-10-01T08:00:00Z", SHANGHAI, datetime(2026, 10, 1, 8, tzinfo=UTC)),
        ("-7d", SHANGHAI, datetime(2026, 10, 25, 16, tzinfo=UTC)),
        ("-1w", SHANGHAI, datetime(2026, 10, 25, 16, tzinfo=UTC)),
        ("-2d", NEW_YORK, datetime(2026, 10, 30, 4, tzinfo=UTC)),
        ("-1M", SHANGHAI, datetime(2026, 10, 1, 16, tzinfo=UTC)),
        ("-12h", SHANGHAI, datetime(2026, 11, 1, 14, tzinfo=UTC)),
        ("-90m", SHANGHAI, datetime(2026, 11, 2, 0, 30, tzinfo=UTC)),
    ],
)
def test_times_are_the_workspaces(from_, zone, expected):
    assert range_of(from_=from_, to=None, zone=zone, now=NOW).start == expected

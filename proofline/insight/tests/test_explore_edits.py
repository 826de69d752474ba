"""What choices make of a question: laws."""

import json

from hypothesis import given
from hypothesis import strategies as st

from proofline.insight.explore import edits, tables
from proofline.insight.explore.asked import Asked, read
from proofline.insight.explore.kinds import KINDS
from proofline.timeline.query import Question

NAMES = st.text(max_size=12).filter(lambda text: "\0" not in text)
EVENTS = st.lists(st.one_of(st.none(), NAMES.filter(bool)).map(lambda name: {"event": name}), min_size=1, max_size=10)
CHOICES = st.fixed_dictionaries(
    {"do": st.sampled_from([*edits.EDITS, "nothing"])},
    optional={
        "at": st.one_of(st.integers(0, 12).map(str), NAMES),
        "scope": st.one_of(st.just(""), st.integers(0, 12).map(str), NAMES),
        "value": NAMES,
        "pick": NAMES,
        "of": st.sampled_from(["property", "context", "source", "kind"]),
        "name": NAMES.filter(bool),
        "op": st.sampled_from(["is", "in", "more", "set", "contains_not"]),
        "from": st.one_of(NAMES, st.dates().map(str)),
        "to": st.one_of(NAMES, st.dates().map(str)),
        "number": st.one_of(NAMES, st.integers().map(str)),
        "unit": st.sampled_from(["m", "h", "d", "y", ""]),
    },
)


@given(EVENTS, CHOICES)
def test_whatever_is_chosen_the_question_can_be_written_and_read_again(events, chosen):
    asked = Asked(KINDS["trend"], {"events": events})
    after = edits.edited(asked, chosen)
    if chosen["do"] == "nothing":
        assert after is None
    else:
        assert read(after.text, kind=after.kind) == after.question
        assert len(after.events) <= max(KINDS["trend"].most, len(events))


@given(EVENTS, st.data())
def test_moving_an_event_up_and_down_changes_nothing(events, data):
    asked = Asked(KINDS["funnel"], {"events": [*events, {"event": "last"}]})
    at = data.draw(st.integers(0, len(events) - 1))
    down = edits.moved(asked, at, 1)
    assert edits.moved(down, at + 1, -1) == asked
    assert sorted(map(json.dumps, down.events)) == sorted(map(json.dumps, asked.events))


@given(EVENTS, NAMES, st.sampled_from(["", "0"]))
def test_adding_a_filter_and_taking_it_away_changes_nothing(events, value, scope):
    asked = Asked(KINDS["trend"], {"events": events})
    chosen = {"do": "where", "scope": scope, "of": "property", "name": "plan", "op": "is", "value": value}
    more = edits.edited(asked, chosen)
    assert len(edits.filters(more, scope)) == 1
    assert edits.without_filter(more, scope, 0) == asked


@given(EVENTS, st.sampled_from(list(KINDS)), st.sampled_from(list(KINDS)))
def test_every_kind_can_ask_what_another_asked(events, before, after):
    asked = Asked(
        KINDS[before], {"events": events[: KINDS[before].most], "interval": "hour", "window": "1d", "limit": 5}
    )
    other = asked.as_(KINDS[after])
    assert len(other.events) <= KINDS[after].most
    if other.is_begun:
        Question.of(other.whole)


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none()))
def test_no_text_of_the_file_is_a_formula(value):
    cell = tables.harmless(value)
    if isinstance(cell, str):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cell.removeprefix("'") == value or cell == value
    else:
        assert cell is value

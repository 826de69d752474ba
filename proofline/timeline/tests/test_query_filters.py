"""Filters compare text and numbers as people expect, of properties, visits, sources, people and accounts; and for whom an answer is."""

import pytest

from proofline.timeline.query import Audience, QuestionError
from proofline.timeline.tests.histories import ask, behind, happened, is_, known

pytestmark = pytest.mark.django_db  # who became whom is asked of the records

VALUES = {
    "text": "Pro",
    "whole": 12,
    "text of a number": "12",
    "fraction": 12.5,
    "money": "12.50",
    "true": True,
    "false": False,
    "text of a boolean": "true",
    "list": ["a", "b"],
    "empty": "",
    "null": None,
    "chinese": "报表中心",
    "day": "2026-10-05",
    "large": 2**63 + 1,
    "small": -(2**62) - 1,
    "nested": {"value": 12},
}


@pytest.fixture
def values():
    happened(*[("10-05 03:00", name, 1, {} if value is None else {"p": value}) for name, value in VALUES.items()])


def kept(*filters, audience=None):
    found = ask("trend", None, where=list(filters), by={"of": "event"}, limit=100, audience=audience)
    return {one.key for one in found.series}


NUMBERS = {"whole", "text of a number"}


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("is", "Pro", {"text"}),
        ("is", "pro", set()),
        ("is", "12", NUMBERS),
        ("is", 12, NUMBERS),
        ("is", 12.0, NUMBERS),
        ("is", 12.5, {"fraction", "money"}),
        ("is", "12.5", {"fraction"}),
        ("is", "true", {"true", "text of a boolean"}),
        ("is", True, {"true", "text of a boolean"}),
        ("is", False, {"false"}),
        ("is", "报表中心", {"chinese"}),
        ("is", 2**63 + 1, {"large"}),
        ("is", -(2**62) - 1, {"small"}),
        ("is", -(2**62), set()),
        ("is", 10**300, set()),
        ("in", ["Pro", 12, False], {"text", *NUMBERS, "false"}),
        ("in", [], set()),
        ("contains", "PRO", {"text"}),
        ("contains", "报表", {"chinese"}),
        ("contains", "2.5", {"fraction", "money"}),
        ("more", 12, {"fraction", "money", "large"}),
        ("more", "12", {"fraction", "money", "large"}),
        ("at_least", 12.5, {"fraction", "money", "large"}),
        ("less", 12, {"true", "false", "small"}),
        ("at_most", -5, {"small"}),
        ("at_least", "2026-10-01", {"text", "day", "chinese", "text of a boolean"}),
        ("set", None, set(VALUES) - {"null", "empty", "nested"}),
        ("not_set", None, {"null", "empty", "nested"}),
    ],
)
def test_a_property_compares_as_people_expect(values, op, value, expected):
    assert kept(is_("p", value, op)) == expected


@pytest.mark.parametrize(("op", "not_"), [("is", "is_not"), ("contains", "contains_not"), ("set", "not_set")])
def test_the_opposite_keeps_all_others_also_those_without_it(values, op, not_):
    value = None if op == "set" else "12"
    one, other = kept(is_("p", value, op)), kept(is_("p", value, not_))
    assert one | other == set(VALUES)
    assert not one & other


def test_nested_properties_have_dotted_names(values):
    assert kept(is_("p.value", 12)) == {"nested"}


def test_visits_events_sources_and_kinds():
    happened(
        ("10-05 03:00", "A", 1, {"context": {"campaign": {"source": "wechat"}}, "source": "Website", "kind": "page"}),
        ("10-05 03:00", "B", 1, {"source": "Product"}),
    )
    assert kept(is_("campaign.source", "wechat", of="context")) == {"A"}
    assert kept(is_("", "site", "contains", of="source")) == {"A"}
    assert kept(is_("", ["page", "x"], "in", of="kind")) == {"A"}
    assert kept(is_("", "A", "is_not", of="event")) == {"B"}
    assert kept(is_("", None, "not_set", of="source")) == set()
    with pytest.raises(QuestionError, match=r"where\[0\]\.op can't be compared by size"):
        kept(is_("", "A", "more", of="event"))


def test_people_and_accounts_by_their_ids_as_they_are_now():
    happened(
        ("10-05 03:00", "A", 1),
        ("10-05 03:00", "B", 2),
        ("10-05 03:00", "C", 3, {"account": 9}),
        ("10-05 03:00", "D", 0),
    )
    known((2, 1, 0, 7), (1, 1, 0, 7), (3, 3, 0, 7))
    assert kept(is_("id", 1, of="person")) == {"A", "B"}
    assert kept(is_("id", 7, of="account")) == {"A", "B"}
    assert kept(is_("id", [7, "9"], "in", of="account")) == {"A", "B", "C"}
    assert kept(is_("id", None, "not_set", of="person")) == {"D"}
    for value in ("7 OR 1=1", -1, True, 2**64, 1.5):
        with pytest.raises(QuestionError, match=r"where\[0\]\.value has to be a whole number"):
            kept(is_("id", value, of="account"))
    with pytest.raises(QuestionError, match=r"where\[0\]\.op can't be that"):
        kept(is_("id", "7", "contains", of="account"))


def test_what_a_viewer_may_not_see_counts_for_nothing():
    happened(
        ("10-05 03:00", "theirs", 1),
        ("10-05 03:00", "theirs too", 0, {"account": 7}),
        ("10-05 03:00", "contact's", 2),
        ("10-05 03:00", "fact", 0, {"kind": "fact", "owner_id": 5}),
        ("10-05 03:00", "forged", 9, {"owner_id": 5}),
        ("10-05 03:00", "another's", 3, {"account": 8}),
        ("10-05 03:00", "nobody's", 4),
    )
    known((1, 1, 0, 7), (2, 2, 3, 0), (3, 3, 0, 7))
    assert kept(audience=Audience(accounts=frozenset({7}))) == {"theirs", "theirs too"}
    assert kept(audience=Audience(contacts=frozenset({3}))) == {"contact's"}
    assert kept(audience=Audience(owners=frozenset({"5"}))) == {"fact"}
    assert kept(audience=Audience()) == set()
    assert len(kept()) == 7


@pytest.mark.parametrize(
    ("kind", "events", "at"),
    [
        ("trend", [None], {}),
        ("funnel", ["A", "B"], {"step": 0}),
        ("retention", ["A", "B"], {"cohort": "2026-10-05"}),
        ("paths", ["A"], {"step": 0, "source": "A", "target": "B"}),
        ("lifecycle", ["A"], {"interval": "2026-10-05", "state": "new"}),
        ("stickiness", [None], {"active": 1}),
        ("between", ["A", "B"], {"bin": 4}),
        ("usage", [None], {"account": 7}),
    ],
)
def test_nobody_behind_an_answer_is_anothers(kind, events, at):
    for person, account in ((1, 7), (2, 8)):
        happened(("10-05 03:00", "A", person, {"account": account}), ("10-05 04:00", "B", person, {"account": account}))
    everybody = {"usage": [1]}.get(kind, [1, 2])
    assert behind(kind, *events, at=at) == everybody
    assert behind(kind, *events, at=at, audience=Audience(accounts=frozenset({7}))) == [1]
    assert behind(kind, *events, at=at, audience=Audience(accounts=frozenset({9}))) == []


def test_people_come_in_pages():
    happened(*[("10-05 03:00", "A", person) for person in (5, 3, 9, 7)])
    from proofline.timeline import query
    from proofline.timeline.tests.histories import NOW, question

    asked = question("trend", "A")
    first = query.people(asked, at={}, limit=3, now=NOW)
    assert first == [3, 5, 7]
    assert query.people(asked, at={}, limit=3, after=first[-1], now=NOW) == [9]

"""Paths, and the time between two events."""

import pytest

from proofline.timeline.query import QuestionError
from proofline.timeline.query.analyses.between import BINS
from proofline.timeline.tests.histories import ask, behind, happened, known

WAYS = (
    ("10-05 03:00", "Sign Up", 1),
    ("10-05 03:01", "page", 1, {"kind": "page", "path": "/a"}),
    ("10-05 03:02", "page", 1, {"kind": "page", "path": "/b"}),
    ("10-05 03:03", "Buy", 1),
    ("10-05 03:00", "Sign Up", 2),
    ("10-05 03:01", "page", 2, {"kind": "page", "path": "/a"}),
    ("10-05 03:01", "hello", 2, {"kind": "identify"}),
    ("10-05 03:02", "Buy", 2),
    ("10-04 03:00", "page", 2, {"kind": "page", "path": "/before"}),
)


def links(found):
    return [(one.step, one.source, one.target, one.count) for one in found.links]


def test_what_came_after():
    happened(*WAYS)
    found = ask("paths", "Sign Up")
    assert found.began == 2
    assert links(found) == [(0, "Sign Up", "page", 2), (1, "page", "Buy", 2)]


def test_what_came_before_and_named_by_a_property():
    happened(*WAYS)
    found = ask("paths", None, "Buy", by={"of": "property", "name": "path"}, window="1h")
    assert found.backward
    assert links(found) == [
        (0, "/a", "Buy", 1),
        (0, "/b", "Buy", 1),
        (1, "Sign Up", "/a", 1),
        (1, "/a", "/b", 1),
        (2, "Sign Up", "/a", 1),
    ]
    at = {"step": 0, "source": "/b", "target": "Buy"}
    assert behind("paths", None, "Buy", at=at, by={"of": "property", "name": "path"}, window="1h") == [1]


def test_only_the_most_frequent_links_of_each_step():
    happened(
        *[
            event
            for person in (1, 2, 3)
            for event in [("10-05 03:00", "A", person), ("10-05 04:00", "B" if person < 3 else "C", person)]
        ]
    )
    assert links(ask("paths", "A", limit=1)) == [(0, "A", "B", 2)]


def test_a_path_ends_with_its_window_and_is_a_merged_persons():
    happened(("10-05 03:00", "A", 1), ("10-05 04:00", "B", 2), ("10-05 04:01", "C", 1))
    known((2, 1))
    assert links(ask("paths", "A", window="1h")) == [(0, "A", "B", 1)]


def test_a_path_has_one_open_end():
    with pytest.raises(QuestionError, match=r"events\[0\]"):
        ask("paths", "A", "B")


def test_the_time_between_two_events():
    happened(
        *[("10-05 03:00", "A", 1), ("10-05 03:30", "A", 1), ("10-05 04:00", "B", 1), ("10-05 05:00", "B", 1)],
        *[("10-05 03:00", "A", 2), ("10-05 02:00", "B", 2), ("10-07 03:00", "B", 2)],
        *[("10-05 03:00", "A", 3), ("10-15 03:00", "B", 3)],
        ("10-05 03:00", "A", 4),
    )
    found = ask("between", "A", "B", window="7d")
    assert (found.began, found.count) == (4, 2)
    assert found.quantiles[0.5] == (3600 + 2 * 86400) / 2
    assert {BINS[place]: count for place, count in enumerate(found.bins) if count} == {3600: 1, 2 * 86400: 1}
    assert behind("between", "A", "B", at={"bin": BINS.index(3600)}) == [1]
    assert found.as_json()["quantiles"]["p50"] == 88200.0


def test_from_one_time_to_the_next_of_the_same_event():
    happened(("10-05 03:00", "A", 1), ("10-05 03:10", "A", 1), ("10-05 03:00", "A", 2))
    found = ask("between", "A", "A")
    assert (found.began, found.count, found.quantiles[0.5]) == (2, 1, 600.0)
    assert ask("between", "X", "Y").quantiles == {}

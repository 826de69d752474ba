"""Funnels: windows, orders, slices, the time between steps, and the people who dropped out."""

import pytest

from proofline.timeline.query import QuestionError
from proofline.timeline.tests.histories import ask, behind, happened, is_, known

pytestmark = pytest.mark.django_db  # who became whom is asked of the records


def counts(*events, **fields):
    return [step.count for step in ask("funnel", *events, **fields).steps]


def test_each_step_follows_the_one_before_within_the_window_from_the_first():
    happened(
        *[("10-05 03:00", "A", 1), ("10-05 04:00", "B", 1), ("10-06 03:00", "C", 1)],  # all within a day, to the minute
        *[("10-05 03:00", "A", 2), ("10-06 03:01", "B", 2)],  # a minute too late
        *[("10-05 03:00", "B", 3), ("10-05 04:00", "A", 3)],  # the wrong way round
        *[("10-05 03:00", "A", 4), ("10-07 03:00", "A", 4), ("10-07 04:00", "B", 4)],  # begins again
        ("10-05 03:00", "A", 0),
        ("10-05 04:00", "B", 0),
    )
    found = ask("funnel", "A", "B", "C", window="1d")
    assert [(step.count, step.of_before, step.of_all) for step in found.steps] == [
        (4, None, 1.0),
        (2, 0.5, 0.5),
        (1, 0.5, 0.25),
    ]
    assert [step.seconds for step in found.steps] == [None, 3600.0, 23 * 3600.0]


def test_one_event_is_never_two_steps():
    happened(("10-05 03:00", "A", 1), ("10-05 03:00", "A", 2), ("10-05 03:01", "A", 2))
    assert counts("A", "A") == [2, 1]
    assert counts(None, None) == [2, 1]
    assert counts("A", ("A", is_("plan", None, "not_set"))) == [2, 1]


def test_strict_means_that_nothing_they_did_lies_between():
    happened(
        *[("10-05 03:00", "A", 1), ("10-05 04:00", "X", 1), ("10-05 05:00", "B", 1)],
        *[("10-05 03:00", "A", 2), ("10-05 04:00", "B", 2)],
        *[("10-05 03:00", "A", 3), ("10-05 04:00", "who", 3, {"kind": "identify"}), ("10-05 05:00", "B", 3)],
        *[("10-05 03:00", "A", 4), ("10-05 04:00", "X", 4), ("10-06 03:00", "A", 4), ("10-06 04:00", "B", 4)],
    )
    assert counts("A", "B", order="strict") == [4, 3]
    assert counts("A", "B") == [4, 4]


def test_any_order_counts_how_many_of_the_steps_lie_in_one_window():
    happened(
        *[("10-05 03:00", "C", 1), ("10-05 04:00", "A", 1), ("10-05 05:00", "B", 1)],
        *[("10-05 03:00", "B", 2), ("10-09 03:00", "A", 2)],
        ("10-05 03:00", "C", 3),
    )
    assert counts("A", "B", "C", order="any", window="1d") == [3, 1, 1]
    with pytest.raises(QuestionError, match="order can't be that"):
        counts("A", "A", order="any")


def test_slices_are_of_the_first_step():
    happened(
        *[("10-05 03:00", "A", 1, {"plan": "pro"}), ("10-05 04:00", "B", 1, {"plan": "basic"})],
        ("10-05 03:00", "A", 2, {"plan": "pro"}),
        *[("10-05 03:00", "A", 3), ("10-05 06:00", "B", 3)],
        ("10-05 04:00", "B", 4, {"plan": "never began"}),
    )
    found = ask("funnel", "A", "B", by={"of": "property", "name": "plan"})
    assert {key: [step.count for step in steps] for key, steps in found.slices.items()} == {"pro": [2, 1], "": [1, 1]}
    assert [step.count for step in found.steps] == [3, 2]
    assert (found.slices["pro"][1].seconds, found.slices[""][1].seconds) == (3600.0, 3 * 3600.0)
    at = {"step": 0, "dropped": True, "key": "pro"}
    assert behind("funnel", "A", "B", at={**at, "step": 1}, by={"of": "property", "name": "plan"}) == [2]


def test_merged_people_go_one_way_and_accounts_go_together():
    happened(("10-05 03:00", "A", 1), ("10-05 04:00", "B", 2), ("10-05 05:00", "C", 3, {"account": 7}))
    known((2, 1, 0, 7), (1, 1, 0, 7))
    assert counts("A", "B", "C") == [1, 1, 0]
    assert counts("A", "B", "C", per="account") == [1, 1, 1]
    assert behind("funnel", "A", "B", "C", at={"step": 2}, per="account") == [1, 3]


def test_facts_of_one_record_go_its_own_way():
    record = {"kind": "fact", "subject_kind": "deal"}
    happened(
        *[
            ("10-05 03:00", "deal.created", 0, {**record, "subject": 1}),
            ("10-06 03:00", "deal.won", 0, {**record, "subject": 1}),
        ],
        ("10-05 03:00", "deal.created", 0, {**record, "subject": 2}),
        ("10-06 03:00", "deal.won", 0, {"kind": "fact", "subject_kind": "lead", "subject": 2}),
    )
    assert counts("deal.created", "deal.won", per="subject") == [2, 1]


def test_filters_of_a_step_and_of_all():
    happened(
        *[("10-05 03:00", "A", 1, {"n": 5, "plan": "pro"}), ("10-05 04:00", "B", 1, {"plan": "pro"})],
        *[("10-05 03:00", "A", 2, {"n": 1, "plan": "pro"}), ("10-05 04:00", "B", 2, {"plan": "pro"})],
        *[("10-05 03:00", "A", 3, {"n": 9, "plan": "pro"}), ("10-05 04:00", "B", 3, {"plan": "basic"})],
    )
    assert counts(("A", is_("n", 2, "more")), "B", where=[is_("plan", "pro")]) == [2, 1]


def test_people_behind_a_step_and_who_dropped_out_before_it():
    happened(
        *[("10-05 03:00", "A", person) for person in range(1, 8)], ("10-05 04:00", "B", 3), ("10-05 04:00", "B", 5)
    )
    assert behind("funnel", "A", "B", at={"step": 1}) == [3, 5]
    assert behind("funnel", "A", "B", at={"step": 1, "dropped": True}) == [1, 2, 4, 6, 7]
    with pytest.raises(QuestionError, match=r"at\.step is no part of the answer"):
        behind("funnel", "A", "B", at={"step": 2})


def test_nobody_came():
    found = ask("funnel", "A", "B")
    assert [(step.count, step.of_before, step.of_all, step.seconds) for step in found.steps] == [
        (0, None, None, None)
    ] * 2
    assert ask("funnel", "A", "B", by={"of": "property", "name": "plan"}).table()[1] == []


@pytest.mark.parametrize(
    ("first", "fields"), [("10-05 03:00", {}), ("2298-12-30 03:00:00.000", {"from_": "2298-12-01", "to": "2299-01-01"})]
)
def test_twenty_steps_also_in_a_far_time(first, fields):
    steps = [f"Step {number}" for number in range(20)]
    happened(
        (first, steps[0], 1),
        *[(first.replace("03:00", f"04:{minute:02d}", 1), step, 1) for minute, step in enumerate(steps[1:])],
    )
    found = ask("funnel", *steps, **fields)
    assert [step.count for step in found.steps] == [1] * 20
    assert [step.seconds for step in found.steps] == [None, 3600.0, *[60.0] * 18]
    assert counts(*steps, order="strict", **fields) == [1] * 20
    assert counts(*steps, order="any", **fields) == [1] * 20
    assert counts(*steps, window="1h", **fields) == [1] * 2 + [0] * 18

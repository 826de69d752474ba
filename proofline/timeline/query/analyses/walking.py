"""The way of each unit through the steps of a funnel, event by event.

Each unit has its events in one array, in order of time: a number each, the milliseconds with a bit per step that the event is. From it, an
array of the same length is made per step: at every event that takes a way so far, when that way began, else 0. Measured on 7.5 million
events of 200,000 people this takes half the time of the engine's own `windowFunnel`, gives the same, never takes one event for two
steps, and knows how long each step took.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.query.compiling import Draft

SINCE_1900 = 2_208_988_800_000
"""Milliseconds from 1900 to 1970; with them no moment is 0, and 44 bits hold all that the store can."""
MILLISECONDS = 1000
KINDS = ["track", "page", "screen", "fact"]
"""What can stand between two strict steps: what somebody did, not that they said who they are."""


def walked(draft: Draft, *, gaps: bool = False) -> str:
    """Return the SQL of each unit with `level` and `slice`, with `gaps` also the milliseconds before each further step.

    They are `gap1`, `gap2` …, -1 for none: from when the unit last was one step before to when it first came so far.
    """
    if draft.question.order == "any":
        return _gathered(draft)
    strict = draft.question.order == "strict"
    keep = "{}" if strict else "arrayFill(s -> s > 0, {})"
    shift = "{}" if are_apart(draft) and not strict else "arrayPushFront(arrayPopBack({}), 0)"
    starts = f"arrayMap(x -> if(bitTest(x, 0), {_start(draft, 'x')}, 0), events)"
    sql = f"SELECT unit, slice, events, {starts} AS hits, toUInt8(arrayExists(s -> s > 0, hits)) AS level FROM ({_events(draft, among=not strict)})"
    known = ""
    for step in range(1, len(draft.steps)):
        so_far = shift.format(keep.format("before"))
        hits = (
            f"arrayMap((x, s) -> if(bitTest(x, {step}) AND s > 0 AND x - s < {_limit(draft)}, s, 0), events, {so_far})"
        )
        sql = (
            f"SELECT unit, slice, events, before, level AS earlier, {hits} AS hits, arrayFirstIndex(s -> s > 0, hits) AS first{known} "
            f"FROM (SELECT unit, slice, events, hits AS before, level{known} FROM ({sql}))"
        )
        gap = f", {_gap(draft)} AS gap{step}" if gaps else ""
        sql = f"SELECT unit, slice, events, hits, if(first > 0, {step + 1}, earlier) AS level{known}{gap} FROM ({sql})"
        known += f", gap{step}" if gaps else ""
    return f"SELECT unit, slice, level{known} FROM ({sql})"


def medians(draft: Draft) -> dict[str | None, dict[int, float]]:
    """Return the median seconds before each step after the first, by slice; None is all."""
    if draft.question.order == "any" or len(draft.steps) == 1:
        return {}
    middle = ", ".join(
        f"quantileExactInclusiveIf(0.5)(gap{step}, gap{step} >= 0)" for step in range(1, len(draft.steps))
    )
    ways = walked(draft, gaps=True)
    found: dict[str | None, dict[int, float]] = {None: _known(draft.run(f"SELECT {middle} FROM ({ways})")[0])}
    if draft.key:
        rows = draft.run(f"SELECT slice, {middle} FROM ({ways}) GROUP BY slice")
        found |= {str(name): _known(values) for name, *values in rows}
    return found


def are_apart(draft: Draft) -> bool:
    """Tell whether no event can be two of the steps."""
    events = [step.event for step in draft.question.events]
    return None not in events and len(set(events)) == len(events)


def _known(values: Sequence[float]) -> dict[int, float]:
    return {step: value / MILLISECONDS for step, value in enumerate(values, start=1) if not math.isnan(value)}


def _start(draft: Draft, event: str) -> str:
    """Return the SQL of an event's moment alone, without the bits of its steps."""
    return f"bitShiftLeft(bitShiftRight({event}, {len(draft.steps)}), {len(draft.steps)})"


def _limit(draft: Draft) -> str:
    """Return, bound, what an event has to stay below that lies within the window from a start."""
    window = round(draft.question.window.total_seconds() * MILLISECONDS)
    return draft.binder.bind((window + 1) << len(draft.steps), "UInt64")


def _gap(draft: Draft) -> str:
    """Return the SQL of the milliseconds from the last event that came one step less far, to the first that came so far."""
    upto = "greatest(first, 1) - 1"
    last = f"arrayLast((x, s) -> s > 0, arraySlice(events, 1, {upto}), arraySlice(before, 1, {upto}))"
    bits = len(draft.steps)
    return f"if(first = 0, -1, toInt64(bitShiftRight(events[first], {bits})) - toInt64(bitShiftRight({last}, {bits})))"


def _events(draft: Draft, *, among: bool) -> str:
    """Return the SQL of each unit's events in their order, and its slice."""
    bits = " + ".join(f"bitShiftLeft(toUInt64({condition}), {step})" for step, condition in enumerate(draft.steps))
    began = "1" if draft.question.order == "any" else draft.steps[0]
    slice_ = f"argMinIf({draft.key}, at, {began})" if draft.key else "''"
    where = draft.where(among=among)
    if not among:
        where += f" AND kind IN {draft.binder.bind(KINDS, 'Array(String)')}"
    moment = f"bitShiftLeft(toUInt64(toUnixTimestamp64Milli(at) + {SINCE_1900}), {len(draft.steps)})"
    return (
        f"SELECT {draft.unit} AS unit, arraySort(groupArray({moment} + {bits})) AS events, {slice_} AS slice "
        f"FROM {draft.source()} WHERE {where} GROUP BY unit HAVING unit > 0"
    )


def _gathered(draft: Draft) -> str:
    """Return the SQL of how many different steps each unit did within a window, in whatever order.

    Raises:
        QuestionError: two steps are the same, so that one event would be both.
    """
    if len(set(draft.question.events)) < len(draft.question.events):
        raise QuestionError("order", "choice", possible=["ordered", "strict"], given="any")
    steps = range(len(draft.steps))
    lasts = [
        f"arrayFill(s -> s > 0, arrayMap(x -> if(bitTest(x, {step}), {_start(draft, 'x')}, 0), events))"
        for step in steps
    ]
    limit = _limit(draft)
    done = " + ".join(f"(l{step} > 0 AND x - l{step} < {limit})" for step in steps)
    levels = f"arrayMap((x, {', '.join(f'l{step}' for step in steps)}) -> toUInt8({done}), events, {', '.join(lasts)})"
    return f"SELECT unit, slice, arrayMax({levels}) AS level FROM ({_events(draft, among=True)})"

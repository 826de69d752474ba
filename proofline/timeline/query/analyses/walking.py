"""The way of each unit through the steps of a funnel, event by event: for strict and any order, and for the time between steps.

Each unit has its moments in an array in order of time, and beside it which steps each is (bits). From these, arrays of the same
length are made per step: at every event the latest start of a way that has come so far, 0 for none.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.query.compiling import Draft

MOMENT = "toUInt64(toUnixTimestamp64Milli(at) + 2208988800000)"
"""Milliseconds since 1900, so that no moment is 0."""
MILLISECONDS = 1000
KINDS = ["track", "page", "screen", "fact"]
"""What can stand between two strict steps: what somebody did, not that they said who they are."""


def walked(draft: Draft) -> str:
    """Return the SQL of each unit with `level`, `slice`, and per step after the first the milliseconds `gap1`, `gap2` …, -1 for none.

    In any order there are no gaps.
    """
    window = draft.binder.bind(round(draft.question.window.total_seconds() * MILLISECONDS), "UInt64")
    if draft.question.order == "any":
        return _gathered(draft, window)
    strict = draft.question.order == "strict"
    sql = _moments(draft, among=not strict)
    keep = "{}" if strict else "arrayFill(x -> x > 0, {})"
    starts = keep.format("arrayMap((t, m) -> if(bitTest(m, 0), t, 0), times, steps)")
    sql = f"SELECT unit, slice, times, steps, {starts} AS starts, starts AS reached, toUInt8(arrayMax(starts) > 0) AS level FROM ({sql})"
    gaps = ""
    for step in range(1, len(draft.steps)):
        fits = f"bitTest(m, {step}) AND s > 0 AND t - s <= {window}"
        before = "arrayPushFront(arrayPopBack(starts), 0) AS before, arrayPushFront(arrayPopBack(reached), 0) AS came"
        hits = f"arrayMap((t, m, s) -> ({fits}), times, steps, before) AS hits"
        sql = f"SELECT unit, slice, times, steps, level, {before}, {hits}, indexOf(hits, 1) AS first{gaps} FROM ({sql})"
        gap = f"if(first = 0, -1, toInt64(times[first]) - toInt64(came[first])) AS gap{step}"
        starts = keep.format("arrayMap((h, s) -> if(h, s, 0), hits, before)")
        reached = keep.format("arrayMap((h, t) -> if(h, t, 0), hits, times)")
        sql = (
            f"SELECT unit, slice, times, steps, {starts} AS starts, {reached} AS reached, "
            f"if(first > 0, {step + 1}, level) AS level{gaps}, {gap} FROM ({sql})"
        )
        gaps += f", gap{step}"
    return f"SELECT unit, slice, level{gaps} FROM ({sql})"


def medians(draft: Draft) -> dict[str | None, dict[int, float]]:
    """Return the median seconds before each step after the first, by slice; None is all."""
    if draft.question.order == "any":
        return {}
    ways = walked(draft)
    middle = ", ".join(
        f"quantileExactInclusiveIf(0.5)(gap{step}, gap{step} >= 0)" for step in range(1, len(draft.steps))
    )
    found: dict[str | None, dict[int, float]] = {None: _known(draft.run(f"SELECT {middle} FROM ({ways})")[0])}
    if draft.key:
        rows = draft.run(f"SELECT slice, {middle} FROM ({ways}) GROUP BY slice")
        found |= {str(name): _known(values) for name, *values in rows}
    return found


def _known(values: Sequence[float]) -> dict[int, float]:
    return {step: value / MILLISECONDS for step, value in enumerate(values, start=1) if not math.isnan(value)}


def _moments(draft: Draft, *, among: bool) -> str:
    """Return the SQL of each unit's moments in their order, with the bits of the steps that each is."""
    bits = " + ".join(f"toUInt32({condition}) * {1 << step}" for step, condition in enumerate(draft.steps))
    began = "1" if draft.question.order == "any" else draft.steps[0]
    slice_ = f"argMinIf({draft.key}, at, {began})" if draft.key else "''"
    where = draft.where(among=among)
    if not among:
        where += f" AND kind IN {draft.binder.bind(KINDS, 'Array(String)')}"
    return (
        f"SELECT {draft.unit} AS unit, arraySort(groupArray(({MOMENT}, {bits}))) AS moments, moments.1 AS times, moments.2 AS steps, "
        f"{slice_} AS slice FROM {draft.source()} WHERE {where} GROUP BY unit HAVING unit > 0"
    )


def _gathered(draft: Draft, window: str) -> str:
    """Return the SQL of how many different steps each unit did within a window, in whatever order.

    Raises:
        QuestionError: two steps are the same, so that one event would be both.
    """
    if len(set(draft.question.events)) < len(draft.question.events):
        raise QuestionError("order", "choice", possible=["ordered", "strict"], given="any")
    count = len(draft.steps)
    lasts = [
        f"arrayFill(x -> x > 0, arrayMap((t, m) -> if(bitTest(m, {step}), t, 0), times, steps))"
        for step in range(count)
    ]
    names = [f"l{step}" for step in range(count)]
    done = " + ".join(f"({name} > 0 AND t - {name} <= {window})" for name in names)
    levels = f"arrayMap((t, {', '.join(names)}) -> toUInt8({done}), times, {', '.join(lasts)})"
    return f"SELECT unit, slice, arrayMax({levels}) AS level FROM ({_moments(draft, among=True)})"

"""How many come from step to step within a window, and how long they take.

A unit (person, account, subject) has come to step k when it did k steps within the window from the first: one after the other ("ordered"),
one right after the other without any other event of its own between ("strict"), or in whatever order ("any": any k of the steps).
One event is never two steps. With a breakdown a unit belongs to the slice of the first event that began its way.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.timeline.query import cells
from proofline.timeline.query.analyses import walking
from proofline.timeline.query.answering import Answer, Line, unit_of
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft


@dataclass(frozen=True)
class Passed:
    """A step: how many came so far, which share of those of the step before and of all, and the median seconds since the step before."""

    name: str
    count: int
    of_before: float | None
    of_all: float | None
    seconds: float | None = None


@dataclass(frozen=True)
class Funnel(Answer):
    """The steps of all, and of each slice when it is broken down."""

    steps: list[Passed]
    slices: dict[str, list[Passed]] = field(default_factory=dict)

    def table(self) -> Table:
        """Return a row per step, and per slice."""
        names = [_("Step"), _("Event"), _("How many"), _("Of the step before"), _("Of all"), _("Median seconds")]
        if not self.question.by:
            return names, _rows(self.steps)
        rows = [[key, *row] for key, steps in self.slices.items() for row in _rows(steps)]
        return [_("Slice"), *names], rows

    def lines(self) -> list[Line]:
        """Return the counts by step, of all or of each slice."""
        shown = self.slices if self.question.by else {"": self.steps}
        return [
            Line(
                name=key,
                points=[(step.name, step.count) for step in steps],
                at={"key": key} if self.question.by else {},
            )
            for key, steps in shown.items()
        ]


def answer(draft: Draft, *, times: bool = True) -> Funnel:
    """Count who came how far; without `times` it is not asked how long they took."""
    levels = reached(draft)
    names = [str(step) for step in draft.question.events]
    came = {key: sum(some[1:]) for key, some in levels.items() if draft.key}
    keys = sorted(filter(came.get, came), key=lambda key: (-came[key], key))[: draft.question.limit]
    took = walking.medians(draft) if times else {}
    total = [sum(some) for some in zip(*levels.values(), strict=True)] or [0] * (len(names) + 1)
    return Funnel(
        draft.question,
        unit_of(draft.question),
        steps=_passed(names, total, took.get(None, {})),
        slices={key: _passed(names, levels[key], took.get(key, {})) for key in keys},
    )


def reached(draft: Draft) -> dict[str, list[int]]:
    """Return by slice ("" for all) how many came to each step and no further; first those who began none."""
    key = "slice" if draft.key else "''"
    rows = draft.run(f"SELECT {key} AS name, level, count() FROM ({walking.walked(draft)}) GROUP BY name, level")
    found: dict[str, list[int]] = {}
    for name, level, count in rows:
        found.setdefault(str(name), [0] * (len(draft.steps) + 1))[int(level)] = int(count)
    return found


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of who came to a step (0 is the first), or with `dropped` got there from the step before and no further."""
    step = cells.whole(at, "step", most=len(draft.steps) - 1, usual=0)
    if "key" in at and not draft.key:
        raise QuestionError("at.key", "cell", given=at["key"])
    kept = f"level = {step}" if at.get("dropped") else f"level > {step}"
    if "key" in at:
        kept += f" AND slice = {draft.binder.bind(cells.text(at, 'key'), 'String')}"
    return f"SELECT unit FROM ({walking.walked(draft)}) WHERE {kept}"


def _passed(names: list[str], levels: list[int], took: Mapping[int, float]) -> list[Passed]:
    counts = [sum(levels[place + 1 :]) for place in range(len(names))]
    passed = []
    for place, (name, count) in enumerate(zip(names, counts, strict=True)):
        before = counts[place - 1] if place else 0
        share = (count / before if before else None) if place else None
        passed.append(Passed(name, count, share, count / counts[0] if counts[0] else None, took.get(place)))
    return passed


def _rows(steps: list[Passed]) -> list[list[Any]]:
    return [
        [place, step.name, step.count, step.of_before, step.of_all, step.seconds]
        for place, step in enumerate(steps, start=1)
    ]

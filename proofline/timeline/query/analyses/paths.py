"""What happens after an event, or before one, step by step: from each unit's first such event on, or back from its last one.

Repetitions of the same count once. With a breakdown by a property its value names the steps (the path of a page), else the event does.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.timeline.query import cells
from proofline.timeline.query.analyses.walking import KINDS
from proofline.timeline.query.answering import Answer, unit_of
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft

STEPS = 6
"""So far from the event the paths are followed."""


@dataclass(frozen=True)
class Link:
    """How many went from one thing to the next; `step` 0 is the one beside the event in question."""

    step: int
    source: str
    target: str
    count: int


@dataclass(frozen=True)
class Paths(Answer):
    """The most frequent links of each step; `backward` when they lead to the event."""

    links: list[Link]
    began: int
    backward: bool

    def table(self) -> Table:
        """Return a row per link."""
        rows = [[link.step, link.source, link.target, link.count] for link in self.links]
        return [_("Step"), _("Came from"), _("Went to"), _("How many")], rows

    def as_json(self) -> dict[str, Any]:
        """Return the answer with how many paths there are, and in which direction they go."""
        return super().as_json() | {"began": self.began, "backward": self.backward}


def answer(draft: Draft) -> Paths:
    """Count the links."""
    backward = _is_backward(draft)
    [(began,)] = draft.run(f"SELECT count() FROM ({_units(draft)})")
    ends = "step, target, source" if backward else "step, source, target"
    limit = draft.binder.bind(draft.question.limit, "UInt32")
    rows = draft.run(
        f"SELECT {ends}, count() AS units FROM ({_links(draft)}) GROUP BY step, source, target "
        f"ORDER BY step, units DESC, source, target LIMIT {limit} BY step"
    )
    links = [Link(int(step), str(source), str(target), int(count)) for step, source, target, count in rows]
    return Paths(draft.question, unit_of(draft.question), links, int(began), backward)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of who went a link."""
    step = draft.binder.bind(cells.whole(at, "step", most=STEPS - 1), "UInt32")
    ends = [draft.binder.bind(cells.text(at, name), "String") for name in ("source", "target")]
    near, far = reversed(ends) if _is_backward(draft) else ends
    return f"SELECT unit FROM ({_links(draft)}) WHERE step = {step} AND source = {near} AND target = {far}"


def _links(draft: Draft) -> str:
    """Return the SQL of each unit's links, away from the event: unit, step, source, target."""
    links = "arrayZip(arrayMap(i -> toUInt32(i - 1), arrayEnumerate(arrayPopBack(way))), arrayPopBack(way), arrayPopFront(way))"
    return (
        f"SELECT unit, link.1 AS step, link.2 AS source, link.3 AS target FROM "
        f"(SELECT unit, arrayJoin({links}) AS link FROM ({_units(draft)}))"
    )


def _units(draft: Draft) -> str:
    """Return the SQL of each unit's way, the event in question first."""
    backward = _is_backward(draft)
    anchor = len(draft.steps) - 1
    window = draft.binder.bind(round(draft.question.window.total_seconds() * 1000), "Int64")
    name = f"if({draft.key} != '', {draft.key}, toString(event))" if draft.key else "toString(event)"
    beside = draft.steps[anchor] if backward else f"NOT {draft.steps[anchor]}"
    kinds = f"kind IN {draft.binder.bind(KINDS, 'Array(String)')}"
    moment = "toUnixTimestamp64Milli(at)"
    found = f"{'max' if backward else 'min'}({moment})"
    anchors = (
        f"SELECT {draft.unit} AS unit, {found} AS anchor FROM {draft.source()} "
        f"WHERE {draft.where(steps=[anchor])} AND {kinds} GROUP BY unit HAVING unit > 0"
    )
    events = (
        f"SELECT {draft.unit} AS unit, {moment} AS moment, toUInt8({beside}) AS beside, {name} AS name "
        f"FROM {draft.source()} WHERE {draft.where(among=False)} AND {kinds}"
    )
    near = (
        f"moment <= anchor AND moment >= anchor - {window}"
        if backward
        else f"moment >= anchor AND moment <= anchor + {window}"
    )
    way = "arraySort(groupArray((moment, beside, name))).3"
    way = f"arrayReverse({way})" if backward else way
    return (
        f"SELECT unit, arraySlice(arrayCompact({way}), 1, {STEPS + 1}) AS way FROM ({events}) AS moments "
        f"INNER JOIN ({anchors}) AS anchors ON moments.unit = anchors.unit WHERE {near} GROUP BY moments.unit AS unit"
    )


def _is_backward(draft: Draft) -> bool:
    """Tell whether the paths lead to an event: then it is the second one, and the first is left open.

    Raises:
        QuestionError: both ends are named.
    """
    events = draft.question.events
    if len(events) == 1:
        return False
    if events[0].event is not None or events[0].where:
        raise QuestionError("events[0]", "choice", possible=["null"], given=events[0].event)
    return True

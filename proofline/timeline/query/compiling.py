"""From a question to SQL: a list of steps, each of which adds its part to the draft. Read `STEPS` from top to bottom."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from proofline.timeline import columns, store
from proofline.timeline.query import fields, times
from proofline.timeline.query.binding import Binder
from proofline.timeline.query.conditions import PLACES, Conditions
from proofline.timeline.query.identity import Identity
from proofline.timeline.query.question import ALWAYS, Question
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from proofline.timeline.query.audience import Audience
    from proofline.timeline.query.times import Range

EVENTS = {
    "trend": (1, 20),
    "funnel": (1, 20),
    "retention": (1, 2),
    "paths": (1, 2),
    "lifecycle": (1, 1),
    "stickiness": (1, 1),
    "between": (2, 2),
    "usage": (1, 1),
}
"""How many events a question of a kind names, at least and at most."""
NEED_THE_BEGINNING = ("trend", "retention", "lifecycle", "stickiness")
"""Kinds whose answer has a place for every interval, so that "all" has to begin somewhere."""
HOURLY = ("trend",)


@dataclass
class Draft:
    """A question on its way to SQL. All texts in it are ours; what anybody said is in `binder`."""

    question: Question
    now: datetime
    zone: str
    audience: Audience | None = None
    binder: Binder = field(default_factory=Binder)
    identity: Identity = field(default_factory=Identity)
    range: Range = field(init=False)
    filters: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    key: str = ""
    """The SQL of the breakdown's value as text; "" where nothing is broken down."""

    @property
    def unit(self) -> str:
        """The SQL of who or what is counted; only when it is asked for is it found out who is who."""
        return self.identity.unit(self.question.per)

    def source(self) -> str:
        """Return what to read from, for all that was asked of `identity` before."""
        return self.identity.source

    def where(self, *, steps: list[int] | None = None, history: bool = False, among: bool = True) -> str:
        """Return the SQL of the condition for rows that matter.

        Args:
            steps: only the events of these steps; all when None.
            history: also before the time that is asked for.
            among: keep the events of any of the steps; when false, all events.
        """
        chosen = range(len(self.steps)) if steps is None else steps
        parts = ["at < {to:DateTime64(3)}"] if history else ["at >= {from:DateTime64(3)}", "at < {to:DateTime64(3)}"]
        names = [self.question.events[place].event for place in chosen] if among else [None]
        if None not in names and len(set(names)) > 1:
            parts.insert(0, f"event IN {self.binder.bind(sorted({str(name) for name in names}), 'Array(String)')}")
        elif None not in names:
            parts.insert(0, f"event = {self.binder.bind(names[0], 'String')}")
        if among and len(names) == 1 and self.question.events[chosen[0]].where:
            parts.append(self.steps[chosen[0]])
        return " AND ".join(parts + self.filters)

    def bucket(self) -> str:
        """Return the SQL of the interval in which an event lies."""
        self.binder.name("zone", self.zone)
        return (times.FAR if self._is_far else times.BUCKETS)[self.question.interval]

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        settings = f" SETTINGS {times.EXTENDED}" if self._is_far else ""
        return store.query(f"{sql}{settings}", self.binder.used(sql))

    @property
    def _is_far(self) -> bool:
        return self.question.kind == "lifecycle" or not self.range.is_near  # a life may have begun at any time


def compiled(
    question: Question, *, audience: Audience | None = None, now: datetime | None = None, zone: str | None = None
) -> Draft:
    """Return the question with all that its SQL needs.

    Raises:
        QuestionError: it can't be asked.
    """
    draft = Draft(question, now or timezone.now(), zone or timezone.get_current_timezone_name(), audience)
    for step in STEPS:
        step(draft)
    return draft


def check(draft: Draft) -> None:
    """Refuse a question that does not hold together."""
    question = draft.question
    least, most = EVENTS[question.kind]
    if len(question.events) < least:
        raise QuestionError("events", "few", possible=[f"≥ {least}"], given=len(question.events))
    if len(question.events) > most:
        raise QuestionError("events", "many", possible=[f"≤ {most}"], given=len(question.events))
    if question.interval == "hour" and question.kind not in HOURLY:
        draft.question = replace(question, interval="day")


def time_range(draft: Draft) -> None:
    """Work out from when to when."""
    question = draft.question
    draft.range = times.range_of(from_=question.from_, to=question.to, zone=draft.zone, now=draft.now)
    draft.binder.name("from", draft.range.start)
    draft.binder.name("to", draft.range.end)


def scope(draft: Draft) -> None:
    """Leave out what the viewer may not see."""
    if draft.audience is not None:
        draft.filters.append(draft.audience.condition(draft.identity, draft.binder))


def filters(draft: Draft) -> None:
    """Compile the filters for all events, and what makes an event one of each step."""
    made = Conditions(draft.binder, draft.identity)
    draft.filters += made.all(draft.question.where, at="")
    for place, step in enumerate(draft.question.events):
        parts = made.all(step.where, at=f"events[{place}].")
        if step.event is not None:
            parts.insert(0, f"event = {draft.binder.bind(step.event, 'String')}")
        draft.steps.append(f"({' AND '.join(parts)})" if parts else "1")


def breakdown(draft: Draft) -> None:
    """Say by what the answer is broken down."""
    by = draft.question.by
    if by is None:
        return
    if by.of in PLACES:
        name = Conditions(draft.binder, draft.identity).name(by.name, at="by")
        draft.key = columns.text(name, place=PLACES[by.of])
    elif by.of not in fields.RECORDS:
        draft.key = f"toString({draft.identity.table}.{by.of})"
    elif by.name == "id":
        of = draft.identity.unit(by.of)
        draft.key = f"if({of} > 0, toString({of}), '')"
    else:
        known = fields.field(by.of, by.name, at="by").values()
        of = draft.identity.contact if by.of == "person" else draft.identity.account
        ids, values = (
            draft.binder.bind(list(known), "Array(UInt64)"),
            draft.binder.bind([*known.values()], "Array(String)"),
        )
        draft.key = f"transform({of}, {ids}, {values}, '')" if known else "''"


def beginning(draft: Draft) -> None:
    """Let "all" begin with the first event that there is."""
    if draft.question.from_ != ALWAYS or draft.question.kind not in NEED_THE_BEGINNING:
        return
    [(count, first)] = draft.run(f"SELECT count(), min(at) FROM {draft.source()} WHERE {draft.where()}")
    if count:
        draft.range = replace(draft.range, start=first.astimezone(UTC))
    else:
        draft.range = replace(draft.range, start=draft.range.end - times.DAY)
    draft.binder.name("from", draft.range.start)


STEPS = (check, time_range, scope, filters, breakdown, beginning)

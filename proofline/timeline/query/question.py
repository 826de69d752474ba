"""A question: what is asked, of which events, over which time. It is a value: the same in an address, in a saved question, in the API.

As JSON it is an object whose fields are those of `Question`; what it leaves out has its usual value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from proofline.timeline.query import reading, writing
from proofline.timeline.query.refusing import QuestionError

KINDS = ("trend", "funnel", "retention", "paths", "lifecycle", "stickiness", "between", "usage")
INTERVALS = ("hour", "day", "week", "month")
UNITS = ("person", "account", "subject")
ORDERS = ("ordered", "strict", "any")
MEASURES = ("events", "people", "accounts", "sum:PROPERTY", "mean:PROPERTY")
WEEK = timedelta(days=7)
ALWAYS = "all"
"""As `from`: since the first event that there is."""

__all__ = ["ALWAYS", "Breakdown", "Filter", "Question", "QuestionError", "Step"]

Value = str | int | float | bool


@dataclass(frozen=True)
class Filter:
    """What an event, its person or its account has to be like.

    Args:
        of: where to look: "property" or "context" of the event, its "event" (name), "source" or "kind", a field of its "person" or "account".
        op: one of `reading.OPERATORS`; the negative ones also keep events that do not have it at all.
        name: of the property or field; "" where there is only one thing to look at.
        values: what to compare with: several for "in", none for "set" and "not_set".
    """

    of: str
    op: str
    name: str = ""
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Step:
    """Events of a name (None: of any), those that all of the filters keep."""

    event: str | None = None
    where: tuple[Filter, ...] = ()
    label: str = ""

    def __str__(self) -> str:
        return self.label or self.event or "*"


@dataclass(frozen=True)
class Breakdown:
    """By what the answer is broken down; `of` as in `Filter`."""

    of: str
    name: str = ""


@dataclass(frozen=True)
class Question:
    """A question of one of the `KINDS`.

    Args:
        events: the series of a trend, the steps of a funnel, start and return, first and second.
        where: filters for all events.
        from_: from when on: a day or time as ISO writes it, "-30d" (units s, m, h, d, w, M; from d on it is the beginning of that day), or
            "all". Days and times without an offset are the workspace's.
        to: before when, written likewise; None: until now.
        per: what is counted: people (as merged), accounts or subjects.
        measure: of a trend: one of `MEASURES`.
        window: from the first step to the last; from the start of a path to its end.
        by: None or by what to break down.
        limit: at most so many slices, links or accounts.
    """

    kind: str
    events: tuple[Step, ...] = (Step(),)
    where: tuple[Filter, ...] = ()
    from_: str | datetime = "-30d"
    to: str | datetime | None = None
    per: str = "person"
    measure: str = "events"
    interval: str = "day"
    by: Breakdown | None = None
    window: timedelta = WEEK
    order: str = "ordered"
    limit: int = 20

    @classmethod
    def of(cls, said: Any) -> Self:
        """Read a question from what JSON says.

        Raises:
            QuestionError: says which field, what is wrong with it, and what is possible.
        """
        fields = reading.Reader(said)
        by = fields.part("by")
        return cls(
            kind=fields.one_of("kind", KINDS),
            events=tuple(_step(part) for part in fields.parts("events", most=20)) or (Step(),),
            where=_filters(fields),
            from_=fields.text("from", usual="-30d"),
            to=fields.text("to") or None,
            per=fields.one_of("per", UNITS, usual="person"),
            measure=fields.measure("measure", MEASURES),
            interval=fields.one_of("interval", INTERVALS, usual="day"),
            by=_breakdown(by) if by else None,
            window=fields.duration("window", usual=WEEK),
            order=fields.one_of("order", ORDERS, usual="ordered"),
            limit=fields.whole("limit", usual=20, least=1, most=1000),
        ).checked(fields)

    def checked(self, fields: reading.Reader) -> Self:
        """Refuse fields that are none; return the question."""
        fields.end()
        return self

    def as_json(self) -> dict[str, Any]:
        """Return the question as JSON has it, without what is usual."""
        return writing.written(self)


def _step(part: reading.Reader) -> Step:
    step = Step(event=part.text("event") or None, where=_filters(part), label=part.text("label"))
    part.end()
    return step


def _filters(fields: reading.Reader) -> tuple[Filter, ...]:
    return tuple(_filter(part) for part in fields.parts("where", most=50))


def _filter(part: reading.Reader) -> Filter:
    of, op = (
        part.one_of("of", reading.PLACES, usual="property"),
        part.one_of("op", tuple(reading.OPERATORS), usual="is"),
    )
    named = part.text("name")
    if not named and of in reading.NAMED and "name" not in part.said:
        raise QuestionError(part.place("name"), "missing")
    found = Filter(of=of, op=op, name=named if of in reading.NAMED else "", values=part.values("value", op))
    part.end()
    return found


def _breakdown(part: reading.Reader) -> Breakdown:
    of, name = part.one_of("of", reading.PLACES, usual="property"), part.text("name")
    if not name and of in reading.NAMED:
        raise QuestionError(part.place("name"), "missing")
    part.end()
    return Breakdown(of=of, name=name if of in reading.NAMED else "")

"""The two questions that code asks most often, in one line: how many, and how far."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.timeline.query.analyses import funnel as funnels
from proofline.timeline.query.compiling import Draft, compiled
from proofline.timeline.query.question import Breakdown, Filter, Question, Step
from proofline.timeline.query.times import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from proofline.timeline.query.audience import Audience

MOST_KEYS = 10_000
CONTEXT = "context."
PLACES = {
    "event": Breakdown("event"),
    "person": Breakdown("person", "id"),
    "account": Breakdown("account", "id"),
    "source": Breakdown("source"),
    "kind": Breakdown("kind"),
}
TIMES = {"day": "toString(toDate32(at, {zone:String}))", "month": "formatDateTime(at, '%Y-%m', {zone:String})"}


def count(
    *,
    event: str | None = None,
    where: Mapping[str, str] | None = None,
    from_: str | datetime | None = None,
    to: str | datetime | None = None,
    by: str | None = None,
    audience: Audience | None = None,
    zone: str | None = None,
) -> list[tuple[str, int]]:
    """Return (key, number of events), the most frequent first; without `by` one row, whose key is "".

    Args:
        event: only these.
        where: only events whose properties have these values, as text.
        from_: from this time on, as in `Question`; None: from the first event on.
        to: before this time; None: to the last event.
        by: "event", "person", "account", "source", "kind", "day", "month", or a property's name (`context.…`: of the visit).
        audience: what counts for the viewer; None: all.
        zone: the time zone of days and months; the current one when None.

    Raises:
        QuestionError: a time can't be read, or a property can't be asked for.
    """
    filters = tuple(_filter(name, value) for name, value in (where or {}).items())
    by_ = None if by is None or by in TIMES else PLACES.get(by) or property_named(by)
    question = Question("trend", (Step(event, filters),), from_=from_ or FIRST, to=to or LAST, by=by_)
    draft = compiled(question, audience=audience, zone=zone)
    return _counted(draft, TIMES.get(by or "", draft.key or "''"), grouped=by is not None)


def funnel(
    steps: Sequence[str],
    *,
    window: timedelta,
    per: str = "person",
    from_: datetime | None = None,
    to: datetime | None = None,
    audience: Audience | None = None,
) -> list[tuple[str, int]]:
    """Return (event, how many came so far) for steps in this order within a window from the first.

    Args:
        steps: events' names, product's and sale's alike.
        window: from the first step to the last.
        per: what is counted: "person" (as merged), "account" or "subject".
        from_: events from this time on.
        to: events before this time.
        audience: what counts for the viewer; None: all.
    """
    events = tuple(Step(name) for name in steps)
    question = Question("funnel", events, from_=from_ or FIRST, to=to or LAST, per=per, window=window)
    found = funnels.answer(compiled(question, audience=audience), times=False)
    return [(name, step.count) for name, step in zip(steps, found.steps, strict=True)]


def who(
    step: Step, *, per: str, times: int = 1, from_: str | datetime | None = None, audience: Audience | None = None
) -> list[int]:
    """Return the accounts ("account") or contacts ("contact") whose people did something at least so many times.

    Args:
        step: what they did.
        per: of whom the ids are.
        times: how often at least.
        from_: from this time on, as in `Question` ("7d": the last seven days); None: ever.
        audience: what counts for the viewer; None: all.

    Raises:
        QuestionError: the step can't be asked for.
    """
    draft = compiled(Question("trend", (step,), from_=from_ or FIRST, to=LAST), audience=audience)
    key = draft.identity.contact if per == "contact" else draft.identity.account
    draft.binder.name("times", times)
    rows = draft.run(
        f"SELECT {key} AS id FROM {draft.source()} WHERE {draft.where()} AND id > 0 "
        "GROUP BY id HAVING count() >= {times:UInt32} ORDER BY id"
    )
    return [int(pk) for (pk,) in rows]


def _counted(draft: Draft, key: str, *, grouped: bool) -> list[tuple[str, int]]:
    draft.binder.name("zone", draft.zone)
    draft.binder.name("most", MOST_KEYS)
    rows = draft.run(
        f"SELECT {key} AS slice, count() AS number FROM {draft.source()} WHERE {draft.where()} "
        "GROUP BY slice ORDER BY number DESC, slice LIMIT {most:UInt32}"
    )
    return [(str(name), int(number)) for name, number in rows] or ([] if grouped else [("", 0)])


def property_named(name: str) -> Breakdown:
    """Return the place of a property: of the event, or of its visit when its name begins with `context.`."""
    return Breakdown("context", name.removeprefix(CONTEXT)) if name.startswith(CONTEXT) else Breakdown("property", name)


def _filter(name: str, value: str) -> Filter:
    of = property_named(name)
    return Filter(of.of, "is", of.name, (value,))

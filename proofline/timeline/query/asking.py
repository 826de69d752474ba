"""Ask a question, and ask who is behind a part of its answer."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from proofline.timeline.query.analyses import between, funnel, lifecycle, paths, retention, stickiness, trend, usage
from proofline.timeline.query.compiling import Draft, compiled
from proofline.timeline.query.refusing import QuestionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from proofline.timeline.query.answering import Answer
    from proofline.timeline.query.audience import Audience
    from proofline.timeline.query.question import Question


class Analysis(Protocol):
    """A module of `analyses`."""

    def answer(self, draft: Draft) -> Answer:
        """Answer the question."""

    def members(self, draft: Draft, at: Mapping[str, Any]) -> str:
        """Return the SQL of the units behind a cell, as `unit`."""


ANALYSES: dict[str, Analysis] = {
    "trend": trend,
    "funnel": funnel,
    "retention": retention,
    "paths": paths,
    "lifecycle": lifecycle,
    "stickiness": stickiness,
    "between": between,
    "usage": usage,
}


def answer(
    question: Question, *, audience: Audience | None = None, now: datetime | None = None, zone: str | None = None
) -> Answer:
    """Answer a question.

    Args:
        question: what is asked.
        audience: what the viewer may see; None: all.
        now: until when "until now" is.
        zone: the workspace's time zone; the current one when None.

    Raises:
        QuestionError: it can't be asked.
        StoreError: the store does not answer.
    """
    return ANALYSES[question.kind].answer(compiled(question, audience=audience, now=now, zone=zone))


def people(
    question: Question,
    *,
    at: Mapping[str, Any],
    limit: int = 50,
    after: int = 0,
    audience: Audience | None = None,
    now: datetime | None = None,
    zone: str | None = None,
) -> list[int]:
    """Return the ids of the people behind a cell of the answer, as merged, in the order of their ids.

    Args:
        question: what was asked; when it counts accounts or subjects, their people are meant, those of the question's events.
        at: which cell. trend `{"event": 0, "interval": "2026-10-01", "key": "pro"}`, funnel `{"step": 1, "dropped": true, "key": "pro"}`, retention
            `{"cohort": "2026-10-05", "after": 2}`, paths `{"step": 0, "source": "Signed Up", "target": "Feature Used"}`, lifecycle
            `{"interval": "2026-10-05", "state": "new"}`, stickiness `{"active": 3}`, between `{"bin": 4}`, usage `{"account": 7}`. What may be left out:
            the interval and key of a trend, key and `dropped` of a funnel, `after`.
        limit: at most so many.
        after: the last id of the page before.
        audience: as in `answer`.
        now: as in `answer`.
        zone: as in `answer`.

    Raises:
        QuestionError: the question can't be asked, or its answer has no such cell.
    """
    if not hasattr(at, "get"):
        raise QuestionError("at", "object")
    draft = compiled(question, audience=audience, now=now, zone=zone)
    units = ANALYSES[question.kind].members(draft, at)
    last, most = draft.binder.bind(after, "UInt64"), draft.binder.bind(limit, "UInt32")
    if question.per != "person":
        person = draft.identity.person
        units = f"SELECT DISTINCT {person} AS unit FROM {draft.source()} WHERE {draft.where()} AND {draft.unit} IN ({units})"
    rows = draft.run(f"SELECT unit FROM ({units}) WHERE unit > {last} ORDER BY unit LIMIT {most}")
    return [int(person) for (person,) in rows]

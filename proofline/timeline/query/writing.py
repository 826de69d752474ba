"""Writes a question as JSON, so that reading it again gives the same question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from proofline.timeline.query.reading import NAMED

if TYPE_CHECKING:
    from proofline.timeline.query.question import Filter, Question, Step

UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


def written(question: Question) -> dict[str, Any]:
    """Return the question's JSON, without what is usual."""
    said = {
        "kind": question.kind,
        "events": [_step(step) for step in question.events],
        "where": [_filter(one) for one in question.where],
        "from": _time(question.from_),
        "to": _time(question.to),
        "per": question.per,
        "measure": question.measure,
        "interval": question.interval,
        "by": {"of": question.by.of, "name": question.by.name} if question.by else None,
        "window": duration(question.window),
        "order": question.order,
        "limit": question.limit,
    }
    usual: dict[str, Any] = {
        "where": [],
        "from": "-30d",
        "to": None,
        "per": "person",
        "measure": "events",
        "interval": "day",
        "by": None,
        "window": "7d",
        "order": "ordered",
        "limit": 20,
    }
    return {name: value for name, value in said.items() if name not in usual or usual[name] != value}


def duration(length: timedelta) -> str:
    """Return a length of time in its largest whole unit."""
    seconds = round(length.total_seconds())
    unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _time(time: str | datetime | None) -> str | None:
    return time.isoformat() if isinstance(time, datetime) else time


def _step(step: Step) -> dict[str, Any]:
    said: dict[str, Any] = {"event": step.event}
    if step.where:
        said["where"] = [_filter(one) for one in step.where]
    if step.label:
        said["label"] = step.label
    return said


def _filter(one: Filter) -> dict[str, Any]:
    said: dict[str, Any] = {"of": one.of, "op": one.op}
    if one.of in NAMED:
        said["name"] = one.name
    if one.op == "in":
        said["value"] = list(one.values)
    elif one.values:
        said["value"] = one.values[0]
    return said

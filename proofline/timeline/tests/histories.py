"""Small histories written straight into the columnar store, and questions asked of them."""

import json
import uuid
from datetime import UTC, datetime, timedelta

from proofline.timeline import query, store
from proofline.timeline.query import Question

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
"""A Monday, ten in the morning in Shanghai."""
SHANGHAI = "Asia/Shanghai"
NEW_YORK = "America/New_York"
"""Where clocks go back in the night to 2026-11-01 and forth in the night to 2026-03-08."""


def written(at):
    """Return a time as rows hold it; "10-05 03:00" is of 2026, in UTC."""
    if isinstance(at, datetime):
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:23]
    return f"2026-{at}:00.000" if len(at) == len("10-05 03:00") else at


def happened(*events):
    """Write events: (time, name, person) or (time, name, person, {column or property: value})."""
    rows = []
    for at, name, person, *more in events:
        said = dict(more[0]) if more else {}
        own = {
            column: said.pop(column)
            for column in ("account", "contact", "kind", "source", "subject", "subject_kind", "context")
            if column in said
        }
        row = {
            "id": str(uuid.uuid4()),
            "at": written(at),
            "received": written(at),
            "kind": "track",
            "event": name,
            "person": person,
        }
        rows.append(row | own | {"properties": said})
    if rows:
        store.insert("events", b"\n".join(json.dumps(row).encode() for row in rows))


def known(*people):
    """Write who is who: (person, canonical) or (person, canonical, contact, account)."""
    rows = []
    for person, canonical, *tied in people:
        contact, account = tied or (0, 0)
        rows.append({"person": person, "canonical": canonical, "contact": contact, "account": account, "version": 1})
    if rows:
        store.insert("people", b"\n".join(json.dumps(row).encode() for row in rows))


def question(kind, *events, **fields):
    """Return a question; an event is its name, None, or (name, filter …); the time is October 2026 when nothing is said."""
    if "from_" in fields:
        fields["from"] = fields.pop("from_")
    steps = [
        {"event": event[0], "where": list(event[1:])} if isinstance(event, tuple) else {"event": event}
        for event in events
    ]
    return Question.of({"kind": kind, "events": steps, "from": "2026-10-01", **fields})


def ask(kind, *events, zone=SHANGHAI, now=NOW, audience=None, **fields):
    """Return the answer to a question."""
    return query.answer(question(kind, *events, **fields), now=now, zone=zone, audience=audience)


def behind(kind, *events, at, zone=SHANGHAI, audience=None, **fields):
    """Return the people behind a cell."""
    return query.people(question(kind, *events, **fields), at=at, now=NOW, zone=zone, audience=audience)


def is_(name, value, op="is", of="property"):
    """Return a filter."""
    return {"of": of, "name": name, "op": op} | ({} if value is None else {"value": value})


def days(answer):
    """Return the non-zero values of a trend's only series, by day or hour."""
    [series] = answer.series
    return {str(at): value for at, value in zip(answer.intervals, series.values, strict=True) if value}


MINUTE = timedelta(minutes=1)

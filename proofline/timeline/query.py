"""Questions that the rooms above ask of the timeline, thin for now: counts, funnels, active people, use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from proofline.timeline import store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
END = datetime(2299, 1, 1, tzinfo=UTC)
MOST_KEYS = 10_000
PEOPLE = "(SELECT person, canonical, account FROM people FINAL) AS who ON events.person = who.person"
PERSON = "if(who.canonical > 0, who.canonical, events.person)"
ACCOUNT = "if(events.account > 0, events.account, who.account)"
BY = {
    "event": "event",
    "person": f"toString({PERSON})",
    "account": f"toString({ACCOUNT})",
    "day": "toString(toDate(at, {zone:String}))",
    "month": "formatDateTime(at, '%Y-%m', {zone:String})",
}
PER = {"person": PERSON, "account": ACCOUNT, "subject": "events.subject"}


def count(
    *,
    event: str | None = None,
    where: Mapping[str, str] | None = None,
    from_: datetime | None = None,
    to: datetime | None = None,
    by: str | None = None,
) -> list[tuple[str, int]]:
    """Return (key, number of events), the most frequent first; without `by` one row, whose key is "".

    Args:
        event: only these.
        where: only events whose properties have these texts.
        from_: from this time on.
        to: before this time.
        by: "event", "person", "account", "day", "month" (in the current time zone), or a property's name.
    """
    parameters: dict[str, Any] = {"from": from_ or BEGINNING, "to": to or END, "most": MOST_KEYS}
    conditions = ["at >= {from:DateTime64(3)}", "at < {to:DateTime64(3)}"]
    if event is not None:
        conditions.append("event = {event:String}")
        parameters["event"] = event
    for place, (name, value) in enumerate((where or {}).items()):
        conditions.append(f"text[{{name{place}:String}}] = {{value{place}:String}}")
        parameters |= {f"name{place}": name, f"value{place}": value}
    key = "''" if by is None else BY.get(by, "text[{by:String}]")
    extra = {"zone": timezone.get_current_timezone_name(), "by": by}
    parameters |= {name: value for name, value in extra.items() if f"{{{name}:" in key}
    joined = f"LEFT ANY JOIN {PEOPLE}" if "who." in key else ""
    rows = store.query(
        f"SELECT {key} AS key, count() AS number FROM events {joined} WHERE {' AND '.join(conditions)} "  # noqa: S608 - own texts only; values are bound
        "GROUP BY key ORDER BY number DESC, key LIMIT {most:UInt32}",
        parameters,
    )
    return [(str(key), int(number)) for key, number in rows] or ([("", 0)] if by is None else [])


def funnel(
    steps: Sequence[str],
    *,
    window: timedelta,
    per: str = "person",
    from_: datetime | None = None,
    to: datetime | None = None,
) -> list[tuple[str, int]]:
    """Return (event, how many came so far) for steps in this order within a window from the first.

    Args:
        steps: events' names, product's and sale's alike.
        window: from the first step to the last.
        per: what is counted: "person" (as merged), "account" or "subject".
        from_: events from this time on.
        to: events before this time.
    """
    parameters: dict[str, Any] = {
        "from": from_ or BEGINNING,
        "to": to or END,
        "window": round(window.total_seconds() * 1000),
        "steps": list(steps),
    }
    parameters |= {f"step{place}": step for place, step in enumerate(steps)}
    conditions = ", ".join(f"event = {{step{place}:String}}" for place in range(len(steps)))
    who = PER[per]
    joined = f"LEFT ANY JOIN {PEOPLE}" if "who." in who else ""
    rows = store.query(
        f"SELECT level, count() FROM (SELECT {who} AS counted, "  # noqa: S608 - own texts only; values are bound
        f"windowFunnel({{window:UInt64}})(toUInt64(toUnixTimestamp64Milli(at)), {conditions}) AS level "
        f"FROM events {joined} WHERE event IN {{steps:Array(String)}} AND at >= {{from:DateTime64(3)}} "
        "AND at < {to:DateTime64(3)} GROUP BY counted HAVING counted > 0) GROUP BY level",
        parameters,
    )
    reached = dict(rows)
    return [
        (step, sum(number for level, number in reached.items() if level > place)) for place, step in enumerate(steps)
    ]

"""What a choice in the builder makes of a question. Each edit takes the question that is asked and returns the next one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from proofline.insight.explore.asked import Asked

    Edit = Callable[[Asked, Mapping[str, str]], Asked]

BARE = frozenset({"set", "not_set"})
"""Operators that take no value."""
COMPARING = frozenset({"more", "less", "at_least", "at_most"})
EVERYWHERE = ""
"""Where a filter stands that holds for all events; else it is the event's place."""
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
ONE_DAY = timedelta(days=1)


def edited(asked: Asked, chosen: Mapping[str, str]) -> Asked | None:
    """Return the question after the choice that an address carries in `do`; None when it carries none."""
    edit = EDITS.get(chosen.get("do", ""))
    return edit(asked, chosen) if edit else None


def _event(asked: Asked, chosen: Mapping[str, str]) -> Asked:
    """Put an event at a place, or behind the last one."""
    if "value" not in chosen:
        return asked
    events, at = list(asked.events), place(chosen.get("at", ""))
    name = chosen["value"] or None
    if at is not None and at < len(events):
        events[at] = {"event": name}
    elif len(events) < asked.kind.most:
        events.append({"event": name})
    return asked.with_(events=events)


def _where(asked: Asked, chosen: Mapping[str, str]) -> Asked:
    """Put a filter at a place, or behind the last one."""
    if not {"of", "name", "op"} <= set(chosen):
        return asked
    made: dict[str, Any] = {"of": chosen["of"], "name": chosen["name"], "op": chosen["op"]}
    if chosen["op"] not in BARE:
        made["value"] = valued(chosen["op"], chosen.get("pick", chosen.get("value", "")).strip())
    scope, at = chosen.get("scope", EVERYWHERE), place(chosen.get("at", ""))
    found = filters(asked, scope)
    if at is not None and at < len(found):
        found[at] = made
    else:
        found.append(made)
    return with_filters(asked, scope, found)


def _range(asked: Asked, chosen: Mapping[str, str]) -> Asked:
    """Take own dates; the last day is included, so the question ends a day later."""
    first, last = (_day(chosen.get(name, "")) for name in ("from", "to"))
    ends = last + ONE_DAY if last and last < date.max else None
    return asked.with_(**{"from": first.isoformat() if first else None, "to": ends.isoformat() if ends else None})


def _window(asked: Asked, chosen: Mapping[str, str]) -> Asked:
    number, unit = chosen.get("number", ""), chosen.get("unit", "")
    fits = number.isascii() and number.isdigit() and 0 < len(number) <= 4 and unit in {"m", "h", "d"}  # noqa: PLR2004 - as the field allows
    return asked.with_(window=f"{int(number)}{unit}") if fits else asked


def _by(asked: Asked, chosen: Mapping[str, str]) -> Asked:
    of, colon, name = chosen.get("value", "").partition(":")
    return asked.with_(by={"of": of, "name": name}) if colon else asked


def _measure(asked: Asked, chosen: Mapping[str, str]) -> Asked:
    return asked.with_(measure=chosen["value"]) if chosen.get("value") else asked


EDITS: dict[str, Edit] = {
    "event": _event,
    "where": _where,
    "range": _range,
    "window": _window,
    "by": _by,
    "measure": _measure,
}


def without_event(asked: Asked, at: int) -> Asked:
    """Return the question without an event."""
    return asked.with_(events=[event for place, event in enumerate(asked.events) if place != at])


def moved(asked: Asked, at: int, by: int) -> Asked:
    """Return the question with an event moved up (-1) or down (1)."""
    events = list(asked.events)
    events[at], events[at + by] = events[at + by], events[at]
    return asked.with_(events=events)


def filters(asked: Asked, scope: str) -> list[dict[str, Any]]:
    """Return the filters of an event, or of all events, as far as they can be read."""
    at = place(scope)
    inside: Any = asked.question if at is None else asked.events[at] if at < len(asked.events) else {}
    found = inside.get("where")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def with_filters(asked: Asked, scope: str, found: list[dict[str, Any]]) -> Asked:
    """Return the question with other filters for an event, or for all."""
    at = place(scope)
    if at is None:
        return asked.with_(where=found or None)
    events = [dict(event) for event in asked.events]
    if at < len(events):
        events[at].pop("where", None)
        events[at] |= {"where": found} if found else {}
    return asked.with_(events=events)


def without_filter(asked: Asked, scope: str, at: int) -> Asked:
    """Return the question without a filter."""
    return with_filters(asked, scope, [item for place, item in enumerate(filters(asked, scope)) if place != at])


def place(text: str) -> int | None:
    """Return the place in a list that a text names, None for none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None  # noqa: PLR2004 - no list is longer


def valued(op: str, text: str) -> Any:
    """Return what was typed as the operator takes it: several values, a number, or a text."""
    if op == "in":
        return [part.strip() for part in re.split(r"[,，\n]", text) if part.strip()]
    if op in COMPARING and NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

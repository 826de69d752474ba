"""Reading what PostHog's clients write, whatever they wrote. Nothing here does I/O."""

from __future__ import annotations

import re
from typing import Any

ANONYMOUS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
RANDOM_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""A UUID of version 4, as servers' libraries make them up; those of browsers begin with the time (version 7)."""
Fields = dict[str, Any]


def name_of(event: Fields) -> str:
    """Return the name of an event, "" when it has none."""
    return text_of(event.get("event")) or ""


def who_of(event: Fields) -> str | int | float | None:
    """Return the distinct id, wherever the client put it."""
    places = (
        event.get("distinct_id"),
        event.get("$distinct_id"),
        fields_of(event.get("properties")).get("distinct_id"),
    )
    return next((found for found in map(id_of, places) if found is not None), None)


def looks_anonymous(value: Any) -> bool:
    """Tell whether it is an id that a library made up, as far as one can see."""
    return isinstance(value, str) and ANONYMOUS_ID.fullmatch(value) is not None


def is_random(value: Any) -> bool:
    """Tell whether it is an id that means nothing, not even a device."""
    return isinstance(value, str) and RANDOM_ID.fullmatch(value) is not None


def is_scalar(value: Any) -> bool:
    """Tell whether it is a text or a number."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def id_of(value: Any) -> str | int | float | None:
    """Return what can be an id; an empty text is none."""
    return value if is_scalar(value) and str(value).strip() else None


def text_of(value: Any) -> str | None:
    """Return a text that says anything."""
    return value if isinstance(value, str) and value.strip() else None


def fields_of(value: Any) -> Fields:
    """Return an object, an empty one where there is none."""
    return value if isinstance(value, dict) else {}

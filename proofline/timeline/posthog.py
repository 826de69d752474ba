"""PostHog's capture requests, told as Segment's messages, which is what the rest of the room reads. Nothing here does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.timeline.events import IDENTIFY
from proofline.timeline.posthog_events import SPECIAL, UTM, is_of_nobody, page_of, track
from proofline.timeline.posthog_fields import Fields, fields_of, id_of, is_scalar, name_of, text_of, who_of
from proofline.timeline.segment import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

COMPANIES = ("company", "organization", "organisation", "account", "customer", "workspace")
"""Types of group that stand for a customer; the first that an event names is the one it is counted for, else its first group."""


def project_key(body: Any) -> str | None:
    """Return the key that a body carries: its own, else that of its first event."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return None
    batch = first.get("batch")
    inner = batch[0] if isinstance(batch, list) and batch and isinstance(batch[0], dict) else {}
    places = (first, fields_of(first.get("properties")), inner, fields_of(inner.get("properties")))
    found = (place.get(name) for place in places for name in ("api_key", "token"))
    return next((key for key in found if isinstance(key, str) and key), None)


def count(body: Any) -> int:
    """Return how many events a capture request brings."""
    events = body.get("batch", body) if isinstance(body, dict) else body
    return len(events) if isinstance(events, list) else 1


def messages(body: Any) -> list[Fields]:
    """Return the Segment messages of a capture request, in its order.

    An event of a batch that can't be read becomes a message that `segment.check` refuses with the reason, so that its neighbours
    pass. An event that also sets properties of its person becomes two messages.

    Args:
        body: the JSON of `/batch/`, or of one event or a list of them, as `/capture/`, `/i/v0/e/` and `/e/` take.

    Raises:
        RefusedError: it is no capture request, or its only event can't be read.
    """
    if isinstance(body, list):
        return _all(body, sent_at=None)
    if not isinstance(body, dict):
        raise RefusedError("The body is no JSON object with an event or a batch")
    # What is moved in from elsewhere happened long ago: whatever clock it was read from, it is not the sender's.
    sent_at = None if body.get("historical_migration") is True else text_of(body.get("sent_at"))
    if "batch" in body:
        if not isinstance(body["batch"], list):
            raise RefusedError("batch is required: a list of events")
        return _all(body["batch"], sent_at=sent_at)
    if not name_of(body):
        raise RefusedError("event is required")
    if who_of(body) is None and not is_of_nobody(body, fields_of(body.get("properties"))):
        raise RefusedError("distinct_id is required")
    return _all([body], sent_at=sent_at)


def _all(events: list[Any], *, sent_at: str | None) -> list[Fields]:
    sent = {"sentAt": sent_at} if sent_at else {}
    return [{**message, **sent} for event in events for message in _told(event)]


def _told(event: Any) -> list[Fields]:
    """Return one event as messages; what it says of its person comes before what the person did."""
    if not isinstance(event, dict):
        return [{"type": None, "event": text_of(event)}]
    properties = {**fields_of(event.get("properties"))}
    for name in ("$set", "$set_once"):
        properties.setdefault(name, event.get(name))
    name = name_of(event)
    tell: Callable[[Fields, Fields], Fields] = SPECIAL.get(name, track)
    told = {**_common(event, properties), **tell(event, properties)}
    told = {field: value for field, value in told.items() if value is not None}
    learnt = {key: value for key, value in fields_of(properties["$set"]).items() if not key.startswith("$")}
    if not learnt or told["type"] == IDENTIFY or is_of_nobody(event, properties):
        return [told]
    person: Fields = {
        field: told[field] for field in ("userId", "anonymousId", "timestamp", "context") if field in told
    }
    own = {"messageId": f"{told['messageId']}:set"} if told.get("messageId") else {}
    return [{**person, **own, "type": IDENTIFY, "traits": learnt}, told]


def _common(event: Fields, properties: Fields) -> Fields:
    """Return what every message has: its id, who, when, and the circumstances."""
    distinct_id = who_of(event)
    field = "anonymousId" if _is_anonymous(distinct_id, properties) else "userId"
    moments = (event.get("timestamp"), properties.get("timestamp") if event.get("timestamp") is None else None)
    return {
        "messageId": id_of(event.get("uuid")) or id_of(event.get("$insert_id")) or id_of(properties.get("$insert_id")),
        field: distinct_id,
        "timestamp": next((when for when in moments if is_scalar(when)), None),
        "context": _context(properties) or None,
    }


def _context(properties: Fields) -> Fields:
    groups = {
        kind: key for kind, value in fields_of(properties.get("$groups")).items() if (key := id_of(value)) is not None
    }
    kind = next((kind for kind in COMPANIES if kind in groups), next(iter(groups), None))
    library = {"name": properties.get("$lib"), "version": properties.get("$lib_version")}
    found = {
        "groupId": groups[kind] if kind is not None else None,
        "campaign": {ours: properties[theirs] for theirs, ours in UTM.items() if properties.get(theirs)},
        "library": {name: value for name, value in library.items() if value},
        "page": page_of(properties),
    }
    return {name: value for name, value in found.items() if value}


def _is_anonymous(distinct_id: Any, properties: Fields) -> bool:
    """Tell whether nobody said yet who this is."""
    said = properties.get("$process_person_profile") is False or properties.get("$is_identified") is False
    return said or (distinct_id is not None and id_of(properties.get("$device_id")) == distinct_id)

"""PostHog's capture requests, told as Segment's messages, which is what the rest of the room reads. Nothing here does I/O.

What PostHog has no counterpart for here stays a property under its own name (`$browser`, `$session_id`, …).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from proofline.timeline.events import ALIAS, GROUP, IDENTIFY, PAGE, SCREEN, TRACK
from proofline.timeline.segment import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

UTM = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
}
COMPANIES = ("company", "organization", "organisation", "account", "customer", "workspace")
"""Types of group that stand for a customer; the first that an event names is the one it is counted for, else its first group."""
TALK = frozenset({
    "$groups", "$set", "$set_once", "$lib", "$lib_version", "$process_person_profile", "$is_identified", "$is_server",
    "$geoip_disable", "$insert_id", "distinct_id", "token",
})  # fmt: skip
"""What clients say to PostHog itself, not about what happened."""
ANONYMOUS_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
Fields = dict[str, Any]


def project_key(body: Any) -> str | None:
    """Return the key that a body carries: its own, else that of its first event."""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return None
    batch = first.get("batch")
    inner = batch[0] if isinstance(batch, list) and batch and isinstance(batch[0], dict) else {}
    places = (first, _fields(first.get("properties")), inner, _fields(inner.get("properties")))
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
    sent_at = None if body.get("historical_migration") is True else _text(body.get("sent_at"))
    if "batch" in body:
        if not isinstance(body["batch"], list):
            raise RefusedError("batch is required: a list of events")
        return _all(body["batch"], sent_at=sent_at)
    if not _name(body):
        raise RefusedError("event is required")
    if _who(body) is None:
        raise RefusedError("distinct_id is required")
    return _all([body], sent_at=sent_at)


def _all(events: list[Any], *, sent_at: str | None) -> list[Fields]:
    sent = {"sentAt": sent_at} if sent_at else {}
    return [{**message, **sent} for event in events for message in _told(event)]


def _told(event: Any) -> list[Fields]:
    """Return one event as messages; what it says of its person comes before what the person did."""
    if not isinstance(event, dict):
        return [{"type": None, "event": _text(event)}]
    properties = {**_fields(event.get("properties"))}
    for name in ("$set", "$set_once"):
        properties.setdefault(name, event.get(name))
    name = _name(event)
    tell: Callable[[Fields, Fields], Fields] = SPECIAL.get(name, _track)
    told = {**_common(event, properties), **tell(event, properties)}
    told = {field: value for field, value in told.items() if value is not None}
    learnt = {key: value for key, value in _fields(properties["$set"]).items() if not key.startswith("$")}
    if not learnt or told["type"] == IDENTIFY:
        return [told]
    person: Fields = {
        field: told[field] for field in ("userId", "anonymousId", "timestamp", "context") if field in told
    }
    own = {"messageId": f"{told['messageId']}:set"} if told.get("messageId") else {}
    return [{**person, **own, "type": IDENTIFY, "traits": learnt}, told]


def _common(event: Fields, properties: Fields) -> Fields:
    """Return what every message has: its id, who, when, and the circumstances."""
    distinct_id = _who(event)
    field = "anonymousId" if _is_anonymous(distinct_id, properties) else "userId"
    moments = (event.get("timestamp"), properties.get("timestamp") if event.get("timestamp") is None else None)
    return {
        "messageId": _id(event.get("uuid")) or _id(event.get("$insert_id")) or _id(properties.get("$insert_id")),
        field: distinct_id,
        "timestamp": next((when for when in moments if _is_scalar(when)), None),
        "context": _context(properties) or None,
    }


def _context(properties: Fields) -> Fields:
    groups = {
        kind: key for kind, value in _fields(properties.get("$groups")).items() if (key := _id(value)) is not None
    }
    kind = next((kind for kind in COMPANIES if kind in groups), next(iter(groups), None))
    library = {"name": properties.get("$lib"), "version": properties.get("$lib_version")}
    found = {
        "groupId": groups[kind] if kind is not None else None,
        "campaign": {ours: properties[theirs] for theirs, ours in UTM.items() if properties.get(theirs)},
        "library": {name: value for name, value in library.items() if value},
        "page": _page_of(properties),
    }
    return {name: value for name, value in found.items() if value}


def _page_of(properties: Fields) -> Fields:
    """Return where it happened, in Segment's words."""
    url = _text(properties.get("$current_url"))
    path = _text(properties.get("$pathname")) or (_path(url) if url else None)
    referrer = _text(properties.get("$referrer"))
    title = _text(properties.get("title")) or _text(properties.get("$title"))
    found = {"path": path, "url": url, "title": title, "referrer": None if referrer == "$direct" else referrer}
    return {name: value for name, value in found.items() if value} if path else {}


def _path(url: str) -> str | None:
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return None


def _rest(properties: Fields, *names: str) -> Fields:
    """Return the properties that are nobody else's to tell."""
    told = {*TALK, *UTM, *names}
    return {name: value for name, value in properties.items() if name not in told}


def _track(event: Fields, properties: Fields) -> Fields:
    return {"type": TRACK, "event": _name(event), "properties": _rest(properties)}


def _page(_event: Fields, properties: Fields) -> Fields:
    rest = _rest(properties, "$current_url", "$pathname", "$referrer", "title", "$title")
    return {"type": PAGE, "properties": {**rest, **_page_of(properties)}}


def _screen(_event: Fields, properties: Fields) -> Fields:
    return {
        "type": SCREEN,
        "name": _text(properties.get("$screen_name")),
        "properties": _rest(properties, "$screen_name"),
    }


def _identify(event: Fields, properties: Fields) -> Fields:
    """Tell who somebody is; `distinct_id` is known from now on, and whatever stood for them before is theirs."""
    known = _who(event)
    before = _id(properties.get("$anon_distinct_id"))
    traits = {**_fields(properties.get("$set_once")), **_fields(properties.get("$set"))}
    anonymous = before if before != known else None
    return {"type": IDENTIFY, "userId": known, "anonymousId": anonymous, "traits": traits}


def _set(_event: Fields, properties: Fields) -> Fields:
    return {"type": IDENTIFY, "traits": {**_fields(properties.get("$set_once")), **_fields(properties.get("$set"))}}


def _alias(event: Fields, properties: Fields) -> Fields:
    """Tell that two ids are one person: `alias` is the id from now on, unless it is the one that nobody chose."""
    before, after = _id(properties.get("distinct_id")) or _who(event), _id(properties.get("alias"))
    if _looks_anonymous(after) and not _looks_anonymous(before):
        before, after = after, before
    return {"type": ALIAS, "previousId": before, "userId": after, "anonymousId": None}


def _merge(event: Fields, properties: Fields) -> Fields:
    return {"type": ALIAS, "previousId": _id(properties.get("alias")), "userId": _who(event), "anonymousId": None}


def _group(event: Fields, properties: Fields) -> Fields:
    """Tell about a group; servers send it in the name of nobody, whom some libraries call `$type_key`."""
    kind, key = properties.get("$group_type"), _id(properties.get("$group_key"))
    known = _who(event)
    nobody = known is None or known == f"${kind}_{key}"
    who = {"anonymousId": known, "userId": None} if nobody else {}
    return {
        "type": GROUP,
        "groupId": key,
        "traits": {"groupType": kind, **_fields(properties.get("$group_set"))},
        **who,
    }


SPECIAL: dict[str, Callable[[Fields, Fields], Fields]] = {
    "$pageview": _page,
    "$screen": _screen,
    "$identify": _identify,
    "$set": _set,
    "$set_once": _set,
    "$create_alias": _alias,
    "$merge_dangerously": _merge,
    "$groupidentify": _group,
}


def _name(event: Fields) -> str:
    return _text(event.get("event")) or ""


def _who(event: Fields) -> str | int | float | None:
    """Return the distinct id, wherever the client put it."""
    places = (event.get("distinct_id"), event.get("$distinct_id"), _fields(event.get("properties")).get("distinct_id"))
    return next((found for found in map(_id, places) if found is not None), None)


def _is_anonymous(distinct_id: Any, properties: Fields) -> bool:
    """Tell whether nobody said yet who this is."""
    said = properties.get("$process_person_profile") is False or properties.get("$is_identified") is False
    return said or (distinct_id is not None and _id(properties.get("$device_id")) == distinct_id)


def _looks_anonymous(value: Any) -> bool:
    return isinstance(value, str) and ANONYMOUS_ID.fullmatch(value) is not None


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _id(value: Any) -> str | int | float | None:
    """Return what can be an id; an empty text is none."""
    return value if _is_scalar(value) and str(value).strip() else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _fields(value: Any) -> Fields:
    return value if isinstance(value, dict) else {}

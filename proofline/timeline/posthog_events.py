"""One event of PostHog's, told as one message of Segment's, by its name. Nothing here does I/O.

What PostHog has no counterpart for here stays a property under its own name (`$browser`, `$session_id`, …).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from proofline.timeline import segment
from proofline.timeline.events import ALIAS, GROUP, IDENTIFY, PAGE, SCREEN, TRACK
from proofline.timeline.posthog_fields import (
    Fields,
    fields_of,
    id_of,
    is_random,
    looks_anonymous,
    name_of,
    text_of,
    who_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

UTM = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
}
TALK = frozenset({
    "$groups", "$set", "$set_once", "$lib", "$lib_version", "$process_person_profile", "$is_identified", "$is_server",
    "$geoip_disable", "$insert_id", "distinct_id", "token",
})  # fmt: skip
"""What clients say to PostHog itself, not about what happened."""


def page_of(properties: Fields) -> Fields:
    """Return where it happened, in Segment's words."""
    url = text_of(properties.get("$current_url"))
    path = text_of(properties.get("$pathname")) or (_path(url) if url else None)
    referrer = text_of(properties.get("$referrer"))
    title = text_of(properties.get("title")) or text_of(properties.get("$title"))
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


def track(event: Fields, properties: Fields) -> Fields:
    """Tell what happened, under its own name."""
    return {"type": TRACK, "event": name_of(event), "properties": _rest(properties)}


def _page(_event: Fields, properties: Fields) -> Fields:
    rest = _rest(properties, "$current_url", "$pathname", "$referrer", "title", "$title")
    return {"type": PAGE, "properties": {**rest, **page_of(properties)}}


def _screen(_event: Fields, properties: Fields) -> Fields:
    return {
        "type": SCREEN,
        "name": text_of(properties.get("$screen_name")),
        "properties": _rest(properties, "$screen_name"),
    }


def _identify(event: Fields, properties: Fields) -> Fields:
    """Tell who somebody is; `distinct_id` is known from now on, and whatever stood for them before is theirs."""
    known = who_of(event)
    before = id_of(properties.get("$anon_distinct_id"))
    traits = {**fields_of(properties.get("$set_once")), **fields_of(properties.get("$set"))}
    anonymous = before if before != known else None
    return {"type": IDENTIFY, "userId": known, "anonymousId": anonymous, "traits": traits}


def _set(_event: Fields, properties: Fields) -> Fields:
    return {"type": IDENTIFY, "traits": {**fields_of(properties.get("$set_once")), **fields_of(properties.get("$set"))}}


def _alias(event: Fields, properties: Fields) -> Fields:
    """Tell that two ids are one person: `alias` is the id from now on, unless it is the one that nobody chose."""
    before, after = id_of(properties.get("distinct_id")) or who_of(event), id_of(properties.get("alias"))
    if looks_anonymous(after) and not looks_anonymous(before):
        before, after = after, before
    return {"type": ALIAS, "previousId": before, "userId": after, "anonymousId": None}


def _merge(event: Fields, properties: Fields) -> Fields:
    return {"type": ALIAS, "previousId": id_of(properties.get("alias")), "userId": who_of(event), "anonymousId": None}


def _group(event: Fields, properties: Fields) -> Fields:
    """Tell about a group; where nobody is meant by it, the id is made of the group's own type and key."""
    kind, key = properties.get("$group_type"), id_of(properties.get("$group_key"))
    nobody = f"${text_of(kind) or 'group'}_{segment.text_of(key)}"
    who = {"anonymousId": nobody, "userId": None} if is_of_nobody(event, properties) else {}
    return {
        "type": GROUP,
        "groupId": key,
        "traits": {"groupType": kind, **fields_of(properties.get("$group_set"))},
        **who,
    }


def is_of_nobody(event: Fields, properties: Fields) -> bool:
    """Tell whether a server describes a group without meaning anybody: its library then makes an id up, `$type_key` or at random."""
    if name_of(event) != "$groupidentify":
        return False
    known = who_of(event)
    if known is None or known == f"${properties.get('$group_type')}_{properties.get('$group_key')}":
        return True
    from_server = properties.get("$is_server") is True or properties.get("$lib") == "posthog-python"
    return from_server and "$device_id" not in properties and is_random(known)


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

"""From the inbox's batches to events: whose id, when, who, what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - msgspec reads it
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from proofline.timeline import identity, recognising
from proofline.timeline.events import FACT, GROUP, IDENTIFY, PAGE, SCREEN, TRACK, Event, event_id
from proofline.timeline.models import Batch, Group, Person, Quarantined
from proofline.timeline.segment import Message, RefusedError, decode, happened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHUNK = 500


class Body(msgspec.Struct):
    """What a tracking batch holds."""

    events: list[tuple[str, msgspec.Raw]]
    sent_at: datetime | None = None
    context: dict[str, Any] | None = None


_bodies = msgspec.json.Decoder(Body)
_facts = msgspec.json.Decoder(list[Event])


@dataclass
class Draft:
    """A message on its way to become an event."""

    message: Message
    id: str
    at: datetime
    batch: Batch
    context: dict[str, Any] = field(default_factory=dict)


def events_of(batches: Sequence[Batch], *, now: datetime) -> dict[int, list[Event]]:
    """Return the events of each batch, by its id, with who is behind them; what can't be read goes to quarantine."""
    drafts: list[Draft] = []
    events: dict[int, list[Event]] = {batch.pk: [] for batch in batches}
    for batch in batches:
        if batch.kind == Batch.Kind.TRACKING:
            drafts += _drafts(batch, now=now)
        else:
            events[batch.pk] = [
                msgspec.structs.replace(fact, history=batch.kind == Batch.Kind.HISTORY)
                for fact in _facts.decode(batch.content)
            ]
    for batch_id, event in _recognised(drafts):
        events[batch_id].append(event)
    _name_people(events)
    return events


def _drafts(batch: Batch, *, now: datetime) -> list[Draft]:
    body = _bodies.decode(batch.content)
    drafts, refused = [], []
    for position, (kind, raw) in enumerate(body.events):
        try:
            message = decode(raw, kind=kind)
            at = happened(message, received_at=batch.received_at, sent_at=body.sent_at)
        except RefusedError as error:
            refused.append((position, str(error), bytes(raw)))
            continue
        key = message.message_id
        own = event_id("batch", batch.pk, position) if key in {None, ""} else event_id("message", batch.source_id, key)
        context = {**(body.context or {}), **(message.context or {})}
        drafts.append(Draft(message=message, id=own, at=at, batch=batch, context=context))
    if refused:
        Quarantined.keep(batch=batch, refused=refused, now=now)
    return drafts


def _recognised(drafts: Sequence[Draft]) -> Iterable[tuple[int, Event]]:
    """Yield (batch id, event) with the person, contact and account behind each."""
    people = recognising.resolve_many([draft.message.keys for draft in drafts])
    _join(drafts, people)
    known = recognising.ties_of(set(people))
    groups = _accounts_of_groups({draft.message.group or "" for draft in drafts} - {""})
    for draft, person in zip(drafts, people, strict=True):
        message = draft.message
        contact, account = known.get(person, (None, None))
        yield (
            draft.batch.pk,
            Event(
                id=draft.id,
                name=message.title,
                kind=message.type or TRACK,
                at=draft.at,
                received_at=draft.batch.received_at,
                person=person,
                contact_id=contact,
                account_id=groups.get(message.group or "") or account,
                source=draft.batch.source.name if draft.batch.source else "",
                properties=properties_of(message, context=draft.context),
                context=draft.context,
            ),
        )


def _join(drafts: Sequence[Draft], people: Sequence[int]) -> None:
    """Let people join the groups that they said, the last traits of a group count; else the group that their use mentions."""
    said = {
        (person, draft.message.group): draft.message.traits or {}
        for draft, person in zip(drafts, people, strict=True)
        if draft.message.type == GROUP and draft.message.group
    }
    for (person, group), traits in said.items():
        identity.join(person=person, group=str(group), traits=traits)
    mentioned = {
        person: draft.message.group for draft, person in zip(drafts, people, strict=True) if draft.message.group
    }
    for person in _without_group(set(mentioned)):
        identity.join(person=person, group=str(mentioned[person]), traits={})


def _without_group(people: set[int]) -> list[int]:
    listed = sorted(people)
    found: list[int] = []
    for start in range(0, len(listed), CHUNK):
        some = Person.objects.filter(pk__in=listed[start : start + CHUNK], group=None)
        found += some.values_list("pk", flat=True)
    return found


def _accounts_of_groups(keys: set[str]) -> dict[str, int]:
    listed = sorted(keys)
    found: dict[str, int] = {}
    for start in range(0, len(listed), CHUNK):
        groups = Group.objects.filter(key__in=listed[start : start + CHUNK], account_id__isnull=False)
        found |= {key: account for key, account in groups.values_list("key", "account_id") if account}
    return found


def _name_people(events: dict[int, list[Event]]) -> None:
    """Say in facts about a contact who that is among the people, so that funnels run from clicks to facts."""
    contacts = {event.contact_id for some in events.values() for event in some if event.kind == FACT} - {None}
    if not contacts:
        return
    listed = sorted(filter(None, contacts))
    people: dict[int, int] = {}
    for start in range(0, len(listed), CHUNK):
        found = Person.objects.canonical().filter(contact_id__in=listed[start : start + CHUNK]).order_by("-pk")
        people |= {contact: person for contact, person in found.values_list("contact_id", "pk") if contact}
    for batch, some in events.items():
        events[batch] = [
            msgspec.structs.replace(event, person=people[event.contact_id])
            if event.kind == FACT and event.contact_id in people
            else event
            for event in some
        ]


def properties_of(message: Message, *, context: dict[str, Any]) -> dict[str, Any]:
    """Return what the message says about the event; a page always has its path, page and screen their names."""
    if message.type == IDENTIFY:
        return message.traits or {}
    if message.type == GROUP:
        return {**(message.traits or {}), "groupId": message.group}
    properties = message.properties or {}
    named = {"name": message.name} if message.name else {}
    if message.type == SCREEN:
        return {**named, **properties}
    if message.type != PAGE:
        return properties
    page = context.get("page")
    page = page if isinstance(page, dict) else {}
    given = {name: page[name] for name in ("path", "url", "title", "referrer", "search") if name in page}
    found = {**given, **named, **properties}
    if "path" not in found and isinstance(found.get("url"), str):
        found["path"] = _path(found["url"])
    return found


def _path(url: str) -> str:
    try:
        return urlsplit(url).path or "/"
    except ValueError:
        return url

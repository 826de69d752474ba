"""From the inbox's batches to what goes into the store: which event, whose, when, who, what. What can't be read is kept aside."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - a named tuple's fields
from typing import TYPE_CHECKING

import msgspec
from django.conf import settings
from django.utils import timezone

from proofline.timeline import grouping, limits, refusing
from proofline.timeline.contents import context_of, properties_of
from proofline.timeline.events import FACT, Event
from proofline.timeline.ids import id_of, seed_of
from proofline.timeline.models import Batch, Person, Source
from proofline.timeline.models.inbox import unpack
from proofline.timeline.recognising import Who
from proofline.timeline.rows import FUTURE, OLD, Taken
from proofline.timeline.segment import (
    ERASED,
    NOTHING,
    Context,
    Message,
    RefusedError,
    ahead,
    check,
    decode,
    happened,
    time_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proofline.timeline.recognising import Known

CHUNK = 500
MESSAGES = {Batch.Kind.TRACKING, Batch.Kind.REPLAY}
NOBODY = Who(0)
_encode = msgspec.json.Encoder().encode


class Pending(msgspec.Struct, frozen=True, gc=False):
    """A batch of the inbox as the projector reads it."""

    pk: int
    kind: str
    source: int | None
    received_at: datetime
    count: int
    body: bytes


class Body(msgspec.Struct, rename="camel"):
    """What a tracking batch holds."""

    batch: list[msgspec.Raw]
    sent_at: str | int | float | None = None
    context: Context | None = None
    type: str | None = None
    dialect: object = None
    """Whose limits hold for its messages, see `limits`."""
    flag: object = None
    """What is known of messages that are tried again, see `models.replaying`."""


_bodies = msgspec.json.Decoder(Body)
_facts = msgspec.json.Decoder(list[Event])


def events_of(batches: Sequence[Pending], *, known: Known, now: datetime) -> list[Taken]:
    """Return the events of the batches, in order, with who is behind them."""
    messages: list[Message] = []
    taken: list[Taken] = []
    facts: list[Taken] = []
    names = dict(Source.objects.filter(pk__in={batch.source for batch in batches}).values_list("pk", "name"))
    for batch in batches:
        if batch.kind in MESSAGES:
            _read(batch, messages, taken, source=names.get(batch.source or 0, ""), now=now)
        else:
            facts += [_fact(fact, batch) for fact in _facts.decode(unpack(batch.body))]
    taken = _recognised(messages, taken, known=known)
    _name_people(facts)
    taken += facts
    return taken if not facts else sorted(taken, key=lambda one: one.batch)


def _read(batch: Pending, messages: list[Message], taken: list[Taken], *, source: str, now: datetime) -> None:
    """Add a batch's messages, and the same as events of nobody yet; keep aside what can't be read."""
    body = _bodies.decode(unpack(batch.body))
    received, again, seed = batch.received_at, batch.kind == Batch.Kind.REPLAY, seed_of(batch)
    ahead_by = ahead(time_or_none(body.sent_at), received_at=received)
    oldest = received - settings.RETENTION if settings.RETENTION else None
    refused: list[tuple[int, str, bytes]] = []
    largest = limits.of(body.dialect).event
    was_early = again and body.flag == FUTURE
    for position, raw in enumerate(body.batch):
        text = bytes(raw)
        if text == ERASED:
            continue
        try:
            message = decode(text)
            if body.type:
                message.type = body.type
            check(message, size=len(text), largest=largest)
            at, early = happened(message, received_at=received, ahead_by=ahead_by)
        except RefusedError as error:
            refused.append((position, str(error), text))
            continue
        if body.context is not None:
            message.context = _both(message.context, body.context)
        messages.append(message)
        taken.append(
            Taken(
                batch=batch.pk,
                id=id_of(message.message_id, seed, batch, position),
                at=at,
                received=received,
                kind=message.type or "",
                event=message.title,
                source=source,
                flag=FUTURE if early or was_early else OLD if oldest and at < oldest else "",
                properties=properties_of(message),
                context=context_of(message),
                again=again,
            )
        )
    if refused:
        refusing.keep(batch, unpack(batch.body), refused, now=now)


def _both(own: Context | None, common: Context) -> Context:
    """Return a message's context where it says something, else that of its batch."""
    if own is None:
        return common
    return Context(
        own.group_id if own.group_id is not None else common.group_id,
        common.campaign if own.campaign is NOTHING else own.campaign,
        common.page if own.page is NOTHING else own.page,
    )


def _recognised(messages: list[Message], taken: list[Taken], *, known: Known) -> list[Taken]:
    """Say who is behind each event: the person, contact and account; return them without those of nobody, which are kept aside."""
    people = known.resolve([message.keys for message in messages])
    if None in people:
        messages, taken, people = _somebodys(messages, taken, people)
    groups = [message.group for message in messages]
    accounts: dict[str, int] = {}
    if any(groups):
        grouping.join(messages, people, groups, known=known)
        accounts = grouping.accounts_of({group for group in groups if group})
    who = known.who(person for person in set(people) if person is not None)
    for one, person, group in zip(taken, people, groups, strict=True):
        behind = who[person] if person else NOBODY
        one.person = person or 0
        one.contact = behind.contact or 0
        one.account = (accounts.get(group) if group else None) or behind.account or 0
    return taken


def _somebodys(
    messages: list[Message], taken: list[Taken], people: list[int | None]
) -> tuple[list[Message], list[Taken], list[int | None]]:
    """Return what means somebody; keep the rest aside."""
    lost = {at for at, person in enumerate(people) if person is None and not messages[at].is_of_nobody}
    nobodys = {(taken[at].batch, taken[at].id) for at in lost}
    refusing.keep_events(dict.fromkeys(nobodys, "userId or anonymousId is required"), now=timezone.now())
    places = [at for at in range(len(people)) if at not in lost]
    return [messages[at] for at in places], [taken[at] for at in places], [people[at] for at in places]


def _fact(fact: Event, batch: Pending) -> Taken:
    return Taken(
        batch=batch.pk,
        id=fact.id,
        at=fact.at,
        received=fact.received_at,
        kind=FACT,
        event=fact.name,
        person=fact.person or 0,
        contact=fact.contact_id or 0,
        account=fact.account_id or 0,
        user=fact.user_id or 0,
        subject_kind=fact.subject_kind,
        subject=fact.subject_id or 0,
        properties=msgspec.Raw(_encode(fact.properties)),
        history=batch.kind == Batch.Kind.HISTORY,
    )


def _name_people(facts: Iterable[Taken]) -> None:
    """Say in facts about a contact who that is among the people, so that funnels run from clicks to facts."""
    listed = sorted({fact.contact for fact in facts if fact.contact})
    people: dict[int, int] = {}
    for start in range(0, len(listed), CHUNK):
        found = Person.objects.canonical().filter(contact_id__in=listed[start : start + CHUNK]).order_by("-pk")
        people |= {contact: person for contact, person in found.values_list("contact_id", "pk") if contact}
    for fact in facts:
        fact.person = people.get(fact.contact, fact.person)

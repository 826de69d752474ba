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


class Draft(msgspec.Struct, gc=False):
    """A message on its way to become an event."""

    message: Message
    id: str
    at: datetime
    flag: str
    batch: Pending


_bodies = msgspec.json.Decoder(Body)
_facts = msgspec.json.Decoder(list[Event])


def events_of(batches: Sequence[Pending], *, known: Known, now: datetime) -> list[Taken]:
    """Return the events of the batches, in order, with who is behind them."""
    drafts: list[Draft] = []
    facts: list[Taken] = []
    for batch in batches:
        if batch.kind in MESSAGES:
            drafts += _drafts(batch, now=now)
        else:
            facts += [_fact(fact, batch) for fact in _facts.decode(unpack(batch.body))]
    taken = _recognised(drafts, known=known)
    _name_people(facts)
    taken += facts
    return taken if not facts else sorted(taken, key=lambda one: one.batch)


def _drafts(batch: Pending, *, now: datetime) -> list[Draft]:
    body = _bodies.decode(unpack(batch.body))
    ahead_by = ahead(time_or_none(body.sent_at), received_at=batch.received_at)
    seed = seed_of(batch)
    oldest = batch.received_at - settings.RETENTION if settings.RETENTION else None
    drafts: list[Draft] = []
    refused: list[tuple[int, str, bytes]] = []
    largest = limits.of(body.dialect).event
    for position, raw in enumerate(body.batch):
        if bytes(raw) == ERASED:
            continue
        try:
            message = decode(raw)
            message.type = body.type or message.type
            check(message, size=len(bytes(raw)), largest=largest)
            at, early = happened(message, received_at=batch.received_at, ahead_by=ahead_by)
        except RefusedError as error:
            refused.append((position, str(error), bytes(raw)))
            continue
        if body.context is not None:
            message.context = _both(message.context, body.context)
        flag = FUTURE if early else OLD if oldest and at < oldest else ""
        drafts.append(Draft(message, id_of(message.message_id, seed, batch, position), at, flag, batch))
    if refused:
        refusing.keep(batch, unpack(batch.body), refused, now=now)
    return drafts


def _both(own: Context | None, common: Context) -> Context:
    """Return a message's context where it says something, else that of its batch."""
    if own is None:
        return common
    return Context(
        own.group_id if own.group_id is not None else common.group_id,
        common.campaign if own.campaign is NOTHING else own.campaign,
        common.page if own.page is NOTHING else own.page,
    )


def _recognised(drafts: list[Draft], *, known: Known) -> list[Taken]:
    """Return the drafts as events with the person, contact and account behind each; those of nobody are kept aside."""
    people = known.resolve([draft.message.keys for draft in drafts])
    if None in people:
        drafts, people = _somebodys(drafts, people)
    groups = [draft.message.group for draft in drafts]
    if any(groups):
        grouping.join([draft.message for draft in drafts], people, groups, known=known)
    accounts = grouping.accounts_of({group for group in groups if group})
    who = known.who(person for person in people if person is not None)
    names = dict(Source.objects.filter(pk__in={draft.batch.source for draft in drafts}).values_list("pk", "name"))
    taken = []
    for draft, person, group in zip(drafts, people, groups, strict=True):
        message, behind = draft.message, who[person or 0]
        account = (accounts.get(group) if group else None) or behind.account or 0
        taken.append(
            Taken(
                batch=draft.batch.pk,
                id=draft.id,
                at=draft.at,
                received=draft.batch.received_at,
                kind=message.type or "",
                event=message.title,
                person=person or 0,
                contact=behind.contact or 0,
                account=account,
                source=names.get(draft.batch.source or 0, ""),
                flag=draft.flag,
                properties=properties_of(message),
                context=context_of(message),
                again=draft.batch.kind == Batch.Kind.REPLAY,
            )
        )
    return taken


def _somebodys(drafts: list[Draft], people: list[int | None]) -> tuple[list[Draft], list[int | None]]:
    """Return the drafts that mean somebody; keep the others aside."""
    nobodys = {(draft.batch.pk, draft.id) for draft, person in zip(drafts, people, strict=True) if person is None}
    refusing.keep_events(dict.fromkeys(nobodys, "userId or anonymousId is required"), now=timezone.now())
    pairs = [(draft, person) for draft, person in zip(drafts, people, strict=True) if person is not None]
    return [draft for draft, _person in pairs], [person for _draft, person in pairs]


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

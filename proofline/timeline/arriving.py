"""What arrives now, newest first, straight from the inbox: before the projector took it, and also when the store is down."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - a dataclass reads it
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from proofline.timeline import access, identity, lateness, limits, segment
from proofline.timeline.events import FACT, Event
from proofline.timeline.lateness import Cursor
from proofline.timeline.models import Batch, Person, PersonKey, Source
from proofline.timeline.models.inbox import unpack
from proofline.timeline.reading import MESSAGES, Body, Pending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FIELDS = ("pk", "kind", "source", "received_at", "count", "body")
MOST_EVENTS, MOST_BATCHES = 2_000, 500
"""So many of the newest are looked through for those that are wanted: a question costs the same, however many arrive."""
SHOWN = 100
START = Cursor()
_bodies = msgspec.json.Decoder(Body).decode
_facts = msgspec.json.Decoder(list[msgspec.Raw]).decode
_fact = msgspec.json.Decoder(Event).decode
_object = msgspec.json.Decoder(dict[str, Any]).decode


class Wanted(NamedTuple):
    """Which events somebody wants to see: of a source (by id), with this in the name, of somebody with this in their keys."""

    source: int | None = None
    event: str = ""
    person: str = ""

    def has(self, one: Arrival) -> bool:
        """Tell whether it is wanted; the source was looked at before."""
        return self.event.casefold() in one.name.casefold() and self.person.casefold() in one.who.casefold()


class Behind(NamedTuple):
    """Who is behind an event, by ids, as far as it is known by now."""

    person: int | None = None
    contact: int | None = None
    account: int | None = None


NOBODY = Behind()


@dataclass(frozen=True)
class Arrival:
    """An event that came: where it stands in the inbox, when it came, what it says; ids are None where nobody is known."""

    batch: int
    position: int
    at: datetime
    kind: str
    name: str
    source: str
    who: str = ""
    """By what the source knows the person; the name of the staff user for a fact."""
    wrong: str = ""
    """Why it can't be taken in, "" when it can."""
    keys: Mapping[str, str] | None = None
    person: int | None = None
    contact: int | None = None
    account: int | None = None
    contact_name: str = ""
    account_name: str = ""


@dataclass(frozen=True)
class Arrivals:
    """Some arrivals, newest first; `cursor` is where the next question begins, `missed` says that more came than were looked through."""

    rows: list[Arrival]
    cursor: Cursor
    missed: bool = False


def newest(wanted: Wanted, *, after: Cursor = START, most: int = SHOWN) -> Arrivals:
    """Return the newest wanted events of the batches that appeared after a cursor, each once, in whatever order they were committed."""
    look = lateness.look(after, most=MOST_BATCHES)
    batches = Batch.objects.filter(look.batches()).order_by("-pk")
    if wanted.source is not None:
        batches = batches.filter(source=wanted.source)
    names = dict(Source.objects.values_list("pk", "name"))
    rows: list[Arrival] = []
    looked = 0
    for turn, row in enumerate(batches.values_list(*FIELDS)[: MOST_BATCHES + 1].iterator(chunk_size=20)):
        if looked >= MOST_EVENTS or len(rows) >= most or turn >= MOST_BATCHES:
            return Arrivals(_tied(rows[:most]), look.cursor, missed=after != START)
        batch = _batch(row)
        found = list(_of(batch, source=names.get(batch.source or 0, "")))
        rows += [one for one in reversed(found) if wanted.has(one)]
        looked += len(found)
    return Arrivals(_tied(rows[:most]), look.cursor, missed=after != START and (look.missed or len(rows) > most))


def one(batch: int, position: int) -> tuple[Arrival, str] | None:
    """Return an event and its JSON with a field a line; None when it is not in the inbox (any more)."""
    row = Batch.objects.filter(pk=batch).values_list(*FIELDS).first()
    if row is None:
        return None
    found = _batch(row)
    names = dict(Source.objects.filter(pk=found.source or 0).values_list("pk", "name"))
    try:
        raws = _raws(found)
        arrivals = _of(found, source=names.get(found.source or 0, ""))
        arrival = next(arrival for arrival in arrivals if arrival.position == position)
        return _tied([arrival])[0], msgspec.json.format(raws[position], indent=2).decode("utf-8", "replace")
    except (StopIteration, IndexError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _batch(row: tuple[Any, ...]) -> Pending:
    return Pending(row[0], row[1], row[2], row[3], row[4], bytes(row[5]))


def _raws(batch: Pending) -> list[bytes]:
    body = unpack(batch.body)
    raws = _bodies(body).batch if batch.kind in MESSAGES else _facts(body)
    return [bytes(raw) for raw in raws]


def _of(batch: Pending, *, source: str) -> Iterator[Arrival]:
    """Yield the events of a batch in order."""
    try:
        body = unpack(batch.body)
        if batch.kind not in MESSAGES:
            yield from _facts_of(batch, body)
            return
        read = _bodies(body)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a batch, it is shown with that
        yield Arrival(batch.pk, 0, batch.received_at, "", "", source, wrong=str(error))
        return
    for position, raw in enumerate(map(bytes, read.batch)):
        if raw != segment.ERASED:
            blank = Arrival(batch.pk, position, batch.received_at, "", "", source)
            yield _arrival(blank, raw, kind=read.type, largest=limits.of(read.dialect).event)


def _facts_of(batch: Pending, body: bytes) -> Iterator[Arrival]:
    facts = [_fact(raw) for raw in _facts(body)]
    users = access.names("user", {fact.user_id for fact in facts if fact.user_id})
    for position, fact in enumerate(facts):
        yield Arrival(
            batch.pk,
            position,
            batch.received_at,
            FACT,
            fact.name,
            "",
            who=users.get(fact.user_id or 0, ""),
            contact=fact.contact_id,
            account=fact.account_id,
        )


def _arrival(blank: Arrival, raw: bytes, *, kind: str | None, largest: int) -> Arrival:
    try:
        message = segment.decode(raw)
        message.type = kind or message.type
    except segment.RefusedError as error:
        return replace(blank, kind=kind or "", name=_name_in(raw), wrong=str(error))
    anonymous, user, email = message.keys
    keys = identity.normal(anonymous=segment.text_of(anonymous), user=segment.text_of(user), email=email)
    known = replace(
        blank,
        kind=message.type or "",
        name=message.title,
        who=next((keys[kind] for kind in ("user", "email", "anonymous") if kind in keys), ""),
        keys=keys,
    )
    try:
        segment.check(message, size=len(raw), largest=largest)
    except segment.RefusedError as error:
        return replace(known, wrong=str(error))
    return known if keys or message.is_of_nobody else replace(known, wrong="userId or anonymousId is required")


def _name_in(raw: bytes) -> str:
    """Return the name that a message gives its event, as far as it can be read at all."""
    try:
        name = _object(raw).get("event")
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return ""
    return name if isinstance(name, str) else ""


def _tied(rows: list[Arrival]) -> list[Arrival]:
    """Return the arrivals with the contact and account behind each, as far as they are known by now."""
    people = _people({pair for row in rows for pair in (row.keys or {}).items()})
    found = []
    for row in rows:
        person, contact, account = next((people[pair] for pair in (row.keys or {}).items() if pair in people), NOBODY)
        found.append(replace(row, person=person, contact=row.contact or contact, account=row.account or account))
    contacts = access.names("contact", {row.contact for row in found if row.contact})
    accounts = access.names("account", {row.account for row in found if row.account})
    return [
        replace(row, contact_name=contacts.get(row.contact or 0, ""), account_name=accounts.get(row.account or 0, ""))
        for row in found
    ]


def _people(keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Behind]:
    """Return whom each key belongs to."""
    keys_of: dict[str, set[str]] = defaultdict(set)
    for kind, key in keys:
        keys_of[kind].add(key)
    canonical: dict[tuple[str, str], int] = {}
    for kind, some in keys_of.items():
        rows = PersonKey.objects.filter(kind=kind, key__in=some)
        found = rows.values_list("key", "person_id", "person__canonical_id")
        canonical |= {(kind, key): into or person for key, person, into in found}
    tied = Person.objects.filter(pk__in=set(canonical.values())).values_list("pk", "contact_id", "account_id")
    behind = {row[0]: Behind(*row) for row in tied}
    return {pair: behind.get(person, NOBODY) for pair, person in canonical.items()}

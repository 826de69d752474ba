"""What is stored of a feed, read from the daily rows: one line for what was done with one part of the product on one day.

An account's lines are where `daily_accounts` sorts them, and where `daily_people` sorts those of its people whose events came before
the account was known. What stands alone (facts, sign-ins) is looked up by its id for its words.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from django.conf import settings
from django.utils import timezone

from proofline.timeline import store
from proofline.timeline.events import BEHAVIOUR, FACT, TRACK, Event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.scope import Scope

BEGINNING = date(1900, 1, 1)
LATELY = timedelta(days=7)
"""So far back an account's page looks first; only when that does not fill it, to the beginning."""
ACCOUNTS = "SELECT {columns} FROM daily_accounts WHERE account IN {{accounts:Array(UInt64)}} AND {bounds}"
PEOPLE = "SELECT {columns} FROM daily_people WHERE person IN {{people:Array(UInt64)}} AND {others} AND {bounds}"
FACTS = (
    "SELECT person, contact, toDate32(at, {{zone:String}}) AS day, kind, event, toString(id) AS label, 1 AS times, (at, id) AS last "
    "FROM events WHERE kind = 'fact' AND {found} AND day >= {{from:Date32}} AND at <= {{before_at:DateTime64(3)}}"
)
COLUMNS = "person, contact, day, kind, event, label, times, last"
BOUNDS = "day >= {from:Date32} AND day <= {to:Date32} AND kind IN {kinds:Array(String)}"
FOLDED = """
SELECT max(last) AS top, kind, event, label, sum(times), any(person), any(contact), uniqExact(person)
FROM ({rows})
GROUP BY day, kind, event, label{apart}
HAVING top < ({{before_at:DateTime64(3)}}, {{before_id:UUID}})
ORDER BY top DESC LIMIT {{limit:UInt32}}
"""
TOLD = """
SELECT id, any(account), any(user), any(toJSONString(properties)) FROM events
WHERE event IN {events:Array(String)} AND at IN {ats:Array(DateTime64(3))} AND id IN {ids:Array(UUID)} GROUP BY id
"""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Told(NamedTuple):
    """An event, or several folded into their last."""

    event: Event
    times: int = 1
    label: str = ""
    people: int = 1


def stored(scope: Scope, *, kinds: Sequence[str], start: tuple[datetime, str], limit: int) -> list[Told]:
    """Return the newest lines of a scope before a place, newest first.

    Raises:
        StoreError: the store does not answer.
    """
    rows: list[tuple[Any, ...]] = []
    if scope.account is not None:
        newest = min(start[0], timezone.now()).date()
        rows = _rows(scope, kinds=kinds, start=start, limit=limit, since=newest - LATELY)
    if len(rows) < limit:
        rows = _rows(scope, kinds=kinds, start=start, limit=limit, since=BEGINNING)
    found = _words_of([row for row in rows if row[1] not in BEHAVIOUR])
    return [_told(row, found.get(row[0][1])) for row in rows if row[1] in BEHAVIOUR or row[0][1] in found]


def _words_of(rows: Sequence[tuple[Any, ...]]) -> dict[uuid.UUID, tuple[Any, ...]]:
    """Return (account, user, properties) of what stands alone, by its id."""
    if not rows:
        return {}
    asked = {
        "events": sorted({row[2] for row in rows}),
        "ats": sorted({_text(row[0][0]) for row in rows}),
        "ids": [str(row[0][1]) for row in rows],
    }
    return {row[0]: row[1:] for row in store.query(TOLD, asked)}


def _rows(
    scope: Scope, *, kinds: Sequence[str], start: tuple[datetime, str], limit: int, since: date
) -> list[tuple[Any, ...]]:
    parts, values = _parts(scope, facts=FACT in kinds)
    if not parts:
        return []
    asked = values | {
        "kinds": list(kinds),
        "zone": settings.TIME_ZONE,
        "from": since,
        "to": start[0].date() + timedelta(days=1),  # ours may be the next already
        "before_at": start[0],
        "before_id": str(uuid.UUID(start[1])),
        "limit": limit,
    }
    apart = ", person" if scope.account is None else ""
    sql = FOLDED.format(rows=" UNION ALL ".join(parts), apart=apart)
    return store.query(sql, {name: value for name, value in asked.items() if f"{{{name}:" in sql})


def _parts(scope: Scope, *, facts: bool) -> tuple[list[str], dict[str, Any]]:
    """Return the places where a scope's lines are, as SQL without overlap, and the values in it."""
    people, values = scope.people(), dict[str, Any]()
    parts, found = [], []
    if scope.account is not None:
        parts.append(ACCOUNTS.format(columns=COLUMNS, bounds=BOUNDS))
        values["accounts"] = scope.accounts
    if people:
        others = "account NOT IN {accounts:Array(UInt64)}" if scope.account is not None else "1"
        parts.append(PEOPLE.format(columns=COLUMNS, others=others, bounds=BOUNDS))
        values["people"] = people
    if scope.contact is not None:
        found.append("contact IN {contacts:Array(UInt64)}")
        values["contacts"] = scope.contacts
    if scope.subject is not None:
        found.append("(subject_kind = {subject_kind:String} AND subject IN {subjects:Array(UInt64)})")
        values |= {"subject_kind": scope.subject[0], "subjects": scope.subjects}
    if found and facts:
        new = ["account NOT IN {accounts:Array(UInt64)}"] if scope.account is not None else []
        new += ["person NOT IN {people:Array(UInt64)}"] if people else []
        parts.append(FACTS.format(found=" AND ".join([f"({' OR '.join(found)})", *new])))
    return parts, values


def _told(row: tuple[Any, ...], words: tuple[Any, ...] | None) -> Told:
    (at, one), kind, name, label, times, person, contact, people = row
    used = {"feature": label} if kind == TRACK and label else {}
    account, user, properties = (words[0], words[1], _decode(words[2])) if words else (0, 0, used)
    event = Event(
        id=one.hex,
        name=name,
        kind=kind,
        at=at,
        received_at=at,
        person=person or None,
        contact_id=contact or None,
        account_id=account or None,
        user_id=user or None,
        properties=properties,
    )
    return Told(event, int(times), label if kind in BEHAVIOUR else "", int(people))


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.") + f"{at.microsecond // 1000:03d}"


def place(at: datetime, one: str) -> tuple[datetime, str]:
    """Return what sorts events as the store does, which compares the second half of ids before the first."""
    return at, one[16:] + one[:16]

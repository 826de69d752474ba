"""What the people of an account did in the product lately: by module, and who was last seen when; read from the daily rows."""

# ruff: noqa: S608 - the SQL is put together from constants; values are bound

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models.functions import Coalesce

from proofline.kit.clock import local_day
from proofline.records.models import Contact, Module
from proofline.timeline import absorbing, speaking, store, troubles
from proofline.timeline.events import BEHAVIOUR, TRACK, Event
from proofline.timeline.models import Person
from proofline.timeline.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from proofline.records.models import Account, User

LATELY = timedelta(days=30)
LONG_AGO = timedelta(days=365)
"""Who was last seen earlier is not looked for."""
MODULES, PEOPLE = 12, 12
BOUNDS = "day > {since:Date32} AND day <= {today:Date32} AND kind IN {kinds:Array(String)}"
COLUMNS = "transform(person, {merged:Array(UInt64)}, {into:Array(UInt64)}, person) AS who, contact, day, kind, label, times, last"
ROWS = f"""
    SELECT {COLUMNS} FROM daily_accounts WHERE account IN {{accounts:Array(UInt64)}} AND {BOUNDS}
    UNION ALL
    SELECT {COLUMNS} FROM daily_people
    WHERE person IN {{people:Array(UInt64)}} AND account NOT IN {{accounts:Array(UInt64)}} AND {BOUNDS}
"""
ACTIVE = f"""
    SELECT uniqExactIf(who, who != 0 AND day > {{lately:Date32}}), uniqExactIf(who, who != 0 AND day <= {{lately:Date32}}),
        sumIf(times, day > {{lately:Date32}}) FROM ({ROWS})
"""
BY_FEATURE = f"""
    SELECT label, sum(times) AS uses, uniqExactIf(who, who != 0), max(last.1) FROM ({ROWS})
    WHERE kind = '{TRACK}' AND label != '' GROUP BY label ORDER BY uses DESC, label LIMIT {MODULES}
"""
BY_PERSON = f"""
    SELECT who, max(contact), sumIf(times, day > {{lately:Date32}}), max(last.1) AS seen FROM ({ROWS})
    WHERE who != 0 GROUP BY who ORDER BY seen DESC, who LIMIT {PEOPLE}
"""


@dataclass(frozen=True)
class ModuleUse:
    """How a part of the product was used in the last 30 days."""

    name: str
    """The module's name in the catalogue, else the property `feature` itself."""
    feature: str
    times: int
    people: int
    last: datetime


@dataclass(frozen=True)
class LastSeen:
    """Somebody of the account, and when they last did anything."""

    name: str
    contact: Contact | None
    """None for who is no contact, or one by now that the reader may not see."""
    times: int
    """What they did in the last 30 days."""
    last: datetime


@dataclass(frozen=True)
class Use:
    """The behaviour of an account: its people, most lately seen first, and the modules, most used first."""

    active: int
    """How many different people did anything in the last 30 days."""
    active_before: int
    """And in the 30 days before."""
    times: int
    modules: Sequence[ModuleUse]
    people: Sequence[LastSeen]

    @property
    def change(self) -> int:
        """How many more people are active than in the 30 days before."""
        return self.active - self.active_before

    @property
    def most(self) -> int:
        """How often the most used module was used."""
        return max((module.times for module in self.modules), default=0)


def of_account(account: Account, *, user: User, now: datetime) -> Use:
    """Return what the account's people did, in three questions to the columnar store; of contacts those that the user may see.

    Raises:
        StoreError: the store does not answer.
    """
    today = local_day(now, time_zone=settings.TIME_ZONE)
    asked = asked_of(account)
    active, before, times = _rows(ACTIVE, asked, today=today, span=LATELY * 2)[0]
    features = _rows(BY_FEATURE, asked, today=today, span=LATELY)
    people = _rows(BY_PERSON, asked, today=today, span=LONG_AGO)
    return Use(int(active), int(before), int(times), _modules(features), _people(people, user=user))


def read(account: Account, *, user: User, now: datetime) -> Use | None:
    """Return what the account's people did; None, and a word in the log, while the columnar store does not answer."""
    try:
        found = of_account(account, user=user, now=now)
    except store.StoreError as error:
        troubles.EVENTS.failed(troubles.READING, error)
        return None
    troubles.EVENTS.passed(troubles.READING)
    return found


def asked_of(account: Account) -> dict[str, Any]:
    """Return what binds `ROWS` to an account: its ids, its people, and who of them merged into whom."""
    people = Scope(account=account.pk).people()
    stands = Person.objects.filter(pk__in=people).annotate(stands=Coalesce("canonical_id", "pk"))
    merged = [(pk, into) for pk, into in stands.values_list("pk", "stands") if pk != into]
    return {
        "accounts": absorbing.history_of("account", account.pk),
        "people": people,
        "merged": [pk for pk, _into in merged] or [0],  # the store refuses an empty list here
        "into": [into for _pk, into in merged] or [0],
        "kinds": list(BEHAVIOUR),
    }


def _rows(sql: str, asked: dict[str, Any], *, today: date, span: timedelta) -> Sequence[tuple[Any, ...]]:
    values = asked | {"since": today - span, "today": today, "lately": today - LATELY}
    return store.query(sql, {name: value for name, value in values.items() if f"{{{name}:" in sql})


def _modules(rows: Sequence[tuple[Any, ...]]) -> list[ModuleUse]:
    keys = [row[0] for row in rows]
    found = Module.objects.filter(feature_key__in=keys).order_by("-pk").values_list("feature_key", "name")
    names = dict(found) if keys else {}
    return [
        ModuleUse(names.get(feature, feature), feature, int(times), int(people), last)
        for feature, times, people, last in rows
    ]


def _people(rows: Sequence[tuple[Any, ...]], *, user: User) -> list[LastSeen]:
    events = [
        Event(
            id="",
            name="",
            kind=TRACK,
            at=last,
            received_at=last,
            person=person,
            contact_id=contact or None,
            properties={},
        )
        for person, contact, _times, last in rows
    ]
    names = speaking.names(events)
    contact_of = {event.person: event.contact_id or names.contact_of.get(event.person or 0) for event in events}
    contacts = Contact.objects.visible_to(user).in_bulk([pk for pk in contact_of.values() if pk])
    return [
        LastSeen(names.of(event), contacts.get(contact_of[event.person] or 0), int(row[2]), event.at)
        for event, row in zip(events, rows, strict=True)
    ]

"""Which accounts use the product how much: events, people, days, and when last. From the daily tables where the question allows it."""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from proofline.kit.clock import local_day, start_of_day
from proofline.timeline.events import BEHAVIOUR
from proofline.timeline.query import cells, fields
from proofline.timeline.query.answering import Answer, Line
from proofline.timeline.query.identity import Identity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.timeline.query.answering import Table
    from proofline.timeline.query.compiling import Draft
    from proofline.timeline.query.question import Filter

ROLLED_UP = frozenset({"event", "kind", "person", "account"})
"""What the daily tables know of an event."""


@dataclass(frozen=True)
class Used:
    """What one account did; `key` is the slice when the question breaks down."""

    account: int
    key: str
    events: int
    people: int
    days: int
    last: datetime


@dataclass(frozen=True)
class Usage(Answer):
    """The accounts that did most first."""

    accounts: list[Used]

    def table(self) -> Table:
        """Return a row per account, and slice."""
        by = self.question.by is not None
        names = [_("Account"), *([_("Slice")] if by else []), _("Events"), _("People"), _("Days"), _("Last")]
        rows = [
            [one.account, *([one.key] if by else []), one.events, one.people, one.days, one.last]
            for one in self.accounts
        ]
        return names, rows

    def lines(self) -> list[Line]:
        """Return the events by account."""
        return [Line("", [(one.account, one.events) for one in self.accounts])]


def answer(draft: Draft) -> Usage:
    """Sum up what each account did."""
    rows = draft.run(_rolled_up(draft) if is_rolled_up(draft) else _counted(draft))
    found = [
        Used(int(row[0]), str(row[1]), int(row[2]), int(row[3]), int(row[4]), row[5].astimezone(UTC)) for row in rows
    ]
    return Usage(draft.question, "events", found)


def members(draft: Draft, at: Mapping[str, Any]) -> str:
    """Return the SQL of an account, and of its slice."""
    account = draft.binder.bind(cells.whole(at, "account", most=10**18, least=1), "UInt64")
    where = f"{_where(draft)} AND {draft.identity.account} = {account}"
    if "key" in at and draft.key:
        where += f" AND {draft.key} = {draft.binder.bind(cells.text(at, 'key'), 'String')}"
    return f"SELECT DISTINCT {draft.identity.unit(draft.question.per)} AS unit FROM {draft.source()} WHERE {where}"


def is_rolled_up(draft: Draft) -> bool:
    """Tell whether whole days of the company's time zone are asked for, and nothing that only single events tell."""
    question = draft.question
    of = {one.of for one in (*question.where, *question.events[0].where)} | ({question.by.of} if question.by else set())
    facts = draft.audience is not None and bool(draft.audience.owners)
    ends = question.to is None or _is_midnight(draft.range.end)
    return (
        of <= ROLLED_UP and not facts and draft.zone == settings.TIME_ZONE and ends and _is_midnight(draft.range.start)
    )


def _is_midnight(at: datetime) -> bool:
    return at == start_of_day(local_day(at, time_zone=settings.TIME_ZONE), time_zone=settings.TIME_ZONE)


def _counted(draft: Draft) -> str:
    draft.binder.name("zone", draft.zone)
    person, account = draft.identity.person, draft.identity.account
    return (
        f"SELECT {account} AS used, {draft.key or _NONE} AS slice, count() AS times, uniqExactIf({person}, {person} > 0), "
        f"uniqExact(toDate32(at, {{zone:String}})), max(at) FROM {draft.source()} WHERE {_where(draft)} {_tail(draft)}"
    )


def _where(draft: Draft) -> str:
    where = draft.where(steps=[0])
    if draft.question.events[0].event is None:
        where += f" AND kind IN {draft.binder.bind(list(BEHAVIOUR), 'Array(String)')}"
    return where


_NONE = "''"


def _tail(draft: Draft) -> str:
    limit = draft.binder.bind(draft.question.limit, "UInt32")
    return f"GROUP BY used, slice HAVING used > 0 ORDER BY times DESC, used, slice LIMIT {limit}"


def _rolled_up(draft: Draft) -> str:
    """Return the SQL over the daily rows; of some accounts only, over theirs and their people's."""
    from proofline.timeline.query import compiling  # noqa: PLC0415 - it compiles us

    question, zone = draft.question, settings.TIME_ZONE
    only = _only(question.where)
    table = "daily_accounts"
    ids = (
        None
        if only is None
        else draft.binder.bind(fields.ids(question.where[only], at=f"where[{only}]"), "Array(UInt64)")
    )
    rest = replace(question, where=tuple(one for place, one in enumerate(question.where) if place != only))
    identity = Identity(table, of=f"account IN {ids} OR canonical != person" if ids else "")
    daily = compiling.Draft(rest, draft.now, draft.zone, draft.audience, draft.binder, identity)
    for step in (compiling.scope, compiling.filters, compiling.breakdown):
        step(daily)
    first, last = (local_day(at, time_zone=zone) for at in (draft.range.start, draft.range.end))
    parts = [f"day >= {daily.binder.bind(first, 'Date32')}"]
    if question.to is not None:
        parts.append(f"day < {daily.binder.bind(last, 'Date32')}")
    event = question.events[0].event
    if event is None:
        parts.append(f"kind IN {daily.binder.bind(list(BEHAVIOUR), 'Array(String)')}")
    parts += [*daily.filters, *daily.steps]
    person, account = daily.identity.person, daily.identity.account
    source = daily.source()
    if ids:
        theirs = f"(SELECT person FROM people FINAL WHERE account IN {ids})"
        rows = (
            f"(SELECT * FROM daily_accounts WHERE account IN {ids} UNION ALL "
            f"SELECT * FROM daily_people WHERE account = 0 AND person IN {theirs}) AS {table}"
        )
        source = source.replace(table, rows, 1)
    return (
        f"SELECT {account} AS used, {daily.key or _NONE} AS slice, sum({table}.times) AS times, uniqExactIf({person}, {person} > 0), "
        f"uniqExact(day), max(last).1 FROM {source} WHERE {' AND '.join(parts)} {_tail(daily)}"
    )


def _only(where: tuple[Filter, ...]) -> int | None:
    """Return the place of the filter that names accounts, None when none does."""
    named = (
        place for place, one in enumerate(where) if (one.of, one.name) == ("account", "id") and one.op in {"is", "in"}
    )
    return next(named, None)

"""The daily rows: what the store's views keep while events come in, made anew where a killed process may have left a gap."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings

from proofline.timeline import changing, schema, store

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

MOST_DAYS = 400


def mend_of(ids: Collection[str]) -> None:
    """Make the daily rows of the days on which these events were anew.

    Raises:
        StoreError: the store does not answer; it has to be done again.
    """
    days: set[date] = set()
    listed = [str(uuid.UUID(one)) for one in ids]
    sql = "SELECT DISTINCT toDate32(at, {zone:String}) FROM events WHERE id IN {ids:Array(UUID)}"
    for start in range(0, len(listed), store.IDS_AT_A_TIME):
        asked = {"zone": settings.TIME_ZONE, "ids": listed[start : start + store.IDS_AT_A_TIME]}
        days |= {row[0] for row in store.query(sql, asked)}
    mend(days)


def mend(days: Collection[date | str]) -> None:
    """Make the daily rows of these days (also as 2026-10-01) anew, from the events.

    Raises:
        StoreError: as `mend_of`.
    """
    if not days:
        return
    if len(days) > MOST_DAYS:
        make_anew()
        return
    asked = {"days": sorted(map(str, days))}
    where = f"WHERE toDate32(at, '{settings.TIME_ZONE}') IN {{days:Array(Date32)}}"
    for name in schema.DAILIES:
        changing.hide(name, "day IN {days:Array(Date32)}", asked)
    fill(schema.rollup(where=where), asked)


def make_anew() -> None:
    """Make all daily rows anew.

    Raises:
        StoreError: as `mend_of`.
    """
    for name in schema.DAILIES:
        store.command(f"TRUNCATE TABLE {store.changed(name)}")
    fill(schema.rollup())


def fill(rows: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Put daily rows, as a SELECT gives them, into both tables: what comes into accounts' comes into people's.

    Raises:
        StoreError: as `mend_of`.
    """
    store.command(f"INSERT INTO daily_accounts {rows}", parameters)

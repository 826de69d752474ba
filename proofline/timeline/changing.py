"""Changing rows that are in the columnar store. What is deleted here has left the store's tables and live files when it returns.

A change takes as long as what it rewrites is large, which may be longer than a server answers: then it is awaited, and asked for again.
"""

# ruff: noqa: S608 - the SQL is put together from our own texts; values are bound

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings

from proofline.timeline import clustering, schema, store

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = "SETTINGS mutations_sync = 2"
"""Return when the rows are gone, on all replicas, not when somebody was told to do it."""
SECONDS_TO_WAIT = 6 * 3600.0
SECONDS_TO_LOOK = 0.5
AT_WORK = """
SELECT count(), max(latest_fail_reason) FROM {mutations} WHERE database = currentDatabase() AND table = {{table:String}} AND NOT is_done
"""


def delete(table: str, where: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Delete rows, also from the files in which they are.

    Raises:
        StoreError: the store does not answer, or can't do it; it may be done again without harm.
    """
    _change(table, f"ALTER TABLE {store.changed(table)} DELETE WHERE {where} {WHOLE}", parameters)


def update(table: str, what: str, *, where: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Set columns of rows.

    Raises:
        StoreError: as `delete`.
    """
    _change(table, f"ALTER TABLE {store.changed(table)} UPDATE {what} WHERE {where} {WHOLE}", parameters)


def hide(table: str, where: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Delete rows from all answers at once; from the files they go when the store next merges them, or with `sweep`.

    Raises:
        StoreError: as `delete`.
    """
    _change(table, f"DELETE FROM {store.changed(table)} WHERE {where}", parameters)


def sweep() -> None:
    """Let what was hidden leave the files too.

    Raises:
        StoreError: as `delete`.
    """
    for table in ("events", *schema.DAILIES):
        _change(table, f"ALTER TABLE {store.changed(table)} APPLY DELETED MASK {WHOLE}", None)


def _change(table: str, sql: str, parameters: Mapping[str, Any] | None) -> None:
    ends = time.monotonic() + SECONDS_TO_WAIT
    given_up = False
    while True:
        try:
            store.command(sql, parameters)
        except store.UnavailableError:
            was_at_work = _await(table, ends=ends)
            if given_up and not was_at_work:
                raise
            given_up = not was_at_work
        else:
            return


def _await(table: str, *, ends: float) -> bool:
    """Wait until the store is not at work on changes of a table any more; tell whether it was.

    Raises:
        UnavailableError: it does not answer, or does not come to an end.
        StoreError: it can't do what it was asked.
    """
    cluster = settings.EVENTS_CLUSTER
    mutations = (
        f"clusterAllReplicas({clustering.literal(cluster)}, system.mutations)" if cluster else "system.mutations"
    )
    asked = {"table": f"{table}{clustering.SUFFIX}" if cluster else table}
    was_at_work = False
    while True:
        ((count, failed),) = store.query(AT_WORK.format(mutations=mutations), asked)
        if not count:
            return was_at_work
        if failed:
            raise store.StoreError(f"The store can't change its rows: {failed}")
        if time.monotonic() > ends:
            raise store.UnavailableError("The store does not come to the end of changing rows")
        was_at_work = True
        time.sleep(SECONDS_TO_LOOK)

"""Loads of events on their way into the store, while the projector reads the next."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from django.conf import settings
from django.utils import timezone

from proofline.timeline import hearing, refusing, rows, seen, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proofline.timeline.reading import Pending
    from proofline.timeline.rows import Taken

IN_THE_AIR = 2
"""So many loads the store takes in at once: while one waits for the disk, it works on the other."""
SECONDS_TO_WAIT = 70.0
"""Longer than a server works on a statement."""
SECONDS_ON_THE_WAY = 0.25
"""So long a statement may take to a server from a process that was killed when it had sent it."""
AT_WORK = """
SELECT count() FROM {processes}
WHERE current_database = currentDatabase() AND query_kind = 'Insert' AND query LIKE 'INSERT INTO events%'
"""


@dataclass
class Flight:
    """Some batches with what was read from them; `fresh` is what the store does not have yet."""

    batches: Sequence[Pending]
    taken: Sequence[Taken]
    fresh: list[Taken]
    inserting: Future[None] | None = None

    def pks(self) -> list[int]:
        """Return the ids of the batches."""
        return [batch.pk for batch in self.batches]

    @cached_property
    def ids(self) -> set[str]:
        """The ids of what is being inserted."""
        return {one.id for one in self.fresh}

    def wait(self) -> None:
        """Return when the store has everything, but for the rows that it refuses: they are kept aside.

        Raises:
            StoreError: the store does not take it, and that is not the rows' fault.
        """
        try:
            if self.inserting is not None:
                self.inserting.result()
            elif self.fresh:
                insert(self.fresh)
        except store.UnavailableError:
            raise
        except store.StoreError as error:
            _insert_the_rest(self.fresh, error)


class Landed(NamedTuple):
    """What stays of some batches that are in the store: their ids, how many events they had, and those that somebody wants to hear of."""

    pks: list[int]
    events: int
    meant: list[Taken]


def landed(batches: Sequence[Pending], taken: Sequence[Taken]) -> Landed:
    """Return what the reactions need of what the store took in; the rest can be let go of."""
    wanted = hearing.wanted()
    meant = [one for one in taken if wanted[one.kind, one.event, one.contact > 0] and not one.history]
    return Landed([batch.pk for batch in batches], sum(batch.count for batch in batches), meant)


class Takeoff:
    """Where flights begin: in threads of their own when another load follows, else at once when they are waited for."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        if self._threads is not None:
            self._threads.shutdown()

    def send(self, batches: Sequence[Pending], taken: Sequence[Taken], fresh: list[Taken], *, more: bool) -> Flight:
        """Begin to insert what is fresh, when there is more to read meanwhile."""
        flight = Flight(batches, taken, fresh)
        if more and fresh:
            self._threads = self._threads or ThreadPoolExecutor(IN_THE_AIR, thread_name_prefix="store-insert")
            flight.inserting = self._threads.submit(insert, fresh)
        return flight


def wait_for_others() -> None:
    """Return when the store takes no events in any more that a projector sent which was killed: they are there then, or never will be.

    Raises:
        UnavailableError: the store does not come to an end with them.
        StoreError: it does not answer.
    """
    cluster = settings.EVENTS_CLUSTER
    asked = AT_WORK.format(
        processes=f"clusterAllReplicas('{cluster}', system.processes)" if cluster else "system.processes"
    )
    looks = 1 if store.folder() else 2
    ends = time.monotonic() + SECONDS_TO_WAIT
    quiet = 0
    while quiet < looks:
        quiet = quiet + 1 if store.query(asked) == [(0,)] else 0
        if time.monotonic() > ends:
            raise store.UnavailableError("The store is still at work on events that another process sent")
        if quiet < looks:
            time.sleep(SECONDS_ON_THE_WAY)


def insert(fresh: Sequence[Taken]) -> None:
    """Insert events.

    Raises:
        StoreError: not all of them may be there.
    """
    store.insert("events", rows.lines(fresh))


def _insert_the_rest(fresh: Sequence[Taken], error: store.StoreError) -> None:
    """Find the row that the store refuses, keep it in quarantine, and let its neighbours pass.

    Raises:
        StoreError: it is not the rows' fault, or their daily rows may be missing: whoever begins anew mends them.
    """
    store.check()
    if seen.stored([one.id for one in fresh]):
        raise store.UnavailableError(f"The store took events in, but did not come to the end: {error}") from error
    if len(fresh) == 1:
        _refuse(fresh[0], error=str(error))
        return
    middle = len(fresh) // 2
    for half in (fresh[:middle], fresh[middle:]):
        try:
            insert(half)
        except store.UnavailableError:
            raise
        except store.StoreError as trouble:
            _insert_the_rest(half, trouble)


def _refuse(one: Taken, *, error: str) -> None:
    refusing.keep_events({(one.batch, one.id): f"The store refuses it: {error}"}, now=timezone.now())

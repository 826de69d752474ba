"""Takes the inbox, in order, into the columnar store and then to the reactions.

Killed at any line, it goes on where it was: a batch is marked only after its events are on the store's disk, and events that are
there already are left out by their ids, so each counts once.
"""

from __future__ import annotations

import contextlib
import logging
import time
import zlib
from typing import TYPE_CHECKING

import msgspec
import zstandard
from django.utils import timezone

from proofline.timeline import (
    committing,
    dailies,
    flights,
    hearing,
    metering,
    people,
    reading,
    refusing,
    restarting,
    rows,
    seen,
    store,
    turns,
    waking,
)
from proofline.timeline.archive import Replay
from proofline.timeline.flights import IN_THE_AIR, Flight, Landed, Takeoff, wait_for_others
from proofline.timeline.models import Batch
from proofline.timeline.reading import Pending
from proofline.timeline.recognising import Known
from proofline.timeline.turns import BusyError, turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from proofline.timeline.models.inbox import BatchQuerySet
    from proofline.timeline.rows import Taken

log = logging.getLogger(__name__)
EVENTS_A_LOAD = 50_000
"""The more at once, the less the store's work for each: a third less than with 10,000."""
BATCHES_A_LOAD = 2_000
LOADS_A_ROUND = 6
"""Between rounds the reactions hear, and whoever waits for `quiet` gets their turn."""
ROUNDS_IN_DOUBT = 3
"""So many rounds after a start what is in the store already may have come without its daily rows: the process was killed between."""
SECONDS_TO_SETTLE = 120.0
FIELDS = ("pk", "kind", "source", "received_at", "count", "body")
__all__ = ["BusyError", "Projector", "project_pending", "quiet", "settle", "turn"]


class Projector:
    """One projector at a time works on an inbox; `turn("projector")` makes sure of it."""

    def __init__(self) -> None:
        self.seen = seen.Seen()
        self._known = Known()
        self._replay = Replay()
        self._in_doubt = ROUNDS_IN_DOUBT
        self._alone = False
        hearing.begin()

    def begin(self) -> None:
        """Learn what the store has, beforehand.

        Raises:
            StoreError: the store does not answer.
        """
        wait_for_others()
        self._alone = True
        self.seen.load()

    def drain(self) -> int:
        """Project all that is pending and let the reactions hear it; return the number of events read."""
        count = 0
        while some := self.step():
            count += some
        return count

    def step(self) -> int:
        """Do one round, and try again what failed and is due; return how much was done, 0 when there is nothing to do."""
        begun = time.monotonic()
        if count := self.round():
            metering.projected(count, seconds=time.monotonic() - begun)
        return count + hearing.retry(now=timezone.now())

    def round(self) -> int:
        """Project some batches and let the reactions hear them; return the number of events read, 0 when nothing is left.

        Raises:
            StoreError: the store does not take it; what it did not take is not marked.
        """
        landed: list[Landed] = []
        with turn("round"):
            restarting.begin_if_asked()
            self._tell_people()
            try:
                self._project(landed)
            except store.StoreError:
                self.seen.forget()
                self._replay.forget()
                self._in_doubt = ROUNDS_IN_DOUBT
                self._alone = False
                raise
            if landed:
                self._tell_people()
        for some in landed:
            self._hear(some)
        return sum(some.events for some in landed) if landed else self._catch_up()

    def _tell_people(self) -> None:
        changed, erased = people.tell()
        if erased:
            self._known = Known()
            hearing.begin()
        self._known.forget(changed)
        hearing.forget(changed)

    def _project(self, landed: list[Landed]) -> None:
        """Project some loads of batches; while the store takes some in, the next one is read.

        Raises:
            StoreError: the store does not take it; `landed` tells what it took.
        """
        self._replay.begin()
        with Takeoff() as takeoff:
            air: list[Flight] = []
            for _load in range(LOADS_A_ROUND):
                # Daily rows may have to be mended, which nothing may change meanwhile.
                self._land(air, landed, leaving=0 if self._in_doubt else IN_THE_AIR)
                batches = self._next(air)
                if not batches:
                    break
                taken, more = self._read(batches), _is_full(batches)
                air.append(takeoff.send(batches, taken, self._fresh(taken, air), more=more))
                if not more:  # what comes meanwhile waits for the next round, together with what comes then
                    break
            self._land(air, landed)

    def _next(self, air: Sequence[Flight]) -> list[Pending]:
        """Return the next load: of the archive as long as the store is made anew from it, then of the inbox."""
        archived = self._replay.load(events=EVENTS_A_LOAD, batches=BATCHES_A_LOAD)
        return archived or _first(Batch.objects.pending().exclude(pk__in=[pk for flight in air for pk in flight.pks()]))

    def _fresh(self, taken: Sequence[Taken], air: Sequence[Flight]) -> list[Taken]:
        """Return the events that the store does not have and is not just taking in, each once."""
        if not self._alone:
            wait_for_others()
            self._alone = True
        # After a start the store may have what came before all that is remembered; later nothing so old is waited for any more.
        oldest = timezone.now() - seen.WINDOW
        known = self.seen.known([one.id for one in taken])
        known |= seen.stored([one.id for one in taken if one.again or (self._in_doubt and one.received < oldest)])
        if known and self._in_doubt:
            dailies.mend_of(known)
        known = known.union(*(flight.ids for flight in air))
        fresh: dict[str, Taken] = {}
        for one in taken:
            if one.id not in known:
                fresh.setdefault(one.id, one)
        self.seen.add(list(fresh))
        return list(fresh.values())

    def _land(self, air: list[Flight], landed: list[Landed], *, leaving: int = 0) -> None:
        """Wait until the store has the first ones of what is in the air, and mark them, until so many are left."""
        while len(air) > leaving:
            flight = air.pop(0)
            flight.wait()
            self._in_doubt = max(0, self._in_doubt - 1)
            with committing.between():
                Batch.mark_projected(flight.pks(), now=timezone.now())
            self._replay.landed(flight.pks()[-1])
            landed.append(flights.landed(flight.batches, flight.taken))

    def _hear(self, landed: Landed) -> None:
        """Let the reactions hear what was just projected."""
        unheard = set(Batch.objects.unheard().filter(pk__in=landed.pks).values_list("pk", flat=True))
        hearing.hear(rows.event_of(one) for one in landed.meant if one.batch in unheard)
        with committing.between():
            Batch.mark_heard(unheard, now=timezone.now())

    def _catch_up(self) -> int:
        """Let the reactions hear what an earlier run projected and then was killed."""
        batches = _first(Batch.objects.unheard())
        if not batches:
            return 0
        found = flights.landed(batches, self._read(batches))
        self._hear(found)
        return found.events

    def _read(self, batches: Sequence[Pending]) -> list[Taken]:
        """Return the events of the batches; a batch that can't be read at all goes to quarantine whole."""
        now = timezone.now()
        try:
            return reading.events_of(batches, known=self._known, now=now)
        except (msgspec.MsgspecError, ValueError, RecursionError, zlib.error, zstandard.ZstdError) as error:
            if len(batches) > 1:
                return [one for batch in batches for one in self._read([batch])]
            log.exception("The batch %s can't be read", batches[0].pk)
            refusing.keep_whole(batches[0], f"The batch can't be read: {error}", bytes(batches[0].body), now=now)
            return []


def project_pending() -> int:
    """Project all that is pending, in this thread; return the number of events read.

    Raises:
        BusyError: another projector works on the inbox and does not end.
    """
    with turn("projector"):
        return Projector().drain()


def settle(*, seconds: float = SECONDS_TO_SETTLE) -> None:
    """Return when all that is committed now is in the columnar store: by the running projector, else by ourselves.

    Raises:
        BusyError: it is not in time.
    """
    ends = time.monotonic() + seconds
    _drain_while(restarting.is_asked, ends=ends)
    last = Batch.objects.pending().reverse().values_list("pk", flat=True).first() or 0
    _drain_while(lambda: restarting.is_on() or Batch.objects.pending().filter(pk__lte=last)[:1].exists(), ends=ends)


def _drain_while(waiting: Callable[[], bool], *, ends: float) -> None:
    while waiting():
        waking.wake()
        with contextlib.suppress(BusyError), turn("projector", wait=0):
            Projector().drain()
        if time.monotonic() > ends:
            raise BusyError("The projector did not come to the end of the inbox in time")
        time.sleep(0.02)


def quiet() -> contextlib.AbstractContextManager[object]:
    """Keep the projector from its next round, as long as somebody changes inbox and store together."""
    return turns.turn("round")


def _first(batches: BatchQuerySet) -> list[Pending]:
    """Return as many batches as make one load: at least one, whatever its size, and the more the longer the line."""
    taken: list[Pending] = []
    events = 0
    for row in batches[:BATCHES_A_LOAD].values_list(*FIELDS).iterator(chunk_size=50):
        taken.append(Pending(row[0], row[1], row[2], row[3], row[4], bytes(row[5])))
        events += row[4]
        if events >= EVENTS_A_LOAD:
            break
    return taken


def _is_full(batches: Sequence[Pending]) -> bool:
    """Tell whether there is probably more in the inbox than this load."""
    return len(batches) >= BATCHES_A_LOAD or sum(batch.count for batch in batches) >= EVENTS_A_LOAD

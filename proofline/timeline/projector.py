"""Takes the inbox, in order, into the columnar store and then to the reactions.

Killed at any line, it goes on where it was: a batch is marked only after its events are on the store's disk, and events that are
there already are left out by their ids, so each counts once.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import time
from typing import TYPE_CHECKING

import msgspec
from django.conf import settings
from django.utils import timezone

from proofline.timeline import hearing, people, reading, rows, seen, store, waking
from proofline.timeline.models import Batch, Quarantined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from proofline.timeline.events import Event
    from proofline.timeline.models.inbox import BatchQuerySet

log = logging.getLogger(__name__)
EVENTS_A_ROUND = 20_000
BATCHES_A_ROUND = 500
SECONDS_TO_SETTLE = 120.0


class BusyError(TimeoutError):
    """Another process projects, and did not come to the end of the inbox in time."""


class Projector:
    """One projector at a time works on a data folder; `turn()` makes sure of it."""

    def __init__(self) -> None:
        self.seen = seen.Seen()

    def drain(self) -> int:
        """Project all that is pending and let the reactions hear it; return the number of events read."""
        count = 0
        while some := self.step():
            count += some
        return count

    def step(self) -> int:
        """Do one round, and try again what failed and is due; return how much was done, 0 when there is nothing to do."""
        return self.round() + hearing.retry(now=timezone.now())

    def round(self) -> int:
        """Project some batches and let the reactions hear them; return the number of events read, 0 when nothing is left.

        Raises:
            StoreError: the store does not take it; nothing is marked.
        """
        with _alone("round.lock"):
            batches = _first(Batch.objects.pending().select_related("source"))
            events = self._project(batches) if batches else {}
            people.tell()
        heard = self._hear(events) if events else self._catch_up()
        return sum(batch.count for batch in batches) + heard

    def _project(self, batches: Sequence[Batch]) -> dict[int, list[Event]]:
        events = _read(batches)
        known = self.seen.known([event.id for some in events.values() for event in some])
        fresh: dict[str, tuple[int, Event]] = {}
        for batch_id, some in events.items():
            for event in some:
                if event.id not in known:
                    fresh.setdefault(event.id, (batch_id, event))
        try:
            self._insert(list(fresh.values()))
        except store.StoreError:
            self.seen.forget()
            raise
        self.seen.add(list(fresh))
        Batch.mark_projected(batches, now=timezone.now())
        return events

    def _insert(self, fresh: list[tuple[int, Event]]) -> None:
        """Insert; when the store refuses a row, find it, keep it in quarantine, and let its neighbours pass."""
        if not fresh:
            return
        try:
            store.insert("events", rows.lines(event for _batch, event in fresh))
        except store.StoreError as error:
            store.check()  # raises when it is not the rows' fault
            there = seen.stored([event.id for _batch, event in fresh])
            left = [(batch, event) for batch, event in fresh if event.id not in there]
            if len(left) > 1:
                middle = len(left) // 2
                self._insert(left[:middle])
                self._insert(left[middle:])
            elif left:
                _refuse(*left[0], error=str(error))

    def _hear(self, events: dict[int, list[Event]]) -> int:
        """Let the reactions hear what was just projected."""
        unheard = Batch.objects.unheard().filter(pk__in=list(events)).defer("body")
        heard = list(unheard)
        for batch in heard:
            hearing.hear(events[batch.pk])
        Batch.mark_heard(heard, now=timezone.now())
        return 0

    def _catch_up(self) -> int:
        """Let the reactions hear what an earlier run projected and then was killed."""
        batches = _first(Batch.objects.unheard().select_related("source"))
        if not batches:
            return 0
        self._hear(_read(batches))
        return sum(batch.count for batch in batches)


def project_pending() -> int:
    """Project all that is pending, in this thread; return the number of events read.

    Raises:
        BusyError: another projector works on the folder and does not end.
    """
    with turn():
        return Projector().drain()


def settle(*, seconds: float = SECONDS_TO_SETTLE) -> None:
    """Return when all that is committed now is in the columnar store: by the running projector, else by ourselves.

    Raises:
        BusyError: it is not in time.
    """
    last = Batch.objects.pending().order_by("-pk").values_list("pk", flat=True).first()
    ends = time.monotonic() + seconds
    while last and Batch.objects.pending().filter(pk__lte=last).exists():
        waking.wake()
        with contextlib.suppress(BusyError), turn(wait=0):
            Projector().drain()
        if time.monotonic() > ends:
            raise BusyError("The projector did not come to the end of the inbox in time")
        time.sleep(0.02)


@contextlib.contextmanager
def turn(*, wait: float = SECONDS_TO_SETTLE) -> Iterator[None]:
    """Be the one projector of the data folder.

    Raises:
        BusyError: another one is, and stays so for `wait` seconds.
    """
    with _alone("projector.lock", wait=wait):
        yield


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the projector from its next round, as long as somebody changes inbox and store together."""
    with _alone("round.lock"):
        yield


@contextlib.contextmanager
def _alone(name: str, *, wait: float = SECONDS_TO_SETTLE) -> Iterator[None]:
    ends = time.monotonic() + wait
    with (settings.DATA_DIR / name).open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= ends:
                    raise BusyError(f"Another process holds {name}") from None
                time.sleep(0.02)
        yield


def _first(batches: BatchQuerySet) -> list[Batch]:
    """Return as many batches as make one round: at least one, whatever its size."""
    taken: list[Batch] = []
    events = 0
    for batch in batches[:BATCHES_A_ROUND].iterator(chunk_size=20):
        taken.append(batch)
        events += batch.count
        if events >= EVENTS_A_ROUND:
            break
    return taken


def _read(batches: Sequence[Batch]) -> dict[int, list[Event]]:
    """Return the events by batch; a batch that can't be read at all goes to quarantine whole."""
    now = timezone.now()
    try:
        return reading.events_of(batches, now=now)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        if len(batches) > 1:
            return {pk: events for batch in batches for pk, events in _read([batch]).items()}
        log.exception("The batch %s can't be read", batches[0].pk)
        refused = [(0, f"The batch can't be read: {error}", bytes(batches[0].body))]
        Quarantined.keep(batch=batches[0], refused=refused, now=now)
        return {batches[0].pk: []}


def _refuse(batch: int, event: Event, *, error: str) -> None:
    packed = msgspec.json.encode(event)
    place = int(event.id[:7], 16)  # behind all positions of messages, and the same at each try
    Quarantined.keep(batch=Batch.objects.get(pk=batch), refused=[(place, error, packed)], now=timezone.now())

"""What of the timeline runs in the server's process: the ownership of the store, and the projector's thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.db import close_old_connections, connections
from django.utils import timezone

from proofline.timeline import committing, restarting, store, troubles, waking
from proofline.timeline.projector import EVENTS_A_LOAD, Projector
from proofline.timeline.turns import BusyError, turn

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS_TO_LOOK = 0.25
"""How soon what another process committed is found."""
SECONDS_FOR_OTHERS = 0.01
"""So long whoever waits for a turn between two rounds has to take it."""
SECONDS_TO_GATHER = 0.1
"""After a round with little in it: what comes in single events is projected together, at a cost that is a round's and not an event's."""
BUSY = 2_000
SECONDS_TO_GATHER_WHEN_BUSY = 0.25
"""After a round with so much in it: the store sorts, writes and merges fewer, larger parts, at half of what many small ones cost."""
SECONDS_AFTER_TROUBLE = 1.0
_stop = threading.Event()
_thread: threading.Thread | None = None


def start() -> None:
    """Own the store if nobody does, and begin to project; once in a process."""
    global _thread  # noqa: PLW0603 - one process has one projector
    if _thread and _thread.is_alive():
        return
    _stop.clear()
    committing.start()
    _thread = threading.Thread(target=_run, name="projector", daemon=True)
    _thread.start()


def stop() -> None:
    """Finish the round that is on, and let go of the store; what is left in the inbox waits there."""
    global _thread  # noqa: PLW0603 - one process has one projector
    committing.stop()
    _stop.set()
    waking.wake()
    if _thread:
        _thread.join(timeout=3)
    _thread = None
    store.close()


def _run() -> None:
    while not _stop.is_set():
        try:
            store.own()
            with turn("projector", wait=0) as held:
                _project(held)
        except BusyError:
            _stop.wait(SECONDS_AFTER_TROUBLE)
        except Exception as error:  # noqa: BLE001 - the store or the records are down: the inbox keeps everything, and we try again
            troubles.stumbled(error)
            _stop.wait(SECONDS_AFTER_TROUBLE)
        finally:
            connections.close_all()


def _project(held: Callable[[], bool]) -> None:
    restarting.ask_if_lost(now=timezone.now())
    projector = Projector()
    projector.begin()
    while not _stop.is_set() and held():
        close_old_connections()
        done = projector.step()
        troubles.went_on(done)
        if done:
            _stop.wait(_pause(done))
        else:
            waking.wait(seconds=SECONDS_TO_LOOK)


def _pause(done: int) -> float:
    """Return the seconds between a round that did so much and the next one."""
    if done >= EVENTS_A_LOAD:
        return SECONDS_FOR_OTHERS
    return SECONDS_TO_GATHER_WHEN_BUSY if done >= BUSY else SECONDS_TO_GATHER

"""One effect of one event: it comes about together with the note that it did, or is kept for another try."""

from __future__ import annotations

import enum
import logging
import time
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from django.db import transaction
from django.utils import timezone

from proofline.timeline.models import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from proofline.timeline.events import Event

T = TypeVar("T")
log = logging.getLogger(__name__)
SECONDS_A_GROUP = 0.05
"""How long effects are gathered into one transaction. Each commit waits for the disk, and while it is open nobody else writes to SQLite."""


class Outcome(enum.Enum):
    """What became of an effect."""

    DONE = enum.auto()
    NOTHING = enum.auto()
    """It found nothing to do, or had come about before."""
    FAILED = enum.auto()


def grouped(items: Sequence[T], do: Callable[[T], Any]) -> None:
    """Do something with each item, with several in one transaction: what is done within an item's own savepoint commits a little later."""
    place = 0
    while place < len(items):
        with transaction.atomic():
            ends = time.monotonic() + SECONDS_A_GROUP
            while place < len(items) and time.monotonic() < ends:
                do(items[place])
                place += 1


def act(*, key: str, reaction: str, event: Event, function: Callable[[Event], Any]) -> Outcome:
    """Call the function in a transaction of its own, which holds only if no effect with the key came about before.

    When it returns something false but None (False, []), it found nothing to do, and no note of it is kept. When it raises, that is
    kept under the reaction's name, and tried again later.
    """
    try:
        with transaction.atomic():
            done = function(event)
            if done is not None and not done:
                Effect.settle(key, now=timezone.now())
                return Outcome.NOTHING
            if Effect.claim(key, reaction=reaction, now=timezone.now()):
                return Outcome.DONE
            transaction.set_rollback(True)  # it had come about before: take back what was done again
    except Exception as error:  # whatever a reaction raises is its own; the next one must act all the same
        log.exception("The reaction %s to %s %s failed", reaction, event.name, event.id)
        packed = msgspec.json.encode(event)
        Effect.failed(key, reaction=reaction, event=packed, error=repr(error), now=timezone.now())
        return Outcome.FAILED
    return Outcome.NOTHING

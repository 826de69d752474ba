"""What of the timeline can be down, as the log tells it: once for everybody who meets with it."""

from __future__ import annotations

from django.db import DatabaseError

from proofline.kit.troubles import Trouble
from proofline.timeline.engine import StoreError

HEALTH, READING = "The health check failed", "It can't be read"
STUMBLED, TAKING = "The projector stumbled", "Events can't be taken in"
"""What can fail. Something is back when each of these that failed was seen to work."""
EVENTS = Trouble("The columnar store", explained=(StoreError,))
RECORDS = Trouble("The record store")
PROJECTING = Trouble("Projecting")


def stumbled(error: Exception) -> None:
    """Say that the projector does not come further, and whose fault it is."""
    trouble = EVENTS if isinstance(error, StoreError) else RECORDS if isinstance(error, DatabaseError) else PROJECTING
    trouble.failed(STUMBLED, error)


def went_on(done: int) -> None:
    """Say that the projector did a round, in which it took so much in: then all that it needs works."""
    PROJECTING.passed(STUMBLED)
    for trouble in (EVENTS, RECORDS):
        trouble.passed(*((STUMBLED, HEALTH, READING) if done else (STUMBLED,)))

"""Making the columnar store anew from archive and inbox, as long as that takes."""

from __future__ import annotations

from django.utils import timezone

from proofline.timeline import projector, restarting, store

SECONDS = 24 * 3600.0


def rebuild() -> int:
    """Empty the columnar store and take archive and inbox in again; return the number of events in it afterwards.

    Reactions do not hear anything twice. It may run while the server runs, whose projector then does it.

    Raises:
        BusyError: it is not done within a day.
        StoreError: the store does not answer.
    """
    restarting.ask(now=timezone.now())
    projector.settle(seconds=SECONDS)
    return int(store.query("SELECT count() FROM events")[0][0])

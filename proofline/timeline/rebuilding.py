"""Making the columnar store anew from the inbox."""

from __future__ import annotations

from proofline.timeline import projector, store
from proofline.timeline.models import Batch, Person


def rebuild() -> int:
    """Empty the columnar store and take the whole inbox in again; return the number of events in it afterwards.

    Reactions do not hear anything twice. It may run while the server runs.
    """
    with projector.quiet():
        store.clear()
        Batch.objects.filter(count__gt=0).update(projected_at=None)
        Person.objects.update(stale=True)
    projector.settle(seconds=24 * 3600)
    return int(store.query("SELECT count() FROM events")[0][0])

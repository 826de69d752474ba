"""Making the columnar store anew from the inbox."""

from __future__ import annotations

from django.db.models import Q

from proofline.timeline import projector, store
from proofline.timeline.models import Batch, Person


def rebuild() -> int:
    """Empty the columnar store and take the whole inbox in again; return the number of events in it afterwards.

    Reactions do not hear anything twice. It may run while the server runs.
    """
    with projector.quiet():
        store.clear()
        _forget()
    projector.settle(seconds=24 * 3600)
    return int(store.query("SELECT count() FROM events")[0][0])


def begin_if_lost() -> bool:
    """Begin to make the store anew when it is empty though events were projected: its folder was deleted, or has an older form.

    Raises:
        StoreError: the store does not answer.
    """
    projected = Batch.objects.filter(count__gt=0, projected_at__isnull=False)
    if store.is_used() or not projected.exists():
        return False
    with projector.quiet():
        _forget()
    return True


def _forget() -> None:
    """Say of everything in the inbox, and of everybody, that the store does not have them."""
    Batch.objects.filter(count__gt=0).update(projected_at=None)
    tied = Q(canonical__isnull=False) | Q(contact_id__isnull=False) | Q(account_id__isnull=False)
    Person.objects.filter(tied).update(stale=True)

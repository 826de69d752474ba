"""Making the columnar store anew: emptied by the projector between two rounds, then filled from archive and inbox like at the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from proofline.timeline import store
from proofline.timeline.models import ArchiveFile, Batch, Person, Rebuild

if TYPE_CHECKING:
    from datetime import datetime


def ask(*, now: datetime) -> None:
    """Ask the projector to begin anew."""
    Rebuild.objects.create(asked_at=now)


def ask_if_lost(*, now: datetime) -> bool:
    """Ask for it when the store is empty though events were projected: its folder was deleted, or has an older form.

    Raises:
        StoreError: the store does not answer.
    """
    projected = Batch.objects.filter(count__gt=0, projected_at__isnull=False)
    if store.query("SELECT count() FROM events") != [(0,)]:
        return False
    if not projected.exists() and not ArchiveFile.objects.filter(projected_to__gte=F("first")).exists():
        return False
    ask(now=now)
    return True


def begin_if_asked() -> bool:
    """Empty the store when somebody asked for it. Only the projector calls it, at the beginning of a round.

    Killed in between, it does all of it again.

    Raises:
        StoreError: the store does not answer.
    """
    asked = list(Rebuild.objects.values_list("pk", flat=True))
    if not asked:
        return False
    store.clear()
    with transaction.atomic():
        Batch.objects.filter(count__gt=0, projected_at__isnull=False).update(projected_at=None)
        ArchiveFile.objects.update(projected_to=F("first") - 1)
        tied = Q(canonical__isnull=False) | Q(contact_id__isnull=False) | Q(account_id__isnull=False)
        Person.objects.filter(tied).update(stale=True)
        Rebuild.objects.filter(pk__in=asked).delete()
    return True


def is_asked() -> bool:
    """Tell whether the store is still to be emptied."""
    return Rebuild.objects.exists()


def is_on() -> bool:
    """Tell whether the store is still without something that is in the archive, or is to be emptied first."""
    return is_asked() or ArchiveFile.objects.pending().exists()

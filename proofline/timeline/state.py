"""How the timeline is doing: what waits, what is stored, what failed."""

from __future__ import annotations

from django.db.models import Min, Sum
from django.utils import timezone

from proofline.timeline import store
from proofline.timeline.models import Batch, Effect, Quarantined


def summary() -> dict[str, int]:
    """Return events waiting in the inbox, events in the store, seconds that the oldest waits, events refused, reactions failed."""
    waiting = Batch.objects.pending().aggregate(events=Sum("count"), since=Min("received_at"))
    lag = (timezone.now() - waiting["since"]).total_seconds() if waiting["since"] else 0
    return {
        "inbox": waiting["events"] or 0,
        "projected": int(store.query("SELECT count() FROM events")[0][0]),
        "lag_seconds": round(lag),
        "quarantined": Quarantined.objects.count(),
        "failed_effects": Effect.objects.failed().count(),
    }

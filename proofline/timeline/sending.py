"""How a source is doing: what came from it lately, what of that could not be taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.timeline import metering, store
from proofline.timeline.models import Batch, Quarantined

if TYPE_CHECKING:
    from proofline.timeline.models import Source

HOUR = timedelta(hours=1)
HOURS = 24
LATELY = """
SELECT toStartOfHour(received) AS hour, count(), countIf(received >= {today:DateTime64(3)}), countIf(received >= {last_hour:DateTime64(3)})
FROM events WHERE source = {source:String} AND received >= {from:DateTime64(3)} GROUP BY hour
"""


@dataclass(frozen=True)
class Sending:
    """What came from a source: events since midnight and in the last hour, None when the store does not answer.

    `rate_limited` counts what this server answered with 429 since it started.
    """

    today: int | None
    last_hour: int | None
    last_at: datetime | None
    refused: int
    rate_limited: int
    hours: list[tuple[datetime, int]]
    """Events of each of the last 24 hours, by the hour's beginning; empty when the store does not answer."""


def of(source: Source, *, now: datetime) -> Sending:
    """Return how a source is doing."""
    last = Batch.objects.filter(source=source).order_by("-pk").values_list("received_at", flat=True).first()
    begin = now.replace(minute=0, second=0, microsecond=0) - (HOURS - 1) * HOUR
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = {
        "source": source.name,
        "from": min(begin, today),
        "today": today,
        "last_hour": now - HOUR,
    }
    try:
        found = {hour: (count, today, recent) for hour, count, today, recent in store.query(LATELY, asked)}
    except store.StoreError:
        found = None
    hours = [begin + turn * HOUR for turn in range(HOURS)]
    return Sending(
        today=None if found is None else sum(today for _count, today, _recent in found.values()),
        last_hour=None if found is None else sum(recent for _count, _today, recent in found.values()),
        last_at=last,
        refused=Quarantined.objects.held().of(source=source.pk).count(),
        rate_limited=metering.figures().events[source.pk, metering.RATE_LIMITED],
        hours=[] if found is None else [(hour, found.get(hour, (0, 0, 0))[0]) for hour in hours],
    )

"""The timeline's figures in Prometheus's text format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from proofline.timeline import metering, state
from proofline.timeline.models import Effect, Quarantined, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

    from proofline.timeline.metering import Histogram

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ROUNDS = {
    metering.ROUND_SECONDS: ("proofline_round_duration_seconds", "How long rounds of the projector took."),
    metering.ROUND_EVENTS: ("proofline_round_events", "How many events rounds of the projector took in."),
}


class Collector:
    """Everything that is known now."""

    def collect(self) -> Iterator[Metric]:
        """Yield each metric; those of a store that does not answer are missing."""
        yield from _counted(metering.figures())
        up = GaugeMetricFamily("proofline_store_up", "Whether a store answers.", labels=["store"])
        stored = state.projected_or_none()
        up.add_metric(["events"], float(stored is not None))
        if stored is not None:
            yield GaugeMetricFamily("proofline_store_events", "Events in the columnar store.", value=stored)
        try:
            waiting = list(_of_records())
        except DatabaseError:
            waiting = []
        up.add_metric(["records"], float(bool(waiting)))
        yield up
        yield from waiting


def text() -> bytes:
    """Return the figures of this process and of the stores."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collector())
    return generate_latest(registry)


def _counted(figures: metering.Figures) -> Iterator[Metric]:
    events = CounterMetricFamily(
        "proofline_events",
        "Events by source and what became of them: accepted (answered 200), rate_limited (429), failed (503), refused (quarantine).",
        labels=["source", "answer"],
    )
    for (source, answer), count in sorted(_named(figures).items()):
        events.add_metric([source, answer], count)
    yield events
    requests = HistogramMetricFamily(
        "proofline_request_duration_seconds",
        "How long requests of the tracking API took, by status.",
        labels=["status"],
    )
    for status, histogram in sorted(figures.requests.items()):
        requests.add_metric([str(int(status))], _buckets(histogram), histogram.total)
    yield requests
    yield CounterMetricFamily("proofline_projected_events", "Events that the projector took in.", figures.projected)
    for name, (metric, words) in ROUNDS.items():
        histogram = figures.rounds[name]
        yield HistogramMetricFamily(metric, words, buckets=_buckets(histogram), sum_value=histogram.total)


def _named(figures: metering.Figures) -> dict[tuple[str, str], int]:
    """Return the counts of events by the name of their source; "" for facts of our own."""
    ids = {source for source, _answer in figures.events if source is not None}
    try:
        names = dict(Source.objects.filter(pk__in=ids).values_list("pk", "name"))
    except DatabaseError:
        names = {}
    found: dict[tuple[str, str], int] = {}
    for (source, answer), count in figures.events.items():
        key = (names.get(source, f"#{source}") if source is not None else "", answer)
        found[key] = found.get(key, 0) + count
    return found


def _of_records() -> Iterator[Metric]:
    now = timezone.now()
    waiting = state.waiting(now=now)
    yield GaugeMetricFamily(
        "proofline_inbox_events", "Events that wait to be projected; of very many, an estimate.", waiting.events
    )
    yield GaugeMetricFamily("proofline_lag_seconds", "How long the oldest of them waits.", waiting.lag_seconds)
    yield GaugeMetricFamily(
        "proofline_events_per_second", "Events that came in, over the last minute.", state.rate(now=now)
    )
    yield GaugeMetricFamily(
        "proofline_standing_still",
        "Whether the projector stands still with work waiting.",
        float(state.stands_still(now=now)),
    )
    yield GaugeMetricFamily("proofline_quarantined_events", "Events in quarantine.", Quarantined.objects.held().count())
    yield GaugeMetricFamily(
        "proofline_failed_effects", "Reactions that have not come about.", Effect.objects.failed().count()
    )


def _buckets(histogram: Histogram) -> list[tuple[str, float]]:
    """Return (upper bound, how many values up to it), as Prometheus counts."""
    sum_ = 0
    found = []
    for bound, count in zip((*map(str, histogram.bounds), "+Inf"), histogram.counts, strict=True):
        sum_ += count
        found.append((bound, float(sum_)))
    return found

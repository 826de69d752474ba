"""The documentation of the metrics, made from their classes: `proofline metric --document` prints it."""

from __future__ import annotations

from django.utils import translation

from proofline.insight.metrics import DIMENSIONS, METRICS, Metric, Unit

HEAD = """# Metrics

Made from the metrics' classes in `proofline/insight/metrics/` by `bin/proofline metric --document`; a test holds the two together.

`bin/proofline metric NAME [--by DIM] [--json]` computes one over everything; the dashboard computes the same for what the viewer may
see. They are read from the facts of the timeline (`events` in the columnar store), so imported history counts like any other.

Slices: {dimensions}. A key is a name as people see it, "" where the fact has none; a month is `YYYY-MM` in the company's time zone. A
record is sliced by what its newest fact says. Percentages and means have two decimals, halves away from zero.
"""


def markdown() -> str:
    """Return the page of all metrics, in English."""
    with translation.override("en"):
        head = HEAD.format(dimensions=", ".join(f"`{name}`" for name in DIMENSIONS))
        return "\n".join([head, *(section(metric) for metric in METRICS.values())])


def section(metric: Metric) -> str:
    """Return what the page says of one metric."""
    unit = "the company's currency" if metric.unit == Unit.MONEY else str(metric.unit.label)
    return f"## `{metric.name}`\n\n{metric.label}, in {unit}. {metric.sentence}\n\nExample: {metric.example}\n\n```sql\n{metric.sql}\n```\n"

"""The metrics of the sale. Each is one class that documents itself; `docs/metrics.md` is made from them."""

from proofline.insight.metrics.base import (
    DIMENSIONS,
    Metric,
    Result,
    Row,
    Unit,
    UnknownDimensionError,
    UnknownMetricError,
    plain,
)
from proofline.insight.metrics.deals import DaysToWin, Lost, Open, WinRate, Won, WonValue
from proofline.insight.metrics.leads import Conversion, Count

__all__ = [
    "DIMENSIONS",
    "METRICS",
    "Metric",
    "Result",
    "Row",
    "Unit",
    "UnknownDimensionError",
    "UnknownMetricError",
    "get",
    "plain",
]

METRICS: dict[str, Metric] = {
    metric.name: metric for metric in (Count(), Conversion(), Won(), Lost(), Open(), WinRate(), WonValue(), DaysToWin())
}


def get(name: str) -> Metric:
    """Return the metric of that name.

    Raises:
        UnknownMetricError: there is none.
    """
    if name not in METRICS:
        raise UnknownMetricError(f"There is no metric {name!r}; there are: {', '.join(sorted(METRICS))}.")
    return METRICS[name]

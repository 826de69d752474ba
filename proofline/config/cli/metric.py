"""Compute a metric of the sale from the timeline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse

DIMENSIONS = ("owner", "team", "product", "source", "sector", "month")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="such as deals.win_rate; docs/metrics.md lists them all"
    )
    parser.add_argument("--by", metavar="DIM", choices=DIMENSIONS, help=f"slice by one of: {', '.join(DIMENSIONS)}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--document", action="store_true", help="print docs/metrics.md, which describes every metric")


def run(options: argparse.Namespace) -> int:
    """Compute it and print it."""
    from proofline.insight import documenting, metrics  # noqa: PLC0415 - Django is loaded by now
    from proofline.timeline import projector  # noqa: PLC0415

    if options.document:
        print(documenting.markdown(), end="")
        return 0
    if not options.name:
        raise InputError(f"Name a metric: {', '.join(metrics.METRICS)}.")
    try:
        metric = metrics.get(options.name)
    except metrics.UnknownMetricError as error:
        raise InputError(str(error)) from error
    projector.settle()
    result = metric.compute(by=options.by)
    if options.json:
        rows = [{"key": row.key, "value": metrics.plain(row.value)} for row in result.rows]
        shown = {"metric": result.metric, "unit": result.unit, "value": metrics.plain(result.value), "rows": rows}
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    print(f"{result.metric}: {written(metrics.plain(result.value))} {result.unit}")
    width = max((len(row.key) for row in result.rows), default=0)
    for row in result.rows:
        print(f"  {row.key or '–':<{width}}  {written(metrics.plain(row.value)):>15}")
    return 0


def written(value: float | None) -> str:
    """Return a number as people read it."""
    return "–" if value is None else f"{value:,}"

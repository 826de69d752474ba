"""Show a metric."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("name", metavar="NAME", help="such as deals.win_rate")
    parser.add_argument("--by", metavar="DIM", help="slice by owner, team, product, source, sector or month")
    parser.add_argument("--json", action="store_true", help='print {"metric", "unit", "value", "rows"}')


def run(options: argparse.Namespace) -> int:
    """Compute the metric from the timeline and print it."""
    from proofline.insight import metrics  # noqa: PLC0415 - Django is loaded by now

    shown = metrics.compute(options.name, by=options.by).as_dict()
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    print(f"{shown['metric']}: {shown['value']} {shown['unit']}")
    for row in shown["rows"]:
        print(f"  {row['key']:<30} {row['value']}")
    return 0

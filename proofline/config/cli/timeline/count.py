"""Count events, all of them or by something.

--by takes event, person, account, source, kind, day, month, or the name of a property (context.campaign.source: of the visit). Rows come the
most frequent first; at most 10,000 of them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from proofline.config.cli.timeline import asking

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--event", metavar="NAME", help="only events of this name")
    parser.add_argument(
        "--by", metavar="BY", help="event, person, account, source, kind, day, month, or a property's name"
    )
    asking.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Count and print."""
    from proofline.timeline import query  # noqa: PLC0415 - Django is loaded by now

    asked = {"event": options.event, "from_": options.from_, "to": options.to, "zone": asking.settled()}
    [(_key, value)] = query.count(**asked)
    rows = query.count(**asked, by=options.by) if options.by is not None else []
    if options.json:
        shown = {"value": value, "rows": [{"key": key, "value": number} for key, number in rows]}
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    print(f"{value:,} events")
    asking.printed(rows)
    return 0

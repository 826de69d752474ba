"""Write events into Parquet files, with flat columns, for other tools.

--out FILE.parquet is one file; any other name is a folder with a file a month. People, contacts and accounts are as they are known now.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from proofline.config.cli.timeline import asking

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "--out",
        metavar="FILE|FOLDER",
        type=Path,
        default=Path("events.parquet"),
        help="where to; default events.parquet",
    )
    asking.arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Export, and say what was written."""
    from django.utils import timezone  # noqa: PLC0415 - Django is loaded by now

    from proofline.timeline import exporting  # noqa: PLC0415
    from proofline.timeline.query.times import FIRST, LAST, range_of  # noqa: PLC0415

    asked = range_of(from_=options.from_ or FIRST, to=options.to or LAST, zone=asking.settled(), now=timezone.now())
    done = exporting.export(start=asked.start, end=asked.end, out=options.out)
    if options.json:
        print(json.dumps({"events": done.events, "bytes": done.size, "files": [str(path) for path in done.files]}))
    else:
        print(f"{done.events:,} events, {done.size:,} bytes: {', '.join(map(str, done.files)) or 'no file'}")
    return 0

"""Let go of what is older than the retention and move old batches into the archive, as happens every night."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Do it, and say how much it was."""
    from django.utils import timezone  # noqa: PLC0415 - Django is loaded by now

    from proofline.timeline import archive, retention  # noqa: PLC0415

    now = timezone.now()
    dropped = retention.retain(now=now)
    moved = archive.archive(now=now)
    if options.json:
        print(json.dumps({"dropped": dropped, "archived": moved}))
    else:
        print(f"Let go of {dropped:,} events; archived {moved:,} batches.")
    return 0

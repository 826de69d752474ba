"""Show what waits, what failed, what is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Show how the timeline stands."""
    from proofline.timeline import state  # noqa: PLC0415 - Django is loaded by now

    shown = state.summary()
    if options.json:
        print(json.dumps(shown))
        return 0
    notes = {"inbox": "  an estimate"} if shown.pop("inbox_estimated") else {}
    print("\n".join(f"{name:<14} {value:>12,}{notes.get(name, '')}" for name, value in shown.items()))
    return 0

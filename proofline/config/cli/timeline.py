"""Look after the timeline: its state, and rebuilding its columnar store from the inbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    status = verbs.add_parser("status", help="what waits, what failed, what is stored")
    status.add_argument("--json", action="store_true", help="print JSON")
    verbs.add_parser("rebuild", help="make the columnar store anew from the inbox")


def run(options: argparse.Namespace) -> int:
    """Show or rebuild."""
    from proofline.timeline import projector, rebuilding, state  # noqa: PLC0415 - Django is loaded by now

    if options.verb == "rebuild":
        print(f"Rebuilt: {rebuilding.rebuild():,} events.")
        return 0
    del projector
    shown = state.summary()
    print(json.dumps(shown) if options.json else "\n".join(f"{name:<14} {value:>12,}" for name, value in shown.items()))
    return 0

"""Make the columnar store anew from archive and inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare that the verb takes nothing."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Rebuild, and say how many events there are."""
    from proofline.timeline import rebuilding  # noqa: PLC0415 - Django is loaded by now

    del options
    print(f"Rebuilt: {rebuilding.rebuild():,} events.")
    return 0

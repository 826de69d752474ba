"""What the verbs that ask have in common: the time they ask for, and that nothing acknowledged is missing from the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the time and the form of the answer."""
    parser.add_argument("--from", dest="from_", metavar="TIME", help="from then on: 2026-10-01, 2026-10-01T08:00, -30d")
    parser.add_argument("--to", metavar="TIME", help="before then; a day ends with the midnight at which it begins")
    parser.add_argument("--json", action="store_true", help="print JSON")


def settled() -> str:
    """Wait until all that is acknowledged can be counted; return the workspace's time zone.

    Raises:
        InputError: the projector does not come to its end.
    """
    from proofline.records.models import Workspace  # noqa: PLC0415 - Django is loaded by now
    from proofline.timeline import projector  # noqa: PLC0415

    try:
        projector.settle()
    except projector.BusyError as error:
        raise InputError(str(error)) from error
    return Workspace.current().time_zone


def printed(rows: list[tuple[str, int]], *, indent: str = "  ") -> None:
    """Print rows as people read them."""
    width = max((len(key) for key, _number in rows), default=0)
    for key, number in rows:
        print(f"{indent}{key or '–':<{width}}  {number:>15,}")

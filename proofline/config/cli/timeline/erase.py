"""Erase a person: nothing that they did, and nothing by which they could be known, stays on the timeline.

All who became the same person are erased with them. Facts of the sale stay, without them; records such as contacts are not touched.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--person", metavar="ID", type=int, help="by the number of the person")
    whom.add_argument("--user", metavar="KEY", help="by the user id that a source gave")
    whom.add_argument("--email", metavar="MAIL", help="by e-mail")
    whom.add_argument("--anonymous", metavar="ID", help="by the id of a device")
    parser.add_argument("--yes", action="store_true", help="without asking")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Ask, erase, and say what was removed."""
    from django.utils import timezone  # noqa: PLC0415 - Django is loaded by now

    from proofline.timeline import erasing  # noqa: PLC0415

    try:
        person = options.person or erasing.find(user=options.user, email=options.email, anonymous=options.anonymous)
    except LookupError as error:
        raise InputError(str(error)) from error
    if not options.yes and not _sure(person):
        raise InputError("Nothing was erased. Say --yes to erase without being asked.")
    done = erasing.erase(person=person, by=None, now=timezone.now())
    shown = done.numbers()
    print(json.dumps(shown) if options.json else "\n".join(f"{name:<14} {value:>12,}" for name, value in shown.items()))
    return 0


def _sure(person: int) -> bool:
    if not sys.stdin.isatty():
        return False
    print(
        f"This erases everything that person {person} did, for good. Go on? [y/N] ", end="", file=sys.stderr, flush=True
    )
    return sys.stdin.readline().strip().lower() in {"y", "yes"}

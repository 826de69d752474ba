"""Look after the search index: make it anew."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    rebuild = verbs.add_parser("rebuild", help="make all entries of the index what they should be")
    rebuild.add_argument("kinds", nargs="*", metavar="KIND", help="only these kinds, such as accounts")
    rebuild.add_argument("--json", action="store_true", help='print {"changed": …, "seconds": …}')


def run(options: argparse.Namespace) -> int:
    """Make the index anew and say how much had to be changed."""
    from proofline.config.cli.trouble import InputError  # noqa: PLC0415
    from proofline.kit.search import named, rebuilding, registered  # noqa: PLC0415 - Django is loaded by now

    among = named(options.kinds) if options.kinds else registered()
    if unknown := set(options.kinds) - {kind.name for kind in among}:
        known = ", ".join(kind.name for kind in registered())
        raise InputError(f"{', '.join(sorted(unknown))}: no kind that is searched; these are: {known}")
    start = time.monotonic()
    changed = rebuilding.rebuild(among, now=timezone.now())
    rebuilding.tidy()
    seconds = round(time.monotonic() - start, 1)
    print(json.dumps({"changed": changed, "seconds": seconds}) if options.json else f"{changed} changed, {seconds} s")
    return 0

"""Add sources that send events: a website, a product, a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser("add", help="add a source")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--json", action="store_true", help='print {"write_key": …}')


def run(options: argparse.Namespace) -> int:
    """Add the source and show its write key."""
    from proofline.timeline.models import Source  # noqa: PLC0415 - Django is loaded by now

    source = Source.add(name=options.name, now=timezone.now())
    print(json.dumps({"write_key": source.write_key}) if options.json else source.write_key)
    return 0

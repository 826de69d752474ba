"""Take in records from a CSV or XLSX file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from django.utils import timezone


def mapped(text: str) -> tuple[str, str]:
    """Return a column of the file and our field, from `theirs=ours`."""
    theirs, equals, ours = text.rpartition("=")
    if not (theirs and equals and ours):
        message = f"{text!r} is not THEIRS=OURS"
        raise argparse.ArgumentTypeError(message)
    return theirs.strip(), ours.strip()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("kind", metavar="KIND", help="accounts, contacts, products, users, leads or deals")
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV or XLSX; told by its content, not by its name")
    parser.add_argument(
        "--map", metavar="THEIRS=OURS", type=mapped, action="append", default=[], help="take a column for a field"
    )
    parser.add_argument(
        "--accept-suggestions", action="store_true", help='take near misses with known values ("GTXPro" for "GTX Pro")'
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Import the file; say what came in and what did not."""
    from proofline.kit import imports  # noqa: PLC0415 - Django is loaded by now

    result = imports.run_import(
        kind=options.kind,
        path=options.file,
        mapping=dict(options.map),
        accept_suggestions=options.accept_suggestions,
        dry_run=options.dry_run,
        now=timezone.now(),
    )
    print(json.dumps(result.as_dict(), ensure_ascii=False) if options.json else result)
    return 1 if result.rejected else 0

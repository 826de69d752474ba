"""Look through all accounts, contacts and leads for those that may be the same; what people decided is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    scan = verbs.add_parser("scan", help="look through all there is")
    scan.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Look through all there is, in this process; say how many records were looked at, and what waits for a decision."""
    from proofline.records import matching  # noqa: PLC0415 - Django is loaded by now
    from proofline.records.models import Pair, Scan  # noqa: PLC0415 - as above

    scan = Scan.objects.create(by=None, at=timezone.now())
    matching.scan(scan)
    pairs = {kind: Pair.objects.filter(kind=kind).count() for kind in ("accounts", "contacts")}
    result = {"looked_at": scan.looked_at, "new_pairs": scan.found, "waiting": pairs}
    if options.json:
        print(json.dumps(result))
        return 0
    print(f"{scan.looked_at:,} records looked at, {scan.found:,} new pairs.")
    print(f"Waiting for a decision: {pairs['accounts']:,} pairs of accounts, {pairs['contacts']:,} of contacts.")
    return 0

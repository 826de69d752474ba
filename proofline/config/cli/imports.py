"""Take in records from a CSV or XLSX file."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    from proofline.kit.imports.running import Result

DONE, PARTLY, NOT = 0, 1, 2
SHOWN = 20


def mapped(text: str) -> tuple[str, str]:
    """Return a column of the file and our field, from `theirs=ours`."""
    theirs, equals, ours = text.rpartition("=")
    if not (theirs and equals and ours):
        message = f"{text!r} is not THEIRS=OURS"
        raise argparse.ArgumentTypeError(message)
    return theirs.strip(), ours.strip()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "kind",
        metavar="KIND",
        help="accounts, contacts, leads, deals, products, modules, users, tasks, tickets, evidence or competitors",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV or XLSX; told by its content, not by its name")
    parser.add_argument(
        "--map",
        metavar="THEIRS=OURS",
        type=mapped,
        action="append",
        default=[],
        help="take a column for a field; THEIRS=- leaves the column out",
    )
    parser.add_argument(
        "--accept-suggestions", action="store_true", help='take near misses with known values ("GTXPro" for "GTX Pro")'
    )
    parser.add_argument(
        "--mode", choices=["both", "create", "update"], default="both", help="add and update, only add, or only update"
    )
    parser.add_argument(
        "--match",
        metavar="KEY",
        default="",
        help="find records by this key alone, such as email, domain or name+account",
    )
    parser.add_argument("--clear", action="store_true", help="an empty cell empties its field instead of keeping it")
    parser.add_argument("--add-accounts", action="store_true", help="add the accounts that rows name and nobody knows")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    parser.add_argument("--json", action="store_true", help="print JSON; reasons of rejected rows go to standard error")


def run(options: argparse.Namespace) -> int:
    """Import the file; say what came in and what did not. Nothing read is 2, some rows rejected 1, all in 0."""
    from django.conf import settings  # noqa: PLC0415 - Django is loaded by now

    from proofline.config.imports.kinds import kind_named  # noqa: PLC0415 - as above
    from proofline.kit.imports.running import run_import  # noqa: PLC0415 - as above
    from proofline.kit.imports.trouble import UnreadableFileError  # noqa: PLC0415 - as above
    from proofline.kit.imports.ways import Missing, Mode, Way  # noqa: PLC0415 - as above

    kind = kind_named(options.kind)
    if options.file.is_dir():
        raise InputError(f"{options.file} is a folder, not a file.")
    try:
        result = run_import(
            kind,
            options.file,
            by=None,
            now=timezone.now(),
            folder=settings.DATA_DIR / "imports",
            mapping=dict(options.map),
            accept=True if options.accept_suggestions else frozenset(),
            dry_run=options.dry_run,
            way=Way(
                mode=Mode(options.mode),
                key=options.match,
                clear=options.clear,
                missing=Missing.ADD if options.add_accounts else Missing.REJECT,
            ),
        )
    except UnreadableFileError as error:
        raise InputError(f"{options.file}: {error}") from error
    tell(result, as_json=options.json, dry_run=options.dry_run)
    if result.rejected == result.rows:
        return NOT
    return PARTLY if result.rejected else DONE


def tell(result: Result, *, as_json: bool, dry_run: bool) -> None:
    """Print what came in, and why rows did not."""
    problems = sys.stderr if as_json else sys.stdout
    for problem in result.problems[:SHOWN]:
        print(f"Row {problem.row}, {problem.reason}", file=problems)
    if result.rejected > SHOWN:
        print(f"… {result.rejected:,} rows were rejected in all.", file=problems)
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False))
        return
    if dry_run:
        print("Nothing was changed. This would happen:")
    for name, count in result.as_dict().items():
        if isinstance(count, int):
            print(f"{name:<10} {count:>9,}")
    for near in result.suggestions:
        print(f"“{near['value']}” in {near['column']} may be “{near['suggestion']}”: {near['rows']:,} rows")
    if result.ignored:
        print(f"Columns that fill no field of ours: {', '.join(result.ignored)}")
    if result.error_file:
        print(f"Correct the rejected rows in {result.error_file} and import that file again.")

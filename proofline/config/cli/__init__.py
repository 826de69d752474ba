"""The command line: `proofline [--data DIR] COMMAND …`. One module per command; this table is all of them.

Exit codes: 0 done, 1 partly done (some rows rejected), 2 not done (bad usage or unusable input).
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from typing import TYPE_CHECKING

from proofline.config.cli import (
    api,
    configure,
    demo,
    dev,
    duplicates,
    imports,
    metric,
    roi,
    search,
    serve,
    source,
    timeline,
    token,
    user,
)
from proofline.config.cli.trouble import InputError, sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = Callable[[argparse.Namespace], int]

DONE, PARTLY, NOT = 0, 1, 2
COMMANDS = {
    "serve": serve,
    "demo": demo,
    "dev": dev,
    "user": user,
    "token": token,
    "source": source,
    "import": imports,
    "duplicates": duplicates,
    "metric": metric,
    "roi": roi,
    "configure": configure,
    "timeline": timeline,
    "search": search,
    "api": api,
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(prog="proofline", description="Runs the whole sale of internet products.")
    top.add_argument(
        "--data", metavar="DIR", help="the folder that holds all data (default: PROOFLINE_DATA, else ./data)"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = (module.__doc__ or "").strip().splitlines()[0]
        command = commands.add_parser(name, help=summary, description=module.__doc__)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        module.arguments(command)
        command.set_defaults(module=module)
    return top


def open_folder(folder: str | None) -> None:
    """Load Django on the data folder and bring its record store up to date."""
    if folder:
        os.environ["PROOFLINE_DATA"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proofline.config.settings")
    import django  # noqa: PLC0415 - reads the settings, which read the environment set above

    django.setup()
    from proofline.config import migrating  # noqa: PLC0415 - needs the record store

    migrating.up_to_date()


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code. What is wrong with the input is said in one line."""
    options = parser().parse_args(words)
    try:
        open_folder(options.data)
        done: int = options.module.run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - there is nobody above to catch it
        sentence = sentence_of(error)
        if sentence is None:  # our own mistake: show where, and say that nothing came of it
            traceback.print_exc()
            return NOT
        print(f"proofline: {sentence}", file=sys.stderr)
        return NOT
    return done


__all__ = ["COMMANDS", "DONE", "NOT", "PARTLY", "InputError", "main", "parser"]

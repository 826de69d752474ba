"""Fill an empty folder with the demo company and serve it (bin/demo)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from proofline.config.cli import serve
from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse


FILLING, FILLED = "filling", "filled"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    serve.arguments(parser)
    parser.add_argument("--reset", action="store_true", help="delete the data folder first, after asking")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--no-serve", action="store_true", help="only fill the folder")


def run(options: argparse.Namespace) -> int:
    """Fill the folder when it is empty, then serve it."""
    from proofline.config import demo  # noqa: PLC0415 - Django is loaded by now

    interrupted = marker().exists() and marker().read_text() == FILLING
    claim()
    if options.reset:
        reset(sure=options.yes)
    elif interrupted:
        print("The demo was left half filled; it starts over.", file=sys.stderr)
        reset(sure=True)
    filled = demo.fill_when_empty()
    marker().write_text(FILLED)
    demo.show_sign_ins()
    if options.no_serve:
        return 0
    sys.stdout.flush()
    if filled:
        serve_anew(options)
    return serve.run(options)


def serve_anew(options: argparse.Namespace) -> None:
    """Become the server: a new program in this process, so that nothing of the filling stays in memory."""
    words = ["--data", str(marker().parent), "serve", "--host", options.host, "--port", str(options.port)]
    os.execv(sys.executable, [sys.executable, "-m", "proofline", *words])  # noqa: S606 - our own program


def marker() -> Path:
    """Return the file that says that a data folder holds the demo, and may be deleted."""
    from django.conf import settings  # noqa: PLC0415 - Django is loaded by now

    return Path(settings.DATA_DIR) / "demo"


def claim() -> None:
    """Mark an empty folder as the demo's.

    Raises:
        InputError: it holds something else.
    """
    from proofline.records.models import User  # noqa: PLC0415 - Django is loaded by now

    if marker().exists():
        return
    if User.objects.exists():
        message = f"{marker().parent} holds other data than the demo; name another folder with --data."
        raise InputError(message)
    marker().write_text(FILLING)


def reset(*, sure: bool) -> None:
    """Empty the demo's data folder, after asking.

    Raises:
        InputError: the folder is not the demo's, the answer was not yes, or nobody can be asked.
    """
    from django.core.management import call_command  # noqa: PLC0415 - Django is loaded by now
    from django.db import connection, connections  # noqa: PLC0415 - as above

    from proofline.config import migrating, server  # noqa: PLC0415 - as above

    folder = marker().parent
    if not sure:
        asked = f"Delete the demo in {folder} and start over? [y/N] "
        if not sys.stdin.isatty() or input(asked).strip().lower() not in {"y", "yes"}:
            message = "Nothing was deleted (answer y, or give --yes)."
            raise InputError(message)
    with server.claim_folder():
        if connection.vendor == "postgresql":
            call_command("flush", verbosity=0, interactive=False)
        connections.close_all()
        for path in folder.iterdir():
            if path.name not in {"serve.lock", "secret"}:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    marker().write_text(FILLING)
    migrating.up_to_date()

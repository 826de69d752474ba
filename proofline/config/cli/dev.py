"""Serve for developing: start again when a file changes (bin/dev)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from proofline.config.cli import serve

if TYPE_CHECKING:
    import argparse

arguments = serve.arguments


def run(options: argparse.Namespace) -> int:
    """Run Django's own server, which watches the files."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is loaded by now

    if not os.environ.get("RUN_MAIN"):  # set in the process that the watcher starts anew
        serve.first_administrator()
    call_command("runserver", f"{options.host}:{options.port}")
    return 0

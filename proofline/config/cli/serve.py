"""Serve Proofline to browsers and programs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen at (default: 127.0.0.1, this machine)"
    )
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")


def run(options: argparse.Namespace) -> int:
    """Make the administrator of an empty folder, then serve until told to stop."""
    from proofline.config import server  # noqa: PLC0415 - Django is loaded by now

    os.environ.setdefault("PROOFLINE_URL", f"http://localhost:{options.port}")  # the worker's links lead here
    first_administrator()
    return server.serve(host=options.host, port=options.port)


def first_administrator() -> None:
    """Make the administrator of an empty folder and show how to sign in, once."""
    from proofline.records.models import User  # noqa: PLC0415 - Django is loaded by now

    if made := User.objects.first_administrator(now=timezone.now()):
        user, password = made
        print(f"First start. Sign in as {user.email} with the one-time password {password}", flush=True)

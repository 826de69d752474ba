"""Make tokens for programs that work in a user's name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.config.cli.trouble import InputError

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser("add", help="make a token")
    add.add_argument("user", metavar="USER", help="the user's e-mail")
    add.add_argument("--name", default="command line", help="what the token is for")
    add.add_argument("--json", action="store_true", help='print {"token": …}')


def run(options: argparse.Namespace) -> int:
    """Make the token and show its text, once."""
    from proofline.records.models import ApiToken, User  # noqa: PLC0415 - Django is loaded by now

    user = User.objects.filter(email__iexact=options.user).first()
    if user is None:
        message = f"There is no user with the e-mail {options.user}."
        raise InputError(message)
    _token, text = ApiToken.issue(user=user, name=options.name, now=timezone.now())
    print(json.dumps({"token": text}) if options.json else text)
    return 0

"""Add people who work here."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from proofline.records.roles import Role

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add = parser.add_subparsers(dest="verb", required=True, metavar="VERB").add_parser("add", help="add a person")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--name", help="as colleagues see it (default: what stands before the @)")
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.SALES.value, help="default: sales")
    add.add_argument("--team", help="the team's name; made when there is none")
    add.add_argument("--password", help="default: one is made and shown, to be changed at the first sign-in")
    add.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Add the person and say how they sign in."""
    from proofline.records.models import Team, User  # noqa: PLC0415 - Django is loaded by now

    password = options.password or secrets.token_urlsafe(12)
    person = User.objects.add(
        email=options.email,
        name=options.name or options.email.split("@")[0],
        role=options.role,
        team=Team.objects.get_or_create(name=options.team)[0] if options.team else None,
        password=password,
        one_time=not options.password,
    )
    shown = {"id": person.pk, "email": person.email, "name": person.name, "role": person.role}
    if not options.password:
        shown["one_time_password"] = password
    if options.json:
        print(json.dumps(shown, ensure_ascii=False))
        return 0
    print(f"Added {person.name} <{person.email}>, {Role(person.role).value}.")
    if not options.password:
        print(f"One-time password: {password}")
    return 0

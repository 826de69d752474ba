"""Brings a data folder's record store to what this version of the code expects."""

from __future__ import annotations

import fcntl
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from proofline.config.building import build, is_empty

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = 0x5072_6F6F_66  # "Proof": the number of our advisory lock


def known() -> set[tuple[str, str]]:
    """Return all migrations of the code as (app, name), by their files: a hundred times faster than loading them."""
    return {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }


def applied() -> set[tuple[str, str]]:
    """Return the migrations that the record store has, as (app, name)."""
    with closing(connection.cursor()) as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return {(app, name) for app, name in cursor.fetchall()}


def up_to_date() -> None:
    """Apply what is missing; of several processes at once one does it and the others wait."""
    if known() <= applied():
        return
    with (settings.DATA_DIR / "migrate.lock").open("w") as lock, alone():
        fcntl.flock(lock, fcntl.LOCK_EX)
        if known() <= applied():
            return
        if is_empty():
            build()
        else:
            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def alone() -> Iterator[None]:
    """Keep processes on other machines, which share PostgreSQL but not the data folder, from migrating at the same time."""
    if connection.vendor != "postgresql":
        yield
        return
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])

"""An empty store gets its tables at once: the same store as after every migration since the first."""

import os
import secrets
import sqlite3
import subprocess
import sys

import pytest

from tests.fixtures.prepared import create, drop

MIGRATE = """
import proofline.__main__, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
"""
OF_POSTGRES = {
    "columns": "SELECT table_name, column_name, udt_name, is_nullable, column_default, character_maximum_length, numeric_precision,"
    " numeric_scale, is_identity, identity_generation, collation_name FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
    "settings": "SELECT relname, reloptions::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL",
    "extensions": "SELECT extname FROM pg_extension",
}
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
NARROWER = ("columns", "auth_group_permissions", "id")
"""The number in a table of Django's that we put nothing into: Django makes it 4 bytes wide, and 8 by its migrations."""
CHANGES = {"django_migrations": "applied"}
"""Columns that tell when a store was made."""


@pytest.fixture
def by_migrations(tmp_path):
    """A folder, and the address of its database, whose store was made by applying migration after migration."""
    url = os.environ.get("DATABASE_URL")
    name = f"migrations_{secrets.token_hex(6)}"
    try:
        own = {"DATABASE_URL": create(url, name, template="template1")} if url else {}
        environment = os.environ | {"PROOFLINE_DATA": str(tmp_path)} | own
        environment["DJANGO_SETTINGS_MODULE"] = "proofline.config.settings"
        subprocess.run([sys.executable, "-c", MIGRATE], env=environment, check=True, timeout=240)
        yield tmp_path, name
    finally:
        if url:
            drop(url, name)


def of_sqlite(folder):
    """Return what a store in SQLite is made of: tables as sets of what stands in their brackets, all else as it was written."""
    with sqlite3.connect(folder / "records.sqlite3") as connection:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        found = {(kind, name): parts(sql) if "CREATE TABLE" in sql else sql for kind, name, sql in made}
        tables = [
            name for kind, name in found if kind == "table" and not name.startswith(("sqlite_", "kit_searchwords"))
        ]
        return found, {name: rows(connection, name) for name in tables}


def of_postgres(name):
    """Return what a database in PostgreSQL is made of."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name) as connection:
        found = {
            (key, str(row)): row
            for key, sql in OF_POSTGRES.items()
            for row in connection.execute(sql).fetchall()
            if (key, *row[:2]) != NARROWER
        }
        return found, {table: rows(connection, table) for (table,) in connection.execute(TABLES).fetchall()}


def rows(connection, table):
    """Return the rows of a table without their numbers, which follow the order of making."""
    cursor = connection.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in cursor.description]
    left_out = {"id", "content_type_id", CHANGES.get(table)}
    return sorted(
        str({n: v for n, v in zip(names, row, strict=True) if n not in left_out}) for row in in_order(cursor, names)
    )


def in_order(cursor, names):
    """Give rows with their columns in the order of their names."""
    order = sorted(range(len(names)), key=names.__getitem__)
    found = [[row[at] for at in order] for row in cursor.fetchall()]
    names.sort()
    return found


def parts(sql):
    """Return the parts of a statement that makes a table, in an order of their own: columns that came later stand last."""
    found, depth, part = set(), 0, ""
    for letter in sql[sql.index("(") + 1 : sql.rindex(")")]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            found.add(part.strip())
            part = ""
        else:
            part += letter
    return found | {part.strip()}


def test_both_ways_lead_to_the_same_store(migrated, by_migrations):
    folder, name = by_migrations
    if os.environ.get("DATABASE_URL"):
        (built, in_built), (applied, in_applied) = of_postgres(migrated.database), of_postgres(name)
    else:
        (built, in_built), (applied, in_applied) = of_sqlite(migrated.folder), of_sqlite(folder)
    assert {key: found for key, found in built.items() if found != applied.get(key)} == {
        key: found for key, found in applied.items() if found != built.get(key)
    }
    assert in_built == in_applied
    assert len(in_built["closing_dealstage"]) > 3
    assert len(in_built["django_migrations"]) > 100

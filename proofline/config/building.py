"""Makes the tables of an empty record store at once.

Applying every migration since the first takes most of a minute: Django makes the models anew after each step. An empty store has no rows
that steps would have to carry along, so it gets the tables as the code has them now, and what some migrations put in beside tables. That
both ways lead to the same store is held by `config/tests/test_building.py`.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations import Migration

BESIDE_TABLES = {("kit", "0002_search"), ("closing", "0002_usual_stages"), ("timeline", "0008_waiting")}
"""Migrations that put in what an empty store needs too: the index of the search, the usual stages, settings of a table."""
NOTED = "django_migrations"


def is_empty() -> bool:
    """Tell whether the record store has no tables yet."""
    with closing(connection.cursor()) as cursor:
        return set(connection.introspection.table_names(cursor)) <= {NOTED}


def build() -> None:
    """Make all tables, and note all migrations as applied: all of it, or after a failure nothing."""
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    plan = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):  # noqa: SLF001 - Django's documented way to a model's options
                editor.create_model(model)
        for migration in plan:
            if (migration.app_label, migration.name) in BESIDE_TABLES:
                _put_in(migration, editor)
            executor.recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _put_in(migration: Migration, editor: BaseDatabaseSchemaEditor) -> None:
    for operation in migration.operations:
        if isinstance(operation, RunPython):
            operation.code(apps, editor)  # type: ignore[arg-type]  # the models as they are now do as well as those of then

"""Put the usual stages in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import migrations

from proofline.stages.closing.models.stages import DEFAULTS

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def add(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add the stages."""
    model = apps.get_model("closing", "DealStage")
    for position, (name, name_zh, probability, criteria, criteria_zh) in enumerate(DEFAULTS, 1):
        model.objects.using(editor.connection.alias).get_or_create(
            name=name,
            defaults={
                "name_zh": name_zh,
                "position": position,
                "probability": Decimal(probability),
                "exit_criteria": criteria,
                "exit_criteria_zh": criteria_zh,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]

"""Search calls discoveries as lists and addresses do; a value case is another record of the API."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def rename(apps: Any, before: str, after: str) -> None:
    """Let entries go by the other name; what is read of the records stays."""
    for name in ("SearchEntry", "SearchFill"):
        apps.get_model("kit", name).objects.filter(kind=before).update(kind=after)


class Migration(migrations.Migration):
    dependencies = [("discovery", "0002_lists"), ("kit", "0002_search")]

    operations = [
        migrations.RunPython(
            lambda apps, _editor: rename(apps, "value-cases", "studies"),
            lambda apps, _editor: rename(apps, "studies", "value-cases"),
        )
    ]

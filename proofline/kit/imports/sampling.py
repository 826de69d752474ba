"""A record that a run made or changed, as the result shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Model

from proofline.kit.imports.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proofline.kit.imports.keeping import Entry


def sample_of(entry: Entry, *, dry: bool) -> dict[str, Any]:
    """Return what became of a row: {row, outcome, id, name, changes: [{field, before, after}]}; no id in a dry run for a new one."""
    record = entry.record
    changes = [
        change
        for name, old in entry.before.items()
        if entry.outcome == "updated" and (new := getattr(record, name)) != old
        for change in _changes(record, name, old, new)
    ]
    return {
        "row": entry.number,
        "outcome": entry.outcome.value,
        "id": None if dry and entry.outcome == "created" else record.pk,
        "name": str(record),
        "changes": changes,
    }


def _changes(record: Any, name: str, old: Any, new: Any) -> Iterator[dict[str, str]]:
    """Yield what changed of a field; of a column that keeps many values by their keys each one, as `custom.region`."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(new.keys() | old.keys()):
            before, after = old.get(key), new.get(key)
            if before != after:
                yield {"field": f"{name}.{key}", "before": _kept(before), "after": _kept(after)}
        return
    yield {"field": name.removesuffix("_id"), "before": _shown(record, name, old), "after": _shown(record, name, new)}


def _kept(value: Any) -> str:
    if isinstance(value, list):
        return shown(", ".join(map(str, value)))
    return "" if value is None else shown(str(value))


def _shown(record: Any, name: str, value: Any) -> str:
    """Return a value as people read it: a record it refers to by its name, a choice by its label."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value)
    item = next(item for item in record._meta.concrete_fields if name in {item.name, item.attname})  # noqa: SLF001
    if item.is_relation:
        found = item.related_model._base_manager.filter(pk=value).first()  # noqa: SLF001
        return str(found or value)
    return shown(str(dict(item.flatchoices).get(value, value)))

"""Editing a record's fields, with the fact that says which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models.people import User


class Changeable(models.Model):
    """A record whose fields people edit. The subclass says how the change is told to the timeline."""

    class Meta:
        abstract = True

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields, check the whole record, save what differs and record it.

        Returns {field: (before, after)}; empty when nothing differed.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        before = {name: getattr(self, name) for name in values}
        changed = {name: (before[name], value) for name, value in values.items() if before[name] != value}
        if not changed:
            return {}
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean()
        with transaction.atomic():
            self.save(update_fields=list(changed))
            self.tell_change(by=by, now=now, fields=sorted(changed))
        return changed

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record on the timeline that these fields changed."""

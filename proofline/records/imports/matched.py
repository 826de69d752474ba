"""Accounts and contacts of an import, which may be the same as others."""

from __future__ import annotations

from proofline.records.imports.keeping import ModelT, RecordKeeper
from proofline.records.models import MatchKey


class MatchedKeeper(RecordKeeper[ModelT]):
    """Keeps rows as records of which there may be duplicates."""

    def before_remove(self, records: list[ModelT]) -> None:
        """Forget under which keys they met others."""
        super().before_remove(records)
        MatchKey.objects.filter(kind=f"{self.noun}s", record__in=[record.pk for record in records]).delete()

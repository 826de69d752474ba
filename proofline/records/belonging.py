"""Notes and files are loaded through the record that they belong to: who may not see it gets 404, who may change nothing 403."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from proofline.records import kinds
from proofline.records.access import load, require_write
from proofline.records.models import Note, RecordFile

if TYPE_CHECKING:
    from proofline.records.models import User

AREA = "records"
"""Whoever may change records at all may write and attach, to each record that they may see."""


def load_note(*, user: User, pk: int, write: bool = False, removed: bool = False) -> tuple[Note, Any]:
    """Return a note and its record; with `removed` also one that was taken off it.

    Raises:
        Http404: there is none, or the user may not see the record.
        PermissionDenied: the user may change nothing, and `write` is asked for.
    """
    return _load(Note.objects.select_related("by", "pin"), user=user, pk=pk, write=write, removed=removed)


def load_file(*, user: User, pk: int, write: bool = False, removed: bool = False) -> tuple[RecordFile, Any]:
    """Return a file and its record; as `load_note`."""
    return _load(RecordFile.objects.select_related("by"), user=user, pk=pk, write=write, removed=removed)


def _load(rows: Any, *, user: User, pk: int, write: bool, removed: bool) -> tuple[Any, Any]:
    rows = rows if removed else rows.filter(removal=None)
    found = rows.filter(pk=pk).first() if 0 < pk < 2**63 else None
    kind = kinds.named(found.kind) if found is not None else None
    if found is None or kind is None:
        raise Http404
    record: Any = load(kind.model, user=user, pk=found.record)
    if write:
        require_write(user, area=AREA)
    return found, record

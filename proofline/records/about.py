"""What belongs to main records without being part of them (notes, files, history): it follows them when they go or become another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils import timezone

from proofline.records import subjects
from proofline.records.models import (
    Change,
    Gone,
    ListAction,
    ListActionRow,
    Note,
    RecordFile,
    SavedView,
    Segment,
    SegmentMember,
)
from proofline.records.models.files import FOLDER

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db import models

    from proofline.timeline.traces import Traces

MODELS: tuple[type[models.Model], ...] = (Change, Note, RecordFile, SegmentMember)
BESIDE: list[type[models.Model]] = []
"""Models of later rooms whose rows name a record likewise, by `kind` and `record`, and go with it."""
UNDO = timedelta(days=7)
"""So long what was removed can come back."""
KEPT = timedelta(days=30)
"""So long after it went a record that is put back has everything again."""
A_DAY = timedelta(days=1)
CHUNK = 5_000


def forget_person(traces: Traces) -> int:
    """Take somebody who is erased out of notes, names of files, the history, removed records, saved views and segments; return how many rows changed."""
    models = (Change, Note, RecordFile, ListActionRow, SavedView, Segment)
    return sum(model.objects.forget(traces) for model in models)


def remove(kind: str, records: Collection[int]) -> None:
    """Delete what belongs to records that are gone for good, files from the disk too."""
    RecordFile.objects.filter(kind=kind, record__in=records).purge()
    Note.objects.filter(kind=kind, record__in=records).delete()
    Change.objects.filter(kind=kind, record__in=records).delete()
    SegmentMember.objects.filter(kind=kind, record__in=records).delete()
    for model in BESIDE:
        model._default_manager.filter(kind=kind, record__in=records).delete()  # noqa: SLF001 - Django's documented model API
    Gone.objects.filter(kind=kind, record__in=records).delete()


def sweep(*, now: datetime) -> None:
    """Delete for good what was removed a week ago, what belongs to records gone for a month, and files on the disk that nobody knows."""
    RecordFile.objects.filter(removal__at__lt=now - UNDO).purge()
    Note.objects.filter(removal__at__lt=now - UNDO).delete()
    Segment.objects.filter(removed_at__lt=now - UNDO).delete()
    ListAction.objects.filter(at__lt=now - KEPT).delete()
    for model in (*MODELS, *BESIDE):
        _find_gone(model, now=now)
    for gone in Gone.objects.filter(since__lt=now - KEPT):
        remove(gone.kind, [gone.record])
    _sweep_disk(now=now)


def _find_gone(model: type[models.Model], *, now: datetime) -> None:
    """Go through all rows in order, a chunk at a time, and note whose record is gone, and whose is back."""
    rows = model._default_manager.order_by("pk").values_list("pk", "kind", "record")  # noqa: SLF001 - Django's documented model API
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1][0]
        for kind in {name for _pk, name, _record in chunk}:
            named = {record for _pk, name, record in chunk if name == kind}
            there = subjects.there(kind, named)
            Gone.objects.note(kind, named - there, now=now)
            Gone.objects.are_back(kind, there)


def _sweep_disk(*, now: datetime) -> None:
    """Delete files that no row names: of a server that stopped between the two."""
    if not default_storage.exists(FOLDER):
        return
    _folders, names = default_storage.listdir(FOLDER)
    for start in range(0, len(names), CHUNK):
        places = {f"{FOLDER}/{name}" for name in names[start : start + CHUNK]}
        known = set(RecordFile.objects.filter(file__in=places).values_list("file", flat=True))
        for place in places - known:
            changed = default_storage.get_modified_time(place)
            if (changed if timezone.is_aware(changed) else timezone.make_aware(changed)) < now - A_DAY:
                default_storage.delete(place)

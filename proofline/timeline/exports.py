"""The files of exports that people ask for: made in the background, given out for some days, gone when anybody is erased.

A file may hold whoever is erased, and nobody looks into it again; so every erasure removes them all, and what is being made is begun anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from proofline.kit.jobs import report
from proofline.timeline import exporting
from proofline.timeline.models import Export
from proofline.timeline.query.question import ALWAYS
from proofline.timeline.query.refusing import QuestionError
from proofline.timeline.query.times import FIRST, range_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

TIMES_TO_BEGIN = 10


class GoneError(LookupError):
    """The file of an export is not there (any more)."""


class DisturbedError(RuntimeError):
    """People were erased again and again while an export was being made."""


def folder() -> Path:
    """Return where the files are."""
    found: Path = settings.DATA_DIR / "exports"
    return found


def ask(*, from_: str | None, to: str | None, zone: str, by: int | None, now: datetime) -> Export:
    """Have a file made with the events of a time, said as questions say it.

    Args:
        from_: the first moment that counts, as "2026-10-01", "2026-10-01T08:00" or "-30d"; None: the first event's.
        to: the first moment that does not count; None: now.
        zone: the workspace's time zone.
        by: the staff user who asks.
        now: when.

    Raises:
        QuestionError: a time can't be read, or nothing can have happened in it.
    """
    from proofline.timeline.jobs import make_export  # noqa: PLC0415 - jobs call this module

    asked = range_of(from_=from_ or ALWAYS, to=to or None, zone=zone, now=now)
    if asked.start >= now:
        raise QuestionError("from", "future", given=from_)
    start = None if asked.start == FIRST else asked.start
    with transaction.atomic():
        export = Export.objects.begin(start=start, end=asked.end, zone=zone, by=by, now=now)
        if not export.job:
            export.given_to(make_export.enqueue(export=export.pk).id)
    return export


def path_of(export: Export, *, now: datetime) -> Path:
    """Return the file of an export.

    Raises:
        GoneError: it is not made yet, or was removed, or its time is over.
    """
    path = _path(export)
    expired = export.expires_at is not None and export.expires_at <= now
    if export.state != "done" or expired or not path.is_file():
        raise GoneError(export.filename)
    return path


def make(export: Export) -> None:
    """Write the file of an export, unless that is done.

    Raises:
        BusyError: what is acknowledged does not reach the store in time.
        StoreError: the store does not answer.
        OSError: it can't be written.
        DisturbedError: it was begun anew too often.
    """
    from proofline.timeline import projector  # noqa: PLC0415 - it loads NumPy, which every command would have to load

    for _time in range(TIMES_TO_BEGIN):
        export.refresh_from_db()
        if export.done_at or export.removed_at:
            return
        projector.settle()
        if _made(export):
            return
    raise DisturbedError(export.filename)


def _made(export: Export) -> bool:
    """Write it; False when somebody was erased meanwhile, or it was removed."""
    turn, path = export.turn, _path(export)
    try:
        done = exporting.export(start=export.start or FIRST, end=export.end, out=path, progress=report)
        kept = export.finish(turn=turn, events=done.events, size=done.size, now=timezone.now())
    except FileNotFoundError:  # whoever erases removes also what is being written
        export.refresh_from_db()
        if export.turn == turn and export.removed_at is None:
            raise
        kept = False
    if not kept:
        path.unlink(missing_ok=True)
    return kept


def remove(export: Export, *, now: datetime) -> None:
    """Remove an export's file by hand."""
    Export.objects.filter(pk=export.pk).remove(because=Export.Removal.REQUEST, now=now)
    _path(export).unlink(missing_ok=True)


def remove_expired(*, now: datetime) -> int:
    """Remove the files whose time is over, and those that nobody knows of; return how many exports that were."""
    gone = Export.objects.expired(now=now).remove(because=Export.Removal.EXPIRED, now=now)
    known = {_path(export).name for export in Export.objects.kept()}
    for path in folder().glob("*"):
        if path.name.removesuffix(".part") not in known:
            path.unlink(missing_ok=True)
    return gone


def remove_all(*, now: datetime) -> int:
    """Remove all files since somebody is erased, within the transaction that ends it; return how many there were.

    They are gone before it commits: killed in between, it is done again.
    """
    with transaction.atomic():
        kept = list(Export.objects.kept().select_for_update().order_by("pk"))
        done = Export.objects.filter(pk__in=[one.pk for one in kept if one.done_at])
        gone = done.remove(because=Export.Removal.ERASURE, now=now)
        for one in kept:
            if one.done_at is None:
                Export.objects.filter(pk=one.pk).update(turn=one.turn + 1)
    for path in folder().glob("*"):
        path.unlink(missing_ok=True)
    return gone


def _path(export: Export) -> Path:
    return folder() / f"{export.pk}-{export.turn}.parquet"

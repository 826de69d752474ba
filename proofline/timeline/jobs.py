"""Work of the room that runs in the background."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from proofline.kit.jobs import job, report
from proofline.timeline import archive, erasing, exports, retention
from proofline.timeline.models import Erasure, Export, Quarantined

AT_ONCE = 500
"""So many events are tried again in one transaction."""
AFTER = timedelta(minutes=10)
"""So long an erasure has its own process."""


@job
def replay_quarantined(*, source: int | None, reason: str, by: int) -> None:
    """Try the refused events of a source and a reason again that are there now; what fails again waits for the next time."""
    wanted = Quarantined.objects.held().of(source=source, reason=reason)
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        report(start, len(ids))
        Quarantined.objects.filter(pk__in=ids[start : start + AT_ONCE]).replay(by=by, now=timezone.now())
    report(len(ids), len(ids))


@job
def keep() -> None:
    """Let go of what is older than the retention, and move what is older than the inbox keeps into the archive."""
    now = timezone.now()
    retention.retain(now=now)
    archive.archive(now=now)


@job
def erase(*, erasure: int) -> None:
    """Do an erasure that somebody asked for."""
    erasing.finish(Erasure.objects.get(pk=erasure), now=timezone.now())


@job
def finish_erasures() -> None:
    """Do the erasures again whose process was killed."""
    now = timezone.now()
    for erasure in Erasure.objects.unfinished().filter(at__lt=now - AFTER):
        erasing.finish(erasure, now=now)


@job
def make_export(*, export: int) -> None:
    """Make the file of an export that somebody asked for."""
    exports.make(Export.objects.get(pk=export))


@job
def remove_exports() -> None:
    """Remove the files of exports whose time is over."""
    exports.remove_expired(now=timezone.now())

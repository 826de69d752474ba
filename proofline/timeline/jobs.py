"""Work of the room that runs in the background."""

from __future__ import annotations

from django.utils import timezone

from proofline.kit.jobs import job, report
from proofline.timeline.models import Quarantined

AT_ONCE = 500
"""So many events are tried again in one transaction."""


@job
def replay_quarantined(*, source: int | None, reason: str, by: int) -> None:
    """Try the refused events of a source and a reason again that are there now; what fails again waits for the next time."""
    wanted = Quarantined.objects.held().of(source=source, reason=reason)
    ids = list(wanted.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        report(start, len(ids))
        Quarantined.objects.filter(pk__in=ids[start : start + AT_ONCE]).replay(by=by, now=timezone.now())
    report(len(ids), len(ids))

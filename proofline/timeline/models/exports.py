"""Files with events that people asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proofline.kit.jobs import status

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.kit.jobs import JobStatus


class Removal(models.TextChoices):
    """Why the file of an export is gone."""

    EXPIRED = "expired", _("its time was over")
    ERASURE = "erasure", _("somebody was erased")
    REQUEST = "request", _("removed by hand")


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports."""

    def kept(self) -> Self:
        """Keep those whose files are there or are being made."""
        return self.filter(removed_at=None)

    def unfinished(self) -> Self:
        """Keep those that are being made."""
        return self.kept().filter(done_at=None)

    def expired(self, *, now: datetime) -> Self:
        """Keep those whose time is over, or that were never finished in it."""
        if settings.EXPORT_DAYS is None:
            return self.none()
        before = now - settings.EXPORT_DAYS
        return self.kept().filter(Q(done_at__lt=before) | Q(done_at=None, asked_at__lt=before))

    def begin(self, *, start: datetime | None, end: datetime, zone: str, by: int | None, now: datetime) -> Export:
        """Note that a file is to be made with the events of [start, end); the one that is being made already counts.

        Args:
            start: the first moment that counts, None for the first event's.
            end: the first one that does not.
            zone: the time zone in which they were said.
            by: the staff user who asks.
            now: when.
        """
        made = self.unfinished().filter(start=start, end=end, by=by).order_by("-pk").first()
        if made is not None and made.state != "failed":
            return made
        return self.create(start=start, end=end, zone=zone, by=by, asked_at=now)

    def remove(self, *, because: str, now: datetime) -> int:
        """Note that their files are gone; return how many were there."""
        done = self.kept().filter(done_at__isnull=False).count()
        self.kept().update(removed_at=now, removal=because)
        return done


class Export(models.Model):
    """That somebody asked for a file with the events of a time; the row stays when the file is gone."""

    Removal = Removal

    start = models.DateTimeField(null=True)
    """None: from the first event on."""
    end = models.DateTimeField()
    zone = models.CharField(max_length=50)
    by = models.BigIntegerField(null=True)
    """The staff user who asked for it."""
    asked_at = models.DateTimeField()
    job = models.CharField(max_length=64, blank=True)
    turn = models.PositiveIntegerField(default=0)
    """Grows when somebody is erased while it is being made: what was written so far may hold them, so it is begun anew."""
    events = models.PositiveBigIntegerField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    """Bytes."""
    done_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removal = models.CharField(max_length=10, choices=Removal.choices, blank=True)

    objects = ExportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.filename

    @property
    def state(self) -> str:
        """Where it stands: waiting, running, done, failed or removed."""
        if self.removed_at is not None:
            return "removed"
        if self.done_at is not None:
            return "done"
        job = self.job_status
        if job is None or job.state == "dead":
            return "failed"
        return "waiting" if job.state == "waiting" else "running"

    @property
    def job_status(self) -> JobStatus | None:
        """How far the job is."""
        return status(self.job) if self.job and self.done_at is None else None

    @property
    def first(self) -> date | None:
        """The first day that counts, in the time zone in which it was asked for; None: that of the first event."""
        return self.start.astimezone(ZoneInfo(self.zone)).date() if self.start else None

    @property
    def last(self) -> date:
        """The last day that counts, likewise."""
        return (self.end - timedelta(milliseconds=1)).astimezone(ZoneInfo(self.zone)).date()

    @property
    def filename(self) -> str:
        """What the file is called for whoever gets it."""
        return f"events-{self.first or 'until'}-{self.last}.parquet"

    @property
    def expires_at(self) -> datetime | None:
        """When its file goes, None for never."""
        return self.done_at + settings.EXPORT_DAYS if self.done_at and settings.EXPORT_DAYS is not None else None

    def given_to(self, job: str) -> None:
        """Note which job makes it."""
        self.job = job
        self.save(update_fields=["job"])

    def finish(self, *, turn: int, events: int, size: int, now: datetime) -> bool:
        """Say that its file is there; False when that is not to be kept, since somebody was erased or it was removed meanwhile."""
        made = Export.objects.unfinished().filter(pk=self.pk, turn=turn)
        return bool(made.update(events=events, size=size, done_at=now))

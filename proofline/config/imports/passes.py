"""One way of a file through its rows, and the chunks that it keeps on the way."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
from django.db import models, transaction

from proofline.config.imports.storing import errors_folder, work_folder
from proofline.kit.imports import journals
from proofline.kit.imports.journals import Touch
from proofline.kit.jobs import status
from proofline.records.models import Notification

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from proofline.kit.jobs import JobStatus


class NothingRunsError(Exception):
    """There is nothing that runs, to be ended."""


class Pass(models.Model):
    """A check, which changes nothing, or the run. `report` is what came of it."""

    of = models.ForeignKey("config.Import", on_delete=models.CASCADE, related_name="passes")
    dry = models.BooleanField()
    accepted = models.JSONField(default=list)
    job = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    error_file = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of"], condition=models.Q(dry=False), name="import_runs_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of} ({'check' if self.dry else 'run'})"

    @property
    def is_running(self) -> bool:
        """Whether it has not come to its end."""
        return self.ended_at is None and not self.has_failed

    @property
    def has_failed(self) -> bool:
        """Whether it could not be done: an error of ours after several attempts, or a file that can't be taken."""
        job = self.job_status
        return bool(self.error) or (self.ended_at is None and job is not None and job.finished)

    @property
    def job_status(self) -> JobStatus | None:
        """How far the job is."""
        return status(self.job) if self.job and self.ended_at is None else None

    @property
    def folder(self) -> Path:
        """Where its rejected rows are kept."""
        return errors_folder(self.of_id) / str(self.pk)

    @property
    def error_path(self) -> Path | None:
        """Where the rejected rows are, if there are any."""
        path = errors_folder(self.of_id) / self.error_file
        return path if self.error_file and path.is_file() else None

    @property
    def touched(self) -> int:
        """How many records it made or changed."""
        return (
            int(self.report.get("created", 0)) + int(self.report.get("updated", 0)) + int(self.report.get("added", 0))
        )

    def cancel(self, *, now: datetime) -> bool:
        """Ask it to end before its time; what is in stays. False where it has ended."""
        return bool(Pass.objects.filter(pk=self.pk, ended_at=None, cancelled_at=None).update(cancelled_at=now))

    def end(self, *, report: dict[str, Any], now: datetime, error: str = "", error_file: Path | None = None) -> None:
        """Note what came of it."""
        self.report, self.error, self.ended_at = report, error, now
        self.error_file = str(error_file.relative_to(errors_folder(self.of_id))) if error_file else ""
        with transaction.atomic():
            self.save(update_fields=["report", "error", "ended_at", "error_file"])
            if not self.dry:
                self._tell_end(now)

    def _tell_end(self, now: datetime) -> None:
        Notification.objects.tell(
            user=self.of.by,
            kind="import_finished",
            key=f"import:{self.of_id}:{self.pk}",
            now=now,
            subject=("import", self.of_id),
            title=self.of.name,
            url=self.of.get_absolute_url(),
        )


class Chunk(models.Model):
    """Rows of a run that were written in one transaction with this: how far it is, their counts, and what takes them back.

    `head` is a `kit.imports.journals.Chunk` without its touches; those are packed in `body`. `undone_at`: they were taken back.
    """

    run = models.ForeignKey(Pass, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    head = models.JSONField()
    body = models.BinaryField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_chunk_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.number}"

    @property
    def touches(self) -> list[Touch]:
        """What its rows did to records."""
        return msgspec.json.decode(zlib.decompress(bytes(self.body)), type=list[Touch])


class PassJournal(journals.Journal):
    """Keeps a run's chunks beside its records."""

    def __init__(self, step: Pass) -> None:
        self.step = step
        self.work = work_folder() / f"{step.pk}.sqlite3"

    def chunks(self) -> list[journals.Chunk]:
        """Return what was kept so far."""
        return [_read(head) for head in self.step.chunks.order_by("number").values_list("head", flat=True)]

    def keep(self, chunk: journals.Chunk) -> None:
        """Keep a chunk; a second worker with the same one is refused by the store, with all that it wrote."""
        suggested = [[*words, count] for words, count in chunk.suggested.items()]
        head = vars(chunk) | {"touched": [], "counts": dict(chunk.counts), "suggested": suggested}
        body = zlib.compress(msgspec.json.encode(chunk.touched), 1)
        Chunk.objects.create(run=self.step, number=chunk.number, head=head, body=body)

    def is_stopped(self) -> bool:
        """Tell whether somebody cancelled the run."""
        return Pass.objects.filter(pk=self.step.pk, cancelled_at__isnull=False).exists()


def _read(head: dict[str, Any]) -> journals.Chunk:
    suggested = Counter({(column, value, near): count for column, value, near, count in head["suggested"]})
    return journals.Chunk(**head | {"suggested": suggested, "counts": Counter(head["counts"])})

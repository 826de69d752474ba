"""A run taken back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from proofline.config.imports.kinds import KINDS
from proofline.config.imports.passes import Chunk, Pass
from proofline.kit.imports.undoing import undo_touches
from proofline.kit.jobs import status
from proofline.records.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.kit.jobs import JobStatus

AT_ONCE = 500
"""So many records are taken back while one waits; more, in the background."""
SHOWN = 200


class NothingToUndoError(Exception):
    """There is no run to take back, it has not ended, or it was taken back."""


class Undo(models.Model):
    """That a run is taken back: by whom, when, and what became of its records.

    `report` has how many were removed, restored, gone already and kept, and of those kept the first, with why.
    """

    run = models.OneToOneField(Pass, on_delete=models.CASCADE, related_name="undo")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    job = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.run} undone"

    @classmethod
    def ask(cls, run: Pass | None, *, by: User, now: datetime) -> Undo:
        """Take a run back: at once where few records are touched, else in the background.

        Raises:
            NothingToUndoError: there is no such run, or it was taken back.
        """
        if run is None or run.ended_at is None or not run.touched:
            raise NothingToUndoError(_("This import has changed nothing that could be undone."))
        from proofline.config.imports.jobs import run_undo  # noqa: PLC0415 - the job loads this model

        with transaction.atomic():
            undo, first = cls.objects.get_or_create(run=run, defaults={"by": by, "asked_at": now})
            if not first:
                raise NothingToUndoError(_("This import was undone already."))
            if run.touched > AT_ONCE:
                undo.job = run_undo.enqueue(undo_id=undo.pk).id
                undo.save(update_fields=["job"])
            else:
                undo.carry_out(now=now)
        return undo

    @property
    def state(self) -> str:
        """Where it stands: undoing, undone or failed."""
        if self.ended_at:
            return "undone"
        job = self.job_status
        return "failed" if job and job.finished else "undoing"

    @property
    def job_status(self) -> JobStatus | None:
        """How far it is."""
        return status(self.job) if self.job and self.ended_at is None else None

    def carry_out(self, *, now: datetime, progress: Any = None) -> None:
        """Take the run's chunks back, the last first, each in one transaction; a second time only those that are left."""
        done = 0
        for number in self.run.chunks.order_by("-number").values_list("number", flat=True):
            with transaction.atomic():
                chunk = Chunk.objects.select_for_update().get(run=self.run, number=number)
                if chunk.undone_at is None:
                    self._take_back(chunk, now=now)
            done += len(chunk.touches)
            if progress:
                progress(done, self.run.touched)
        self.ended_at = now
        self.save(update_fields=["ended_at"])

    def _take_back(self, chunk: Chunk, *, now: datetime) -> None:
        counts, kept = Counter(self.report.get("counts", {})), self.report.get("kept", [])
        by_kind: dict[str, list[Any]] = {}
        for touch in chunk.touches:
            by_kind.setdefault(touch.kind or self.run.of.kind, []).append(touch)
        for kind in sorted(
            by_kind, key=lambda name: name != self.run.of.kind
        ):  # what the rows became, then what they needed
            found = undo_touches(KINDS[kind].keeper(self.by, now), by_kind[kind])
            counts.update(found.counts)
            kept += [one | {"kind": kind} for one in found.kept[: max(0, SHOWN - len(kept))]]
        self.report = {"counts": counts, "kept": kept}
        self.save(update_fields=["report"])
        chunk.undone_at = now
        chunk.save(update_fields=["undone_at"])

"""An import in the browser or by a program: the file, its columns, the check, the run and what came of it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.config.imports.kinds import KINDS, kind_named
from proofline.config.imports.storing import errors_folder, storage
from proofline.kit.imports.mapping import recognise, require_complete
from proofline.kit.imports.reading import open_table
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.imports.values import shown
from proofline.kit.jobs import status
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.base import File

    from proofline.kit.imports.kinds import Kind
    from proofline.kit.jobs import JobStatus


SAMPLES = 8


class AlreadyImportedError(Exception):
    """The file is being imported, or was, with this import."""


class ImportQuerySet(VisibleQuerySet):
    """Imports."""

    def visible_to(self, user: User) -> Self:
        """Keep one's own imports; an administrator sees all. Files may hold what only their importer may see."""
        return self if user.is_administrator else self.filter(by=user)

    def begin(self, *, kind: str, file: File[Any], name: str, by: User, now: datetime) -> Import:
        """Keep a file to import, and read it once to its end.

        Raises:
            UnknownKindError: there is no such kind.
            UnreadableFileError: nothing of the file can be taken; nothing is kept.
        """
        kind_named(kind)
        kept = Import(kind=kind, name=Path(name).name[:200], by=by, created_at=now)
        kept.file.save(f"{now:%Y%m%d}-{kind}", file, save=False)
        try:
            kept.survey()
            kept.save()
        except BaseException:
            kept.file.delete(save=False)
            raise
        return kept


class Import(Visible):
    """A file on its way into the records. `mapping` is column to field where the names do not tell it."""

    owner_paths = ("by",)
    write_area = "import"

    kind = models.CharField(_("what"), max_length=20)
    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(storage=storage, max_length=250)
    columns = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    mapping = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("begun"))

    objects = ImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("imports:import", args=[self.pk])

    @property
    def taken(self) -> Kind:
        """The kind of records that its rows become."""
        return KINDS[self.kind]

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self.file.path)

    @property
    def run(self) -> Pass | None:
        """The run that took the rows in, once there is one."""
        return next((step for step in self.passes.all() if not step.dry), None)

    @property
    def last(self) -> Pass | None:
        """The run, else the last check."""
        return self.run or max(self.passes.all(), key=lambda step: step.pk, default=None)

    @property
    def state(self) -> str:
        """Where it stands: columns, checking, checked, running, done or failed."""
        step = self.last
        if step is None:
            return "columns"
        if step.has_failed:
            return "failed"
        if step.is_running:
            return "checking" if step.dry else "running"
        return "checked" if step.dry else "done"

    def survey(self) -> None:
        """Read the file to its end: its columns, its first rows, how many there are.

        Raises:
            UnreadableFileError: nothing of the file can be taken.
        """
        with open_table(self.path) as table:
            self.columns = table.columns
            self.samples = [[shown(cell) for cell in row.cells] for row in islice(table.rows, SAMPLES)]
            self.rows = len(self.samples) + sum(1 for _row in table.rows)
        if not self.rows:
            raise UnreadableFileError(gettext("There are no rows below the header."))

    def choose_columns(self, mapping: dict[str, str]) -> None:
        """Say which columns fill which fields; where `mapping` leaves a column out, its name tells.

        Raises:
            AlreadyImportedError: the rows are being taken in, or were.
            UnreadableFileError: a column or field is not there, or one that every row needs is lacking.
        """
        require_complete(self.taken, recognise(self.taken, self.columns, given=mapping), self.columns)
        if self.passes.filter(dry=False).exists():
            raise AlreadyImportedError
        self.mapping = mapping
        self.save(update_fields=["mapping"])

    def start(self, *, dry: bool, now: datetime, accepted: list[list[str]] | bool = False) -> Pass:
        """Check the file (`dry`), or take its rows in, in the background. `accepted`: near misses as [column, value], or all.

        Raises:
            AlreadyImportedError: the rows are being taken in, or were.
        """
        from proofline.config.imports.jobs import run_pass  # noqa: PLC0415 - the job loads this model

        with transaction.atomic():
            Import.objects.select_for_update().get(pk=self.pk)
            if self.passes.filter(dry=False).exists():
                raise AlreadyImportedError
            step = self.passes.create(dry=dry, accepted=accepted or [], started_at=now)
            step.job = run_pass.enqueue(pass_id=step.pk).id
            step.save(update_fields=["job"])
        return step


class Pass(models.Model):
    """One way of the file through the rows: a check, which changes nothing, or the run. `report` is what came of it."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="passes")
    dry = models.BooleanField()
    accepted = models.JSONField(default=list)
    job = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
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
    def error_path(self) -> Path | None:
        """Where the rejected rows are, if there are any."""
        path = errors_folder(self.of_id) / self.error_file
        return path if self.error_file and path.is_file() else None

    def end(self, *, report: dict[str, Any], now: datetime, error: str = "", error_file: Path | None = None) -> None:
        """Note what came of it."""
        self.report, self.error, self.ended_at = report, error, now
        self.error_file = error_file.name if error_file else ""
        self.save(update_fields=["report", "error", "ended_at", "error_file"])

"""An import in the browser or by a program: the file, its columns, the check, the run and what came of it."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.config.imports.kinds import KINDS, kind_named
from proofline.config.imports.mappings import SavedMapping
from proofline.config.imports.storing import storage
from proofline.kit.addresses import record_address
from proofline.kit.imports.mapping import IGNORED, KEPT, recognise, require_complete
from proofline.kit.imports.reading import open_table
from proofline.kit.imports.sources import fingerprint_of, program_of
from proofline.kit.imports.trouble import UnreadableFileError
from proofline.kit.imports.values import shown
from proofline.kit.imports.ways import Missing, Mode, Way
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.imports.custom import with_custom
from proofline.records.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.base import File

    from proofline.config.imports.passes import Pass
    from proofline.config.imports.undoing import Undo
    from proofline.kit.imports.kinds import Kind
    from proofline.kit.imports.mapping import ColumnMap


SAMPLES = 8


class AlreadyImportedError(Exception):
    """The file is being imported, or was, with this import."""


class ImportQuerySet(VisibleQuerySet):
    """Imports."""

    def visible_to(self, user: User) -> Self:
        """Keep one's own imports; an administrator sees all. Files may hold what only their importer may see."""
        return self if user.is_administrator else self.filter(by=user)

    def begin(self, *, kind: str, file: File[Any], name: str, by: User, now: datetime) -> Import:
        """Keep a file to import, and read it once to its end; a saved mapping of its columns is taken over.

        Raises:
            UnknownKindError: there is no such kind.
            UnreadableFileError: nothing of the file can be taken; nothing is kept.
        """
        kind_named(kind)
        kept = Import(kind=kind, name=Path(name).name[:200], by=by, created_at=now)
        kept.file.save(f"{now:%Y%m%d}-{kind}", file, save=False)
        try:
            kept.survey()
            kept.take_saved(SavedMapping.objects.fitting(kept.columns, kind=kind, user=by))
            kept.save()
        except BaseException:
            kept.file.delete(save=False)
            raise
        return kept


class Import(Visible):
    """A file on its way into the records. `mapping` is column to field where the names do not tell it.

    `about` says how the file was read (see `kit.imports.reading.About`); `mode`, `key`, `clear` and `missing` how its rows meet the
    records that there are (see `kit.imports.ways.Way`).
    """

    owner_paths = ("by",)
    write_area = "import"

    kind = models.CharField(_("what"), max_length=20)
    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(storage=storage, max_length=250)
    columns = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    about = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    mapping = models.JSONField(default=dict)
    saved = models.ForeignKey(SavedMapping, on_delete=models.SET_NULL, null=True, related_name="+")
    mode = models.CharField(max_length=8, default=Mode.BOTH)
    key = models.CharField(max_length=40, blank=True)
    clear = models.BooleanField(default=False)
    missing = models.CharField(max_length=8, default=Missing.REJECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("begun"))

    objects = ImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("imports:import", self.pk)

    @property
    def taken(self) -> Kind:
        """The kind of records that its rows become."""
        return with_custom(KINDS[self.kind])

    @property
    def way(self) -> Way:
        """How its rows meet the records that there are."""
        return Way(mode=Mode(self.mode), key=self.key, clear=self.clear, missing=Missing(self.missing))

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return Path(self.file.path)

    @property
    def program(self) -> str:
        """The program that exported the file, "" where none is recognised."""
        return program_of(self.columns)

    @property
    def run(self) -> Pass | None:
        """The run that took the rows in, once there is one."""
        return next((step for step in self.passes.all() if not step.dry), None)

    @property
    def undo(self) -> Undo | None:
        """The taking back of the run, once it was asked for."""
        return getattr(self.run, "undo", None)

    @property
    def last(self) -> Pass | None:
        """The run, else the last check."""
        return self.run or max(self.passes.all(), key=lambda step: step.pk, default=None)

    @property
    def state(self) -> str:
        """Where it stands: columns, checking, checked, running, cancelled, done, failed, undoing or undone."""
        step = self.last
        if step is None:
            return "columns"
        if self.undo:
            return self.undo.state
        if step.has_failed:
            return "failed"
        if step.is_running:
            return "checking" if step.dry else "running"
        if step.report.get("stopped"):
            return "cancelled" if not step.dry else "columns"
        return "checked" if step.dry else "done"

    def survey(self) -> None:
        """Read the file to its end: how it is read, its columns, its first rows, how many there are.

        Raises:
            UnreadableFileError: nothing of the file can be taken.
        """
        with open_table(self.path) as table:
            self.columns, self.about = table.columns, asdict(table.about)
            self.samples = [[shown(cell) for cell in row.cells] for row in islice(table.rows, SAMPLES)]
            self.rows = len(self.samples) + sum(1 for _row in table.rows)
        if not self.rows:
            raise UnreadableFileError(gettext("There are no rows below the header."))

    def take_saved(self, saved: SavedMapping | None) -> None:
        """Take over a mapping that was saved for these columns."""
        if saved is not None:
            self.saved, self.mapping = saved, self._still_there(saved.mapping)
            self.mode, self.key, self.clear, self.missing = saved.mode, saved.key, saved.clear, saved.missing

    @property
    def matched(self) -> ColumnMap:
        """Which column fills which field, as chosen, else by its name."""
        return recognise(self.taken, self.columns, given=self._still_there(self.mapping))

    def _still_there(self, mapping: dict[str, str]) -> dict[str, str]:
        """Return a mapping that was kept without the custom fields that are no longer in use."""
        there = {IGNORED, KEPT, *(field.name for field in self.taken.fields)}
        return {column: name for column, name in mapping.items() if name in there}

    def choose_columns(self, mapping: dict[str, str], way: Way | None = None) -> None:
        """Say which columns fill which fields, and how rows meet records; where `mapping` leaves a column out, its name tells.

        Raises:
            AlreadyImportedError: the rows are being taken in, or were.
            UnreadableFileError: a column, field or key is not there, or one that every row needs is lacking.
        """
        columns = recognise(self.taken, self.columns, given=mapping)
        require_complete(self.taken, columns, self.columns)
        way = way or self.way
        self.taken.require_key(way.key, columns)
        if self.passes.filter(dry=False).exists():
            raise AlreadyImportedError(gettext("This file was imported already."))
        self.mapping = mapping
        self.mode, self.key, self.clear, self.missing = way.mode.value, way.key, way.clear, way.missing.value
        self.save(update_fields=["mapping", "mode", "key", "clear", "missing"])

    def start(self, *, dry: bool, now: datetime, accepted: list[list[str]] | bool = False) -> Pass:
        """Check the file (`dry`), or take its rows in, in the background. `accepted`: near misses as [column, value], or all.

        Raises:
            AlreadyImportedError: the rows are being taken in, or were.
        """
        from proofline.config.imports.jobs import run_pass  # noqa: PLC0415 - the job loads this model

        with transaction.atomic():
            Import.objects.select_for_update().get(pk=self.pk)
            if self.passes.filter(dry=False).exists():
                raise AlreadyImportedError(gettext("This file was imported already."))
            step = self.passes.create(dry=dry, accepted=accepted or [], started_at=now)
            step.job = run_pass.enqueue(pass_id=step.pk).id
            step.save(update_fields=["job"])
        return step

    @property
    def fingerprint(self) -> str:
        """What files with the same columns share."""
        return fingerprint_of(self.columns)

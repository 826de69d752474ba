"""Files on main records, kept through Django's storage under names that nobody can guess."""

from __future__ import annotations

import mimetypes
import secrets
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.records import kinds
from proofline.records.models.people import User
from proofline.timeline import facts
from proofline.timeline.traces import ERASED

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from proofline.timeline.traces import Traces

FOLDER = "records"
LONGEST_NAME = 200
MEGABYTE = 1024 * 1024
SHOWN = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
    "application/pdf": b"%PDF-",
}
"""What a browser may show itself, by how such a file begins; everything else is only ever saved."""
ANY = "application/octet-stream"


def secret_name(folder: str) -> str:
    """Return a place in a folder that nobody can guess."""
    return f"{folder}/{secrets.token_urlsafe(24)}"


def secret_place(_file: RecordFile, _name: str) -> str:
    """Return where a file is kept; the name says nothing about it."""
    return secret_name(FOLDER)


class RecordFileQuerySet(models.QuerySet["RecordFile"]):
    """Files."""

    def of(self, kind: str, record: int) -> Self:
        """Keep those of one record that are not removed, the newest first."""
        return self.filter(kind=kind, record=record, removal=None).select_related("by").order_by("-pk")

    def attach(self, record: Any, upload: UploadedFile[Any], *, by: User, now: datetime) -> RecordFile:
        """Keep a file on a main record, and record it.

        Raises:
            ValidationError: it is too large, or of a type that is not taken.
        """
        kind = kinds.of(record)
        if kind is None:
            raise TypeError(f"{record!r} is no main record")
        name = clean_name(upload.name or "")
        check(name, upload.size or 0)
        kept = RecordFile(kind=kind.name, record=record.pk, name=name, size=upload.size or 0, by=by, at=now)
        kept.type = type_of(name, upload)
        kept.file = upload
        account, contact = kinds.customer_of(record)
        with transaction.atomic():
            kept.save()
            facts.record(
                "file.attached",
                at=now,
                by=by.pk,
                subject=(kind.name, record.pk),
                properties={"name": str(record), "file": kept.pk},
                account=account,
                contact=contact,
            )
        return kept

    def purge(self) -> int:
        """Delete these files for good, from the store and from the disk; return how many."""
        count = 0
        for kept in self:
            storage, place = kept.file.storage, kept.file.name
            with transaction.atomic():
                kept.delete()
                transaction.on_commit(lambda storage=storage, place=place: storage.delete(place))  # type: ignore[misc]
            count += 1
        return count

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of the names of files; return how many changed."""
        forgotten = 0
        for kept in self.filter(traces.may_stand_in("name")).iterator(chunk_size=500):
            left = traces.redacted(kept.name)
            if traces.is_spelt_in(left.encode()):  # "lin@heron.test.pdf" might be a longer address; here it is none
                left = f"{ERASED}{PurePosixPath(kept.name).suffix}"
            if left != kept.name:
                forgotten += self.filter(pk=kept.pk).update(name=left)
        return forgotten


class RecordFile(models.Model):
    """A file on a main record."""

    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    size = models.PositiveBigIntegerField()
    """In bytes."""
    type = models.CharField(max_length=120)
    file = models.FileField(upload_to=secret_place, max_length=120)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = RecordFileQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("file")
        indexes = [models.Index(fields=["kind", "record", "-id"], name="file_record")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Whether a browser may show it without harm."""
        return self.type in SHOWN

    @property
    def icon(self) -> str:
        """The icon of its type."""
        if self.type.startswith("image/"):
            return "photo"
        return {"application/pdf": "file-type-pdf", "application/zip": "file-zip"}.get(self.type, "file-text")

    def remove(self, *, by: User, now: datetime) -> None:
        """Take it off the record; `restore` puts it back until it is swept away."""
        FileRemoval.objects.get_or_create(file=self, defaults={"by": by, "at": now})

    def restore(self) -> None:
        """Undo `remove`."""
        FileRemoval.objects.filter(file=self).delete()


class FileRemoval(models.Model):
    """That a file was taken off its record."""

    file = models.OneToOneField(RecordFile, on_delete=models.CASCADE, related_name="removal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"× {self.file}"


def clean_name(name: str) -> str:
    """Return a file's name without folders and signs that no name should have, and not too long; its ending stays."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip(" .") or _("file")
    path = PurePosixPath(name)
    return name if len(name) <= LONGEST_NAME else path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix


def check(name: str, size: int) -> None:
    """Refuse what is not taken.

    Raises:
        ValidationError: the file is too large, or of a type that is not taken.
    """
    if size > settings.FILE_MB * MEGABYTE:
        limit = {"name": name, "limit": settings.FILE_MB}
        raise ValidationError({"file": _("“%(name)s” is larger than %(limit)s MB.") % limit})
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending not in settings.FILE_TYPES:
        told = {"name": name, "types": " ".join(settings.FILE_TYPES)}
        raise ValidationError({"file": _("“%(name)s” is of no type that is taken here: %(types)s.") % told})


def type_of(name: str, upload: UploadedFile[Any]) -> str:
    """Return a file's type: what a browser would show only if the file really begins like that."""
    guessed = mimetypes.guess_type(name)[0] or ANY
    if guessed not in SHOWN:
        return guessed
    upload.seek(0)
    begins = upload.read(16)
    upload.seek(0)
    right = begins.startswith(SHOWN[guessed]) and (guessed != "image/webp" or begins[8:12] == b"WEBP")
    return guessed if right else ANY

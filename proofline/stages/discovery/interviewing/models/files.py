"""Recordings and transcripts of talks, kept as other files are; a transcript's words are read when it comes."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.records.models.files import MEGABYTE, clean_name, secret_name
from proofline.stages.discovery.interviewing.models.clock import LONGEST
from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.stages.discovery.interviewing.seconds import clock
from proofline.stages.discovery.interviewing.transcripts import Cue, UnreadableTranscriptError, decode, parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from proofline.timeline.traces import Traces

FOLDER = "interviews"
CHUNK = 5_000
RECORDINGS = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "webm": "audio/webm",
    "mp4": "audio/mp4",
}
"""Endings of recordings, with the type as which a browser plays them: only ever as sound."""
TRANSCRIPTS = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}
TRANSCRIPT_MB = 5


def secret_place(_file: InterviewFile, _name: str) -> str:
    """Return where a file is kept; the name says nothing about it."""
    return secret_name(FOLDER)


class InterviewFileQuerySet(VisibleQuerySet):
    """Files of talks."""

    def attach(
        self, interview: Interview, upload: UploadedFile[Any], *, by: User | None, now: datetime
    ) -> InterviewFile:
        """Keep a recording or a transcript, as its ending says, and record it.

        Raises:
            ValidationError: it is too large, of a type that is not taken, or a transcript that can't be read.
        """
        name = clean_name(upload.name or "")
        ending = PurePosixPath(name).suffix.lower().lstrip(".")
        kept = InterviewFile(interview=interview, name=name, size=upload.size or 0, by=by, at=now)
        if ending in RECORDINGS:
            kept.kind, kept.type = InterviewFile.Kind.RECORDING, RECORDINGS[ending]
            _check_size(name, kept.size, settings.RECORDING_MB)
        elif ending in TRANSCRIPTS:
            kept.kind, kept.type = InterviewFile.Kind.TRANSCRIPT, TRANSCRIPTS[ending]
            _check_size(name, kept.size, TRANSCRIPT_MB)
            try:
                kept.cues = [cue.kept() for cue in parse(decode(upload.read()))]
            except UnreadableTranscriptError as error:
                raise ValidationError({"file": str(error)}) from error
            upload.seek(0)
        else:
            told = {"name": name, "types": " ".join([*RECORDINGS, *TRANSCRIPTS])}
            raise ValidationError({"file": gettext("“%(name)s” is of no type that is taken here: %(types)s.") % told})
        kept.file = upload
        with transaction.atomic():
            kept.save()
            interview.tell("interview.file_attached", by=by, at=now, file=name, kind=kept.kind)
        return kept

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of the transcripts on the disk; return how many files changed. The rows are `Interview.objects.forget`'s."""
        forgotten = 0
        rows = self.filter(traces.may_stand_in("cues"), kind=InterviewFile.Kind.TRANSCRIPT)
        for kept in rows.iterator(chunk_size=500):
            forgotten += kept.say(lambda text: str(traces.redacted(text)))
        return forgotten

    def sweep(self, *, before: datetime) -> None:
        """Delete files on the disk, last changed before a moment, that no row names: of talks that went with their customer."""
        if not default_storage.exists(FOLDER):
            return
        _folders, names = default_storage.listdir(FOLDER)
        for start in range(0, len(names), CHUNK):
            places = {f"{FOLDER}/{name}" for name in names[start : start + CHUNK]}
            for place in places - set(self.filter(file__in=places).values_list("file", flat=True)):
                if default_storage.get_modified_time(place) < before:
                    default_storage.delete(place)


def _check_size(name: str, size: int, megabytes: int) -> None:
    if size > megabytes * MEGABYTE:
        told = {"name": name, "limit": megabytes}
        raise ValidationError({"file": gettext("“%(name)s” is larger than %(limit)s MB.") % told})


class InterviewFile(Visible):
    """A recording or a transcript of a talk."""

    write_area = "discovery"
    owner_paths = ("interview__owner", "interview__study__owner", "interview__study__account__owner")

    class Kind(models.TextChoices):
        RECORDING = "recording", _("recording")
        TRANSCRIPT = "transcript", _("transcript")

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    """In bytes."""
    type = models.CharField(max_length=120)
    file = models.FileField(upload_to=secret_place, max_length=120)
    cues = models.JSONField(default=list)
    """Of a transcript: [[second or None, speaker, words], …], as it was said."""
    offset = models.IntegerField(
        _("begins at"), default=0, validators=[MinValueValidator(-LONGEST), MaxValueValidator(LONGEST)]
    )
    """The second of the talk at which it begins; below nothing when it began before the talk."""
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = InterviewFileQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["interview", "id"], name="interview_file")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Whether a browser may play it: sound does no harm; text is only ever saved."""
        return self.kind == self.Kind.RECORDING

    @property
    def has_erased_voice(self) -> bool:
        """Whether somebody who was in the talk has been erased since; lists read `erased_voices` along."""
        return self.kind == self.Kind.RECORDING and bool(self.erased_voices.all())

    @property
    def begins(self) -> str:
        """When it begins in the talk, as people read it."""
        return clock(self.offset)

    @property
    def spoken(self) -> list[Cue]:
        """What a transcript says, at the seconds of the talk."""
        return [Cue(None if second is None else second + self.offset, who, words) for second, who, words in self.cues]

    def move(self, offset: int) -> None:
        """Say at which second of the talk it begins.

        Raises:
            ValidationError: that is more than a day away.
        """
        self.offset = offset
        self.clean_fields(exclude={"interview", "by", "file", "cues"})
        self.save(update_fields=["offset"])

    def say(self, rewrite: Callable[[str], str]) -> bool:
        """Let a transcript's file say something else, in UTF-8; tell whether it does. The one before is deleted once the transaction is kept."""
        storage, before = self.file.storage, str(self.file.name)
        with self.file.open("rb") as file:
            text = decode(file.read())
        if (after := rewrite(text)) == text:
            return False
        self.file.save(self.name, ContentFile(after.encode()), save=False)
        self.size = self.file.size
        self.save(update_fields=["file", "size"])
        transaction.on_commit(lambda: storage.delete(before))
        return True

    def remove(self) -> None:
        """Delete it, from the disk too once the transaction is kept."""
        storage, place = self.file.storage, str(self.file.name)
        with transaction.atomic():
            self.delete()
            transaction.on_commit(lambda: storage.delete(place))

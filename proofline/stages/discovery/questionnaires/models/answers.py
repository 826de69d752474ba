"""What belongs to a reply: its answers, the files among them, and that it was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import models, transaction

from proofline.records.models.files import secret_name

if TYPE_CHECKING:
    from datetime import datetime

FOLDER = "answers"
CHUNK = 5_000


class Answer(models.Model):
    """The answer to one question, as `answers.py` keeps it; `text` is what it says, for reading and searching."""

    reply = models.ForeignKey("discovery.Reply", on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    value = models.JSONField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "question"], name="answer_once")]

    def __str__(self) -> str:
        return self.text[:80]


def secret_place(_file: AnswerFile, _name: str) -> str:
    """Return where a file is kept; the name says nothing about it."""
    return secret_name(FOLDER)


class AnswerFile(models.Model):
    """A file that somebody answered with."""

    reply = models.ForeignKey("discovery.Reply", on_delete=models.CASCADE, related_name="files")
    question = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    type = models.CharField(max_length=120)
    file = models.FileField(upload_to=secret_place, max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def is_shown(self) -> bool:
        """Never: strangers sent it, so a browser of ours only saves it."""
        return False

    @classmethod
    def sweep(cls, *, before: datetime) -> None:
        """Delete files on the disk, last changed before a moment, that no row names: of replies that went with their customer."""
        if not default_storage.exists(FOLDER):
            return
        _folders, names = default_storage.listdir(FOLDER)
        for start in range(0, len(names), CHUNK):
            places = {f"{FOLDER}/{name}" for name in names[start : start + CHUNK]}
            for place in places - set(cls.objects.filter(file__in=places).values_list("file", flat=True)):
                if default_storage.get_modified_time(place) < before:
                    default_storage.delete(place)

    def remove(self) -> None:
        """Delete it, from the disk too once the transaction is kept."""
        storage, place = self.file.storage, str(self.file.name)
        self.delete()
        transaction.on_commit(lambda: storage.delete(place))


class Submission(models.Model):
    """That a reply was handed in, with its points then."""

    reply = models.OneToOneField("discovery.Reply", on_delete=models.CASCADE, related_name="submission")
    at = models.DateTimeField()
    score = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="submission_newest")]

    def __str__(self) -> str:
        return f"{self.reply_id}: {self.at:%Y-%m-%d}"

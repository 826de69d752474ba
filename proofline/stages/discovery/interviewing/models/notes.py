"""Notes of a talk: saved as they are typed, by several people at once, none over another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from proofline.kit.adding import adding
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, User
from proofline.stages.discovery.interviewing.models.clock import LONGEST
from proofline.stages.discovery.interviewing.models.interviews import Interview
from proofline.stages.discovery.interviewing.models.questions import GuideQuestion
from proofline.stages.discovery.interviewing.seconds import clock
from proofline.stages.discovery.models.needs import Need
from proofline.stages.discovery.texts import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

LONGEST_NOTE = 20_000
LONGEST_MARK = 40
LONGEST_NEED = 500


class StaleNoteError(Exception):
    """Somebody else wrote in the note meanwhile; `note` is as they left it."""

    def __init__(self, note: InterviewNote) -> None:
        super().__init__(_("Somebody else changed this note meanwhile. Read it again and save once more."))
        self.note = note


@dataclass(frozen=True)
class Save:
    """One saving of a note's words.

    `base` is the version that was read before, 0 for a new note. `mark` names this saving; `tried` are the marks of savings since `base`
    whose answer never came: when one of them arrived, this one follows it.
    """

    text: str
    base: int = 0
    mark: str = ""
    tried: tuple[str, ...] = ()

    def follows(self, note: InterviewNote) -> bool:
        """Tell whether nobody else wrote in between."""
        return self.base == note.version or bool(note.mark and note.mark in self.tried)


class InterviewNoteQuerySet(VisibleQuerySet):
    """Notes."""

    def standing(self) -> Self:
        """Keep those that were not removed, or emptied."""
        return self.filter(removal=None).exclude(text="")

    def in_order(self) -> Self:
        """Order as they were said; what has no time comes last."""
        return self.order_by(F("second").asc(nulls_last=True), "pk")

    def write(
        self, interview: Interview, save: Save, *, key: str, by: User | None, now: datetime, **first: Any
    ) -> InterviewNote:
        """Keep what is typed, under the key that the writer gave the note; the same saving twice counts once.

        `first` are what a new note has besides: second, question, contact. A note that was removed meanwhile is back with its words.

        Raises:
            StaleNoteError: somebody else wrote in it meanwhile; nothing was saved.
            ValidationError: something is not valid.
        """
        if fault := fault_of(save.text, most=LONGEST_NOTE) or fault_of(save.mark, most=LONGEST_MARK):
            raise ValidationError(fault)
        with transaction.atomic():
            interview.lock()  # two savings of a new note make one
            note: InterviewNote | None = self.filter(interview=interview, key=key).first()
            if note is None:
                note = InterviewNote(interview=interview, key=key, by=by, at=now, changed_by=by, changed_at=now)
                note.text, note.mark = save.text, save.mark
                for name, value in first.items():
                    setattr(note, name, value)
                with adding(note):
                    note.save()
                return note
            note.rewrite(save, by=by, now=now)
        return note

    def shift(self, *, by: int, now: datetime) -> None:
        """Move notes by seconds, as the clock was corrected; none to before the talk."""
        for note in self.exclude(second=None):
            note.second = min(max((note.second or 0) + by, 0), LONGEST)
            note.changed_at = now
            note.save(update_fields=["second", "changed_at"])


class InterviewNote(Visible):
    """What was said, at its second of the talk. `key` is the writer's own name for it, so that it can be sent again."""

    write_area = "discovery"
    owner_paths = ("interview__owner", "interview__study__owner", "interview__study__account__owner")

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="notes")
    key = models.CharField(max_length=40)
    text = models.TextField(_("what was said"), blank=True, validators=[MaxLengthValidator(LONGEST_NOTE)])
    second = models.PositiveIntegerField(
        _("time in the talk"), null=True, blank=True, validators=[MaxValueValidator(LONGEST)]
    )
    """Seconds since the talk began, without its pauses; None for what was noted without the clock."""
    question = models.ForeignKey(
        GuideQuestion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("answers the question"),
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("said by")
    )
    needs = models.ManyToManyField(
        Need, related_name="interview_notes", blank=True, verbose_name=_("speaks of the needs")
    )
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    mark = models.CharField(max_length=LONGEST_MARK, blank=True)
    """The saving that it stands by."""
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    objects = InterviewNoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["interview", "changed_at"], name="interview_note_changed")]
        constraints = [models.UniqueConstraint(fields=["interview", "key"], name="interview_note_once")]

    def __str__(self) -> str:
        return self.text[:80]

    def clean(self) -> None:
        """Refuse a question of another talk, and somebody else's contact."""
        if self.question and self.question.interview_id != self.interview_id:
            raise ValidationError({"question": _("That question belongs to another talk.")})
        if self.contact and self.contact.account_id not in {None, self.interview.study.account_id}:
            raise ValidationError({"contact": _("This contact belongs to another account.")})

    @property
    def clock(self) -> str:
        """When it was said, as people read it; "" for what was noted without the clock."""
        return "" if self.second is None else clock(self.second)

    @property
    def is_removed(self) -> bool:
        """Whether it was removed."""
        return hasattr(self, "removal")

    def rewrite(self, save: Save, *, by: User | None, now: datetime) -> None:
        """Keep new words; one's own saving that arrived before, or words that stand there already, change nothing.

        Raises:
            StaleNoteError: somebody else wrote in it meanwhile; nothing was saved.
            ValidationError: the words are too long.
        """
        if save.mark and save.mark == self.mark:
            return
        if save.text == self.text and not self.is_removed:
            return
        if not save.follows(self):
            raise StaleNoteError(self)
        self.text, self.mark, self.version = save.text, save.mark, self.version + 1
        self._keep("text", "mark", "version", by=by, now=now)
        self.restore(now=now)

    def correct(self, *, by: User | None, now: datetime, needs: Iterable[Need] | None = None, **values: Any) -> None:
        """Set by hand when it was said, by whom, what it answers and of which needs it speaks.

        Raises:
            ValidationError: a value is not valid, or another talk's or customer's.
        """
        needs = None if needs is None else list(needs)
        if any(need.study_id != self.interview.study_id for need in needs or ()):
            raise ValidationError({"needs": _("That need belongs to another customer.")})
        for name, value in values.items():
            setattr(self, name, value)
        with transaction.atomic():
            self._keep(*values, by=by, now=now)
            if needs is not None:
                self.needs.set(needs)

    def become_need(self, *, by: User | None, now: datetime, **fields: Any) -> tuple[Need, bool]:
        """Make it a need in its own words; the one that was made of it before is returned. Return the need and whether it is new.

        Raises:
            ValidationError: the note has no words, or a field is not valid.
        """
        with transaction.atomic():
            self.interview.lock()  # two clicks make one need
            before: Need | None = Need.objects.filter(note=self).first()
            if before is not None:
                return before, False
            given = {
                "text": " ".join(self.text.split())[:LONGEST_NEED],
                "stated_by": self.contact,
                "stated_at": self.at,
                **fields,
            }
            need: Need = Need.objects.record(by=by, now=now, study=self.interview.study, note=self, **given)
            self.needs.add(need)
            self._keep(by=by, now=now)
        return need, True

    def remove(self, *, by: User | None, now: datetime) -> None:
        """Take it away; `restore` puts it back."""
        with transaction.atomic():
            NoteRemoval.objects.get_or_create(note=self, defaults={"by": by, "at": now})
            self._keep(by=self.changed_by, now=now)

    def restore(self, *, now: datetime) -> None:
        """Undo `remove`."""
        if NoteRemoval.objects.filter(note=self).delete()[0]:
            self._keep(by=self.changed_by, now=now)

    def _keep(self, *fields: str, by: User | None, now: datetime) -> None:
        self.changed_by, self.changed_at = by, now
        self.clean_fields(exclude={"by", "changed_by"})
        self.clean()
        self.save(update_fields=[*fields, "changed_by", "changed_at"])


class NoteRemoval(models.Model):
    """That a note was taken away."""

    note = models.OneToOneField(InterviewNote, on_delete=models.CASCADE, related_name="removal")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"× {self.note_id}"

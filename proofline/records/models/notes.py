"""Notes on main records: what people write down about them, with mentions of colleagues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit import markdown
from proofline.records import kinds, mentions
from proofline.records.models.notifications import Notification
from proofline.records.models.people import User
from proofline.records.viewers import viewers_of
from proofline.timeline import facts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.timeline.traces import Traces

LONGEST = 20_000
MENTION = '<span class="mention">%s</span>'


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes."""

    def of(self, kind: str, record: int) -> Self:
        """Keep those of one record that are not removed, pinned ones first, then the newest."""
        there = self.filter(kind=kind, record=record, removal=None).select_related("by", "pin")
        return there.order_by(models.F("pin__at").desc(nulls_last=True), "-pk")

    def with_names(self) -> list[Note]:
        """Return the notes, knowing how those are called whom they mention: one question for all."""
        notes = list(self)
        wanted = {pk for note in notes for pk in mentions.mentioned(note.text)}
        names = dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
        for note in notes:
            note.names = names
        return notes

    def write(self, record: Any, *, text: str, by: User, now: datetime) -> Note:
        """Write a note on a main record, and record it; whom it mentions is noted.

        Raises:
            ValidationError: there is no text, it is too long, or it mentions somebody who may not see the record.
        """
        kind = kinds.of(record)
        if kind is None:
            raise TypeError(f"{record!r} is no main record")
        note = Note(kind=kind.name, record=record.pk, text=_checked(record, text), by=by, at=now)
        account, contact = kinds.customer_of(record)
        with transaction.atomic():
            note.save()
            facts.record(
                "note.written",
                at=now,
                by=by.pk,
                subject=(kind.name, record.pk),
                properties={"name": str(record), "note": note.pk},
                account=account,
                contact=contact,
            )
            note.tell_mentioned(record, by=by, now=now)
        return note

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of what was written; return how many notes changed."""
        forgotten = 0
        for note in self.filter(traces.may_stand_in("text")).iterator(chunk_size=500):
            if (left := traces.redacted(note.text)) != note.text:
                forgotten += self.filter(pk=note.pk).update(text=left)
        return forgotten


class Note(models.Model):
    """A note on a main record, in Markdown; mentions are kept as `<@id>`."""

    kind = models.CharField(max_length=20)
    record = models.PositiveBigIntegerField()
    text = models.TextField(_("note"), max_length=LONGEST)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index(fields=["kind", "record", "-id"], name="note_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.text[:40]}"

    @cached_property
    def names(self) -> dict[int, str]:
        """How those are called whom the note mentions."""
        return dict(User.objects.filter(pk__in=mentions.mentioned(self.text)).values_list("pk", "name"))

    @property
    def html(self) -> SafeString:
        """The note as a page shows it."""
        return mark_safe(mentions.replaced(markdown.render(self.text), self.names, MENTION))  # noqa: S308 - sanitised, names escaped

    @property
    def typed(self) -> str:
        """The note as one types it, for its editor."""
        return mentions.readable(self.text, User.objects.filter(is_active=True).values_list("pk", "name"))

    @property
    def pinned(self) -> bool:
        """Whether it stands first."""
        return hasattr(self, "pin")

    @property
    def mentioned(self) -> list[int]:
        """The ids of those whom it mentions."""
        return mentions.mentioned(self.text)

    def may_change(self, user: User) -> bool:
        """Tell whether the note is the user's own to change."""
        return self.by_id == user.pk

    def may_remove(self, user: User) -> bool:
        """Tell whether the user wrote it, or keeps order as an administrator."""
        return self.by_id == user.pk or user.is_administrator

    def rewrite(self, record: Any, *, text: str, by: User, now: datetime) -> None:
        """Replace the text; who is mentioned now and was not before is told.

        Raises:
            PermissionDenied: somebody else wrote it.
            ValidationError: as in `write`.
        """
        if not self.may_change(by):
            raise PermissionDenied(gettext("Only who wrote a note can change it."))
        checked = _checked(record, text, before=self.mentioned)
        if checked == self.text:
            return
        self.text, self.edited_at = checked, now
        self.__dict__.pop("names", None)
        with transaction.atomic():
            self.save(update_fields=["text", "edited_at"])
            self.tell_mentioned(record, by=by, now=now)

    def remove(self, *, by: User, now: datetime) -> None:
        """Take it off the record; `restore` puts it back until it is swept away.

        Raises:
            PermissionDenied: somebody else wrote it.
        """
        if not self.may_remove(by):
            raise PermissionDenied(gettext("Only who wrote a note can remove it."))
        NoteRemoval.objects.get_or_create(note=self, defaults={"by": by, "at": now})

    def restore(self, *, by: User) -> None:
        """Undo `remove`.

        Raises:
            PermissionDenied: somebody else wrote it.
        """
        if not self.may_remove(by):
            raise PermissionDenied(gettext("Only who wrote a note can remove it."))
        NoteRemoval.objects.filter(note=self).delete()

    def put_first(self, *, by: User, now: datetime) -> None:
        """Pin it above the others."""
        NotePin.objects.get_or_create(note=self, defaults={"by": by, "at": now})

    def put_back(self) -> None:
        """Unpin it."""
        NotePin.objects.filter(note=self).delete()

    def tell_mentioned(self, record: Any, *, by: User, now: datetime) -> None:
        """Note whom the text mentions, and tell each who was not mentioned before."""
        wanted = set(self.mentioned)
        known = set(Mention.objects.filter(note=self).values_list("user", flat=True))
        Mention.objects.filter(note=self).exclude(user__in=wanted).delete()
        for pk in sorted(wanted - known):
            mention = Mention.objects.create(note=self, user_id=pk, at=now)
            Notification.objects.tell(
                user=mention.user,
                kind="mention",
                key=f"note:{self.pk}",
                now=now,
                by=by,
                subject=(self.kind, self.record),
                title=str(record),
                url=f"{record.get_absolute_url()}#notes",
            )
            facts.record(
                "mention.made",
                at=now,
                by=by.pk,
                subject=("note", self.pk),
                properties={"name": str(record), "kind": self.kind, "record": self.record, "user": pk},
            )


class NotePin(models.Model):
    """That a note stands first."""

    note = models.OneToOneField(Note, on_delete=models.CASCADE, related_name="pin")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"↑ {self.note}"


class NoteRemoval(models.Model):
    """That a note was taken off its record."""

    note = models.OneToOneField(Note, on_delete=models.CASCADE, related_name="removal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"× {self.note}"


class Mention(models.Model):
    """That a note mentions a colleague."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mention_once_in_note")]

    def __str__(self) -> str:
        return f"@{self.user}"


def _checked(record: Any, text: str, *, before: Iterable[int] = ()) -> str:
    """Return the text as it is kept.

    Raises:
        ValidationError: there is none, it is too long, or it mentions somebody who may not see the record.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError({"text": gettext("Write something.")})
    if "@" in text:
        known = User.objects.filter(pk__in=set(before)).values_list("pk", "name")
        people = dict([*viewers_of(record).values_list("pk", "name"), *known])
        text = mentions.kept(text, people.items())
        if set(mentions.mentioned(text)) - set(people):
            raise ValidationError({"text": gettext("The note mentions somebody who may not see this record.")})
    if len(text) > LONGEST:
        longest = gettext("A note has at most %(count)s characters.") % {"count": LONGEST}
        raise ValidationError({"text": longest})
    return text

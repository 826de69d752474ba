"""Notifications: what a person is told of, once, and when they read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext as _

from proofline.kit.prepared import Prepared
from proofline.records import subjects
from proofline.records.models.people import User
from proofline.records.notices import NoticeKind, kind_named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

COUNTED = 9
"""More than so many unread ones are shown as "9+"."""


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications."""

    def tell(
        self,
        *,
        user: User | None,
        kind: str,
        key: str,
        now: datetime,
        by: User | None = None,
        subject: tuple[str, int] | None = None,
        title: str = "",
        url: str = "",
        **parts: Any,
    ) -> Notification | None:
        """Tell a person of something once: a second time with the same key changes nothing and returns what there is.

        `subject` is the record that one must be allowed to see to read of it, such as ("deal", 12). Nobody is told of what they did
        themselves, of kinds that they turned off, or after they left: None.

        Raises:
            UnknownNoticeError: there is no such kind.
        """
        kind_named(kind)
        if user is None or not user.is_active or (by and by.pk == user.pk):
            return None
        ways = NotificationChoice.ways(user, kind=kind)
        if not (ways.in_page or ways.in_digest):
            return None
        subject_kind, subject_id = subject or ("", None)
        fields = {"kind": kind, "by": by, "subject_kind": subject_kind, "subject_id": subject_id, "url": url[:250]}
        told, _first = self.get_or_create(
            user=user,
            key=key,
            defaults=fields
            | {"parts": parts | {"title": title[:250]}, "at": now}
            | {"in_page": ways.in_page, "in_digest": ways.in_digest},
        )
        return told

    def tell_owner(self, record: Any, *, by: User | None, now: datetime) -> Notification | None:
        """Tell the owner of a record that it is theirs."""
        owner: User | None = record.owner
        if owner is None or (by and by.pk == owner.pk):
            return None
        kind = subjects.kind_of(record)
        return self.tell(
            user=owner,
            kind="record_assigned",
            key=f"owner:{kind}:{record.pk}:{now.isoformat()}",
            now=now,
            by=by,
            subject=(kind, record.pk),
            title=str(record),
            url=record.get_absolute_url(),
        )

    def of(self, user: User) -> Self:
        """Keep what the person is shown in the page."""
        return self.filter(user=user, in_page=True)

    def unread(self) -> Self:
        """Keep what was not read."""
        return self.filter(read_at=None)

    def undigested(self) -> Self:
        """Keep what a digest has yet to say."""
        return self.filter(in_digest=True, read_at=None, digested_at=None)

    def count_unread(self, user: User) -> int:
        """Return how many unread ones there are, at most one more than `COUNTED`."""
        return len(_unread(user.pk))

    def note_read(self, *, now: datetime) -> int:
        """Note that these were read; return how many were not before."""
        return self.filter(read_at=None).update(read_at=now)

    def forget(self, *, now: datetime, after: timedelta) -> int:
        """Remove what is older; return how many there were."""
        return self.filter(at__lt=now - after).delete()[0]


_unread = Prepared[int](lambda user: Notification.objects.of(user).unread().values_list("pk", flat=True)[: COUNTED + 1])


class Notification(models.Model):
    """What one person was told. `parts` are the places of the kind's sentence; the words come when it is read."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.PositiveBigIntegerField(null=True)
    parts = models.JSONField(default=dict)
    url = models.CharField(max_length=250, blank=True)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()
    in_page = models.BooleanField(default=True)
    in_digest = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="notification_once"),
            models.CheckConstraint(
                condition=models.Q(subject_kind="", subject_id=None)
                | (~models.Q(subject_kind="") & models.Q(subject_id__isnull=False)),
                name="notification_subject_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-at", "-id"], name="notification_newest"),
            models.Index(
                fields=["user"], name="notification_unread", condition=models.Q(in_page=True, read_at__isnull=True)
            ),
            models.Index(
                fields=["user", "at"],
                name="notification_undigested",
                condition=models.Q(in_digest=True, read_at__isnull=True, digested_at__isnull=True),
            ),
            models.Index(fields=["at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        kind = kind_named(self.kind)
        sentence = str(kind.sentence if self.by or not kind.by_itself else kind.by_itself)
        places: dict[str, Any] = {"by": str(self.by or "")} | self.parts
        return sentence % places

    @property
    def subject(self) -> tuple[str, int] | None:
        """The record that one must be allowed to see."""
        return None if self.subject_id is None else (self.subject_kind, self.subject_id)


class NotificationChoice(models.Model):
    """How a person wants to be told of a kind of thing, where it differs from the usual: in the page and in the digest."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    in_page = models.BooleanField(default=True)
    in_digest = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notification_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.user}"

    @classmethod
    def ways(cls, user: User, *, kind: str) -> NotificationChoice:
        """Return how the person wants to be told of the kind."""
        return cls.objects.filter(user=user, kind=kind).first() or cls(user=user, kind=kind)

    @classmethod
    def all_of(cls, user: User) -> dict[str, NotificationChoice]:
        """Return what the person chose, by kind."""
        return {choice.kind: choice for choice in cls.objects.filter(user=user)}

    @classmethod
    def choose(cls, user: User, *, kind: str, in_page: bool, in_digest: bool) -> None:
        """Note how the person wants to be told; both off means not at all.

        Raises:
            UnknownNoticeError: there is no such kind.
        """
        kind_named(kind)
        cls.objects.update_or_create(user=user, kind=kind, defaults={"in_page": in_page, "in_digest": in_digest})


@dataclass(frozen=True)
class Shown:
    """A notification as its reader may see it now; `withheld` when they may no longer see what it is about."""

    notification: Notification
    kind: NoticeKind
    text: str
    withheld: bool

    @property
    def url(self) -> str:
        """Where it leads, "" for nowhere."""
        return "" if self.withheld else self.notification.url


def shown(notifications: Iterable[Notification], *, user: User) -> list[Shown]:
    """Return notifications of the user in words, without what they may not see any more; a query for each kind of record."""
    rows = list(notifications)
    seen = subjects.seen([row.subject for row in rows if row.subject], user=user)
    found = []
    for row in rows:
        kind = kind_named(row.kind)
        withheld = row.subject is not None and row.subject not in seen
        if row.subject and row.subject_kind == "task" and not withheld:
            # In the reader's language, and as it is called by now.
            row.parts["title"] = str(seen[row.subject])
        text = _("Something that you may no longer see") if withheld else str(row)
        found.append(Shown(row, kind, text, withheld))
    return found

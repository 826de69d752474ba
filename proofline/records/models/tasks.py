"""Tasks: what somebody has to do by a day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models.customers import Account, Contact
from proofline.records.models.notifications import Notification
from proofline.records.models.people import User
from proofline.records.models.planning import Planned, zone_of
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Days out of these years come of a slip, and moved to another time zone some can't be kept."""
TOLD_WITHIN = timedelta(days=7)
"""What fell due longer ago is not told of any more, as after a long rest of the server."""
OVERDUE_AFTER = timedelta(hours=1)
REMOVED_KEPT = timedelta(days=30)
AT_ONCE = 500
FOLLOWED = ("title", "owner", "account", "contact", "due_at", "due_on", "reminder", "remind_at", "repeats")


def belongs_to(kind: str, pk: int) -> dict[str, Any]:
    """Return the fields of a task that say to which record it belongs; an account or a contact has one of its own."""
    return {f"{kind}_id": pk} if kind in {"account", "contact"} else {"about_kind": kind, "about_id": pk}


class TaskQuerySet(VisibleQuerySet):
    """Tasks."""

    def open(self) -> Self:
        """Keep what is not done."""
        return self.filter(completion=None)

    def done(self) -> Self:
        """Keep what is done."""
        return self.filter(completion__isnull=False)

    def of(self, kind: str, pk: int) -> Self:
        """Keep what belongs to a record."""
        return self.filter(**belongs_to(kind, pk))

    def ask(self, *, key: str, **fields: Any) -> Task:
        """Ask for something once: a second request with the same key changes nothing and returns the first task."""
        with transaction.atomic():
            made: tuple[Task, bool] = self.model.everything.get_or_create(key=key, defaults=fields)
            task, first = made
            if first:
                search.add(task)
                task.tell_owner(by=None, now=task.created_at)
        return task

    def add(self, *, now: datetime, by: User | None = None, **fields: Any) -> Task:
        """Add a task that a person wrote; who has to do it is told.

        Raises:
            ValidationError: a field is not valid.
        """
        task = Task(created_at=now, changed_at=now, by=by, **fields)
        task.plan(now=now)
        with adding(task):
            task.save()
            search.add(task)
            task.tell_owner(by=by, now=now)
        return task

    def remind(self, *, now: datetime) -> int:
        """Tell people of what they wanted to be reminded of by now, and of what is overdue; once, however many servers ask."""
        kept = self.open().filter(owner__isnull=False).select_related("owner")
        due = kept.filter(reminded_at=None, remind_at__lte=now, remind_at__gt=now - TOLD_WITHIN)
        late = kept.filter(overdue_told_at=None, due_at__lte=now - OVERDUE_AFTER, due_at__gt=now - TOLD_WITHIN)
        told = [task.tell_time("task_due", "reminded_at", now=now) for task in due.order_by("remind_at")[:AT_ONCE]]
        told += [
            task.tell_time("task_overdue", "overdue_told_at", now=now) for task in late.order_by("due_at")[:AT_ONCE]
        ]
        return sum(told)


class TaskManager(models.Manager.from_queryset(TaskQuerySet)):  # type: ignore[misc]
    """Tasks, without those that were removed."""

    def get_queryset(self) -> TaskQuerySet:
        """Leave out what was removed."""
        return super().get_queryset().filter(removed_at=None)  # type: ignore[no-any-return]


class Task(Visible, Planned):
    """Something for a person to do. `url` leads to where it is done.

    A task that Proofline asked for has a `kind`; its title then names only whom it is about. One that belongs to a record other than
    an account or a contact says so in `about_kind` and `about_id`.
    """

    class Kind(models.TextChoices):
        TODO = "todo", "%(about)s"
        RENEWAL = "renewal", _("Prepare the renewal: %(about)s")
        WAKE_UP = "wake_up", _("Wake up: %(about)s")
        ESCALATION = "escalation", _("Ticket about to be late: %(about)s")
        UPGRADE = "upgrade", _("Suggest an upgrade: %(about)s")
        REVIEW = "review", _("Look at what was measured: %(about)s")

    owner_paths = ("owner", "account__owner", "by")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TODO, editable=False)
    title = models.CharField(_("title"), max_length=250)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    about_kind = models.CharField(max_length=40, blank=True, editable=False)
    about_id = models.PositiveBigIntegerField(null=True, editable=False)
    url = models.CharField(max_length=250, blank=True)
    key = models.CharField(max_length=200, null=True, unique=True, editable=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = TaskManager()
    everything = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "due_at"], name="task_owner_due"),
            models.Index(fields=["due_at"], name="task_due"),
            models.Index(fields=["about_kind", "about_id"], name="task_about", condition=~Q(about_kind="")),
            models.Index(fields=["remind_at"], name="task_remind", condition=Q(reminded_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_on=None) | Q(due_at__isnull=False), name="task_day_has_end"),
            models.CheckConstraint(
                condition=Q(about_kind="", about_id=None) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="task_about_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label) % {"about": self.title}

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("records:task", self.pk)

    def clean(self) -> None:
        """Check that the day is one that every calendar and database knows."""
        for name in ("due_at", "due_on", "remind_at"):
            value = getattr(self, name)
            if value and not FIRST_YEAR <= value.year < LAST_YEAR:
                raise ValidationError({name: _("Give a day after 1970 and before 9000.")})
        super().clean()

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields, check and save what differs; who has to do it from now on is told.

        A moment given alone takes the place of a whole day. Returns {field: (before, after)} of the fields that were given.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        before = {name: getattr(self, name) for name in FOLLOWED}
        if "due_at" in values and "due_on" not in values:
            self.due_on = None
        for name, value in values.items():
            setattr(self, name, value)
        self.plan(now=now)
        self.full_clean()
        if before == {name: getattr(self, name) for name in FOLLOWED}:
            return {}
        self.changed_at = now
        with transaction.atomic():
            self.save()
            Task.everything.filter(pk=self.pk).update(revision=models.F("revision") + 1)
            search.keep(Task, [self.pk])
            if before["owner"] != self.owner:
                self.tell_owner(by=by, now=now)
        after = {name: getattr(self, name) for name in FOLLOWED}
        return {
            name: (before[name], after[name]) for name in FOLLOWED if name in values and before[name] != after[name]
        }

    def tell_owner(self, *, by: User | None, now: datetime) -> None:
        """Tell who has to do it, unless it was they who wrote it."""
        Notification.objects.tell(
            user=self.owner,
            kind="task_assigned",
            key=f"task:{self.pk}:owner:{now.isoformat()}",
            now=now,
            by=by,
            subject=("task", self.pk),
            title=self.title,
            url=self.url or self.get_absolute_url(),
        )

    def tell_time(self, kind: str, field: str, *, now: datetime) -> bool:
        """Tell its person of its time, if nobody did; the field keeps that it was done."""
        with transaction.atomic():
            first = bool(Task.everything.filter(pk=self.pk, **{field: None}).update(**{field: now}))
            if first:
                Notification.objects.tell(
                    user=self.owner,
                    kind=kind,
                    key=f"task:{self.pk}:{kind}:{self.remind_at if kind == 'task_due' else self.due_at}",
                    now=now,
                    subject=("task", self.pk),
                    title=self.title,
                    url=self.url or self.get_absolute_url(),
                )
        return first

    def finish(self, *, by: User, now: datetime) -> None:
        """Note that it is done; a second time changes nothing. One that repeats comes again."""
        with transaction.atomic():
            _completion, first = TaskCompletion.objects.get_or_create(task=self, defaults={"by": by, "at": now})
            if first:
                self._touch(now)
                self._repeat(now=now)
                facts.record(
                    "task.done",
                    at=now,
                    by=by.pk,
                    account=self.account_id,
                    contact=self.contact_id,
                    subject=("task", self.pk),
                    properties={"title": str(self)},
                )

    def reopen(self, *, now: datetime | None = None) -> None:
        """Undo `finish`; the one that came in its place goes, unless it is done too."""
        with transaction.atomic():
            TaskCompletion.objects.filter(task=self).delete()
            again = Task.everything.filter(key=f"repeat:{self.pk}", completion=None)
            with search.dropping(Task, list(again.values_list("pk", flat=True))):
                again.delete()
            if now:
                self._touch(now)

    def remove(self, *, now: datetime) -> None:
        """Take it away; `restore` brings it back within thirty days."""
        with search.dropping(Task, [self.pk]):
            Task.everything.filter(pk=self.pk, removed_at=None).update(removed_at=now)

    def restore(self) -> None:
        """Undo `remove`."""
        with transaction.atomic():
            Task.everything.filter(pk=self.pk).update(removed_at=None)
            search.keep(Task, [self.pk])

    def _touch(self, now: datetime) -> None:
        Task.everything.filter(pk=self.pk).update(revision=models.F("revision") + 1, changed_at=now)

    def _repeat(self, *, now: datetime) -> None:
        day = self.next_day(today=now.astimezone(zone_of(self.owner)).date())
        if day is None:
            return
        same = ("title", "owner", "by", "account", "contact", "about_kind", "about_id", "url", "reminder", "repeats")
        again = Task(
            key=f"repeat:{self.pk}", created_at=now, changed_at=now, **{name: getattr(self, name) for name in same}
        )
        for name, value in self.moved_to(day).items():
            setattr(again, name, value)
        again.plan(now=now)
        if not Task.everything.filter(key=again.key).exists():
            again.save()
            search.add(again)


class TaskCompletion(models.Model):
    """That a task was done, by whom and when."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="completion")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} ✓"

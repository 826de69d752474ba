"""Tasks: what somebody has to do by a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models.customers import Account, Contact
from proofline.records.models.people import User
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Days out of these years come of a slip, and moved to another time zone some can't be kept."""


class TaskQuerySet(VisibleQuerySet):
    """Tasks."""

    def open(self) -> Self:
        """Keep what is not done."""
        return self.filter(completion=None)

    def ask(self, *, key: str, **fields: Any) -> Task:
        """Ask for something once: a second request with the same key changes nothing and returns the first task."""
        task: Task
        with transaction.atomic():
            task, first = self.get_or_create(key=key, defaults=fields)
            if first:
                search.keep(Task, [task.pk])
        return task

    def add(self, *, now: datetime, **fields: Any) -> Task:
        """Add a task that a person wrote.

        Raises:
            ValidationError: a field is not valid.
        """
        task = Task(created_at=now, **fields)
        task.full_clean()
        with transaction.atomic():
            task.save()
            search.keep(Task, [task.pk])
        return task


class Task(Visible):
    """Something for a person to do. `url` leads to where it is done.

    A task that Proofline asked for has a `kind`; its title then names only whom it is about.
    """

    class Kind(models.TextChoices):
        TODO = "todo", "%(about)s"
        RENEWAL = "renewal", _("Prepare the renewal: %(about)s")
        WAKE_UP = "wake_up", _("Wake up: %(about)s")
        ESCALATION = "escalation", _("Ticket about to be late: %(about)s")
        UPGRADE = "upgrade", _("Suggest an upgrade: %(about)s")
        REVIEW = "review", _("Look at what was measured: %(about)s")

    owner_paths = ("owner", "account__owner")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.TODO, editable=False)
    title = models.CharField(_("title"), max_length=250)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    url = models.CharField(max_length=250, blank=True)
    key = models.CharField(max_length=200, null=True, unique=True, editable=False)
    created_at = models.DateTimeField()

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "due_at"], name="task_owner_due")]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label) % {"about": self.title}

    def get_absolute_url(self) -> str:
        """Return where it is done: its own address, else its account's page; "" where it has neither."""
        return self.url or (self.account.get_absolute_url() if self.account else "")

    def clean(self) -> None:
        """Check that the day is one that every calendar and database knows."""
        if self.due_at and not FIRST_YEAR <= self.due_at.year < LAST_YEAR:
            raise ValidationError({"due_at": _("Give a day after 1970 and before 9000.")})

    def finish(self, *, by: User, now: datetime) -> None:
        """Note that it is done; a second time changes nothing."""
        with transaction.atomic():
            _completion, first = TaskCompletion.objects.get_or_create(task=self, defaults={"by": by, "at": now})
            if first:
                facts.record(
                    "task.done",
                    at=now,
                    by=by.pk,
                    account=self.account_id,
                    contact=self.contact_id,
                    subject=("task", self.pk),
                    properties={"title": str(self)},
                )

    def reopen(self) -> None:
        """Undo `finish`."""
        TaskCompletion.objects.filter(task=self).delete()


class TaskCompletion(models.Model):
    """That a task was done, by whom and when."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="completion")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} ✓"

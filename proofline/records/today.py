"""What waits for a person in this room: their open tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from proofline.kit.today import TodayItem
from proofline.records.models import Task

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User

MOST = 100


def waiting(user: User, now: datetime) -> list[TodayItem]:
    """Return the user's open tasks, the most urgent first."""
    del now
    tasks = Task.objects.visible_to(user).open().filter(owner=user).select_related("account").order_by("due_at", "pk")
    may_write = user.may_write(Task.write_area)
    return [
        TodayItem(
            kind=_("Task"),
            icon="checkbox",
            title=task.title,
            url=task.url or (task.account.get_absolute_url() if task.account else reverse("records:tasks")),
            note=task.account.name if task.account else "",
            due=task.due_at,
            action=_("Done") if may_write else "",
            action_url=reverse("records:task_completion", args=[task.pk]) if may_write else "",
        )
        for task in tasks[:MOST]
    ]

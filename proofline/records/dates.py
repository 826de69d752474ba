"""What the calendar shows of this room: tasks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit.dates import DatedItem
from proofline.records.models import Task

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet

    from proofline.records.models import User

MOST = 1000
A_DAY = timedelta(days=1)


def between(first: date, last: date, *, viewer: User, owners: QuerySet[User]) -> Iterator[DatedItem]:
    """Yield the tasks of the owners that are due from the first day to the last, on the reader's clock."""
    start = datetime.combine(first, time(), UTC) - A_DAY
    end = datetime.combine(last, time(), UTC) + 2 * A_DAY
    found = Task.objects.visible_to(viewer).filter(owner__in=owners, due_at__gte=start, due_at__lt=end)
    may_write = viewer.may_write(Task.write_area)
    now = timezone.now()
    for task in found.select_related("owner", "account", "completion").order_by("due_at", "pk")[:MOST]:
        day = task.due_on or timezone.localtime(task.due_at).date()
        done = hasattr(task, "completion")
        if not first <= day <= last:
            continue
        yield DatedItem(
            uid=f"task-{task.pk}",
            kind=_("Task"),
            title=str(task),
            day=day,
            url=task.get_absolute_url() if may_write else task.url,
            at=None if task.due_on else task.due_at,
            icon="check" if done else "checklist",
            note=task.account.name if task.account else "",
            tone="bad" if not done and task.due_at < now else "",
            person=task.owner,
            move=str(task.pk) if may_write and not done else "",
            done=done,
            remind_at=None if done else task.remind_at,
            changed_at=task.changed_at or task.created_at,
            revision=task.revision,
        )

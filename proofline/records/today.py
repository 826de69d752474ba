"""What waits for a person in this room: their tasks, and battle cards that nobody has checked for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.kit.today import TodayItem
from proofline.records.models import Competitor, Task

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User

MOST = 100


def waiting(user: User, now: datetime) -> list[TodayItem]:
    """Return what waits for the user."""
    return [*tasks(user, now), *stale_cards(user, now)]


def stale_cards(user: User, now: datetime) -> list[TodayItem]:
    """Return the battle cards that the user looks after and that, or a claim on which, nobody has checked for too long."""
    if not user.may_write(Competitor.write_area):
        return []
    found = Competitor.objects.filter(owner=user).stale(today=timezone.localdate(now)).order_by("checked_on", "pk")
    return [
        TodayItem(
            kind=_("Battle card is stale"),
            icon="swords",
            title=card.name,
            note=_("Is what it says still true?"),
            url=card.get_absolute_url(),
            tone="warn",
            action=_("All still true"),
            action_url=reverse("records:competitor_confirmation", args=[card.pk]),
        )
        for card in found[:MOST]
    ]


def tasks(user: User, now: datetime) -> list[TodayItem]:
    """Return the user's open tasks, the earliest due first."""
    found = Task.objects.visible_to(user).filter(owner=user).open().select_related("account").order_by("due_at", "pk")
    may_write = user.may_write(Task.write_area)
    return [
        TodayItem(
            kind=_("Task"),
            title=str(task),
            url=task.url or (task.get_absolute_url() if may_write else reverse("records:tasks")),
            icon="checklist",
            note=task.account.name if task.account else "",
            due=task.due_at,
            tone="bad" if task.due_at and task.due_at < now else "",
            action=_("Mark as done") if may_write else "",
            action_url=reverse("records:task_completion", args=[task.pk]) if may_write else "",
        )
        for task in found[:MOST]
    ]

"""When something is due, as people say it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit import formats

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Task

WEEK = 7


def due_words(task: Task, *, now: datetime) -> str:
    """Say when a task is due: "today, 15:00", "tomorrow", "Friday", "overdue 3 days"; its day once it is done, "" when it has none."""
    if task.due_at is None:
        return ""
    local, today = timezone.localtime(task.due_at), timezone.localtime(now).date()
    day = task.due_on or local.date()
    days = (day - today).days
    late = task.due_at < now and not hasattr(task, "completion")
    if late and days < 0:
        return ngettext("overdue %(count)d day", "overdue %(count)d days", -days) % {"count": -days}
    named = {0: _("today"), 1: _("tomorrow")}.get(days) or (
        format_date(day, "EEEE", locale=formats.locale()) if 0 < days < WEEK else formats.day(day)
    )
    said = named if task.due_on else _("%(day)s, %(time)s") % {"day": named, "time": f"{local:%H:%M}"}
    return _("overdue, %(day)s") % {"day": said} if late else said


def snoozes(*, now: datetime) -> list[tuple[str, str]]:
    """Return the days to which something can be put off, as (day, words)."""
    today = timezone.localtime(now).date()
    monday = today + timedelta(days=WEEK - today.weekday())
    found = {today + timedelta(days=WEEK): _("In a week"), monday: _("Next Monday")}
    found[today + timedelta(days=1)] = _("Tomorrow")
    return [(day.isoformat(), words) for day, words in sorted(found.items())]

"""When a task is due, when its person is reminded of it, and when it comes again."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit.clock import add_months, is_chinese_workday
from proofline.records.models.workspace import Workspace

if TYPE_CHECKING:
    from datetime import date

    from proofline.records.models.people import User

LAST_MINUTE = time(23, 59)
A_DAY = timedelta(days=1)


class Repeat(models.TextChoices):
    """How a task comes again once it is done; never on a day on which nobody works."""

    NEVER = "", _("Never")
    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


def zone_of(user: User | None) -> ZoneInfo:
    """Return the time zone of a person, the company's for who chose none."""
    return ZoneInfo((user.time_zone if user else "") or Workspace.current().time_zone)


def end_of(day: date, *, zone: ZoneInfo) -> datetime:
    """Return the last minute of a day, at which what has no time is due."""
    return datetime.combine(day, LAST_MINUTE, zone)


def working_day(day: date) -> date:
    """Return the first working day from the day on."""
    while not is_chinese_workday(day):
        day += A_DAY
    return day


class Planned(models.Model):
    """Something due. What has `due_on` has no time of day: it is due at the end of that day."""

    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    reminder = models.PositiveIntegerField(_("remind minutes before"), null=True, blank=True)
    remind_at = models.DateTimeField(_("remind at"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, editable=False)
    repeats = models.CharField(_("repeats"), max_length=10, choices=Repeat.choices, default=Repeat.NEVER, blank=True)
    owner: Any

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Check that what needs a day has one."""
        super().clean()
        if self.due_at is None and (self.reminder is not None or self.repeats):
            raise ValidationError({"due_at": _("Give a day, so that it can be reminded of and repeated.")})

    def plan(self, *, now: datetime) -> None:
        """Find out when to remind; of what lies ahead the person is told anew."""
        if self.due_on:
            self.due_at = end_of(self.due_on, zone=zone_of(self.owner))
        if self.reminder is not None and self.due_at:
            self.remind_at = self._reminded_from() - timedelta(minutes=self.reminder)
        if self.remind_at and self.remind_at > now:
            self.reminded_at = None
        if self.due_at and self.due_at > now:
            self.overdue_told_at = None

    def _reminded_from(self) -> datetime:
        """A whole day is reminded of from its morning, at nine."""
        if self.due_on is None:
            return self.due_at  # type: ignore[return-value]
        return datetime.combine(self.due_on, time(9), zone_of(self.owner))

    def moved_to(self, day: date) -> dict[str, Any]:
        """Return the fields that put it on another day, at the same time of day."""
        if self.due_on or self.due_at is None:
            return {"due_on": day}
        zone = zone_of(self.owner)
        return {"due_at": datetime.combine(day, self.due_at.astimezone(zone).time(), zone)}

    @property
    def day(self) -> date | None:
        """The day on which it is due, on its person's clock."""
        return self.due_on or (self.due_at.astimezone(zone_of(self.owner)).date() if self.due_at else None)

    def next_day(self, *, today: date) -> date | None:
        """Return the day on which it comes again, after today; None when it does not."""
        day = self.day
        if not self.repeats or day is None:
            return None
        found = working_day(day + A_DAY)
        turn = 0
        while turn == 0 or found <= today:
            turn += 1
            if self.repeats == Repeat.DAILY:
                found = working_day(max(day, today) + A_DAY)
            elif self.repeats == Repeat.WEEKLY:
                found = working_day(day + timedelta(weeks=turn))
            else:
                found = working_day(add_months(day, turn))
        return found

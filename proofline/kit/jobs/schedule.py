"""Jobs by the clock: one run per period, however many processes keep time.

    schedule.register("health", "01:00 daily", measure_health)
    schedule.register("renewal reminders", "08:30 monday", remind)
    schedule.register("sla", timedelta(minutes=1), watch_clocks)

All entries stand in one file, `config/schedule.py`. Times are in the zone of the settings. An entry that is seen for the first
time waits for its next time; periods that passed while nothing ran are made up for by one run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from proofline.kit.models import Timetable

if TYPE_CHECKING:
    from proofline.kit.jobs.declaring import Job

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WHEN = re.compile(rf"(\d\d:\d\d) (daily|{'|'.join(DAYS)})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEK = 7


class ScheduleError(ValueError):
    """An entry's time can't be read, or its name is taken."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A job and when it is due."""

    name: str
    when: str | timedelta
    job: Job[..., Any]

    def last_due(self, now: datetime) -> datetime:
        """Return the latest moment, not after now, at which the job was due."""
        if isinstance(self.when, timedelta):
            return now - (now - EPOCH) % self.when
        clock, weekday = _read(self.when)
        local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
        day = local.date()
        for _back in range(WEEK + 1):
            due = datetime.combine(day, clock, local.tzinfo)
            if due <= now and weekday in {None, day.weekday()}:
                return due.astimezone(UTC)
            day -= timedelta(days=1)
        message = f"{self.when!r} never comes."  # pragma: no cover - every weekday comes within a week
        raise ScheduleError(message)  # pragma: no cover


_entries: dict[str, Entry] = {}


def register(name: str, when: str | timedelta, job: Job[..., Any]) -> None:
    """Let a job without arguments run every `when`: "01:00 daily", "08:30 monday", or a time span.

    Raises:
        ScheduleError: the time can't be read, or another entry has the name.
    """
    if isinstance(when, str):
        _read(when)
    elif when <= timedelta(0):
        message = f"{when} is no time span."
        raise ScheduleError(message)
    entry = Entry(name, when, job)
    if _entries.setdefault(name, entry) != entry:
        message = f"Two entries of the schedule are named {name!r}."
        raise ScheduleError(message)


def entries() -> list[Entry]:
    """Return all entries, by name."""
    return [_entries[name] for name in sorted(_entries)]


def tick(*, now: datetime) -> list[str]:
    """Enqueue what has fallen due, once per period; returns the names."""
    known = dict(Timetable.objects.values_list("name", "last_due"))
    started = []
    for entry in entries():
        due = entry.last_due(now)
        if entry.name not in known:
            Timetable.objects.get_or_create(name=entry.name, defaults={"last_due": due})
        elif known[entry.name] < due and _start(entry, due=due):
            started.append(entry.name)
    return started


def _start(entry: Entry, *, due: datetime) -> bool:
    """Note the period and enqueue the job, both or neither; False when another process was first."""
    with transaction.atomic():
        ours = Timetable.objects.filter(name=entry.name, last_due__lt=due).update(last_due=due)
        if ours:
            entry.job.enqueue()
    return bool(ours)


def _read(when: str) -> tuple[time, int | None]:
    found = WHEN.fullmatch(when)
    try:
        if found:
            return time.fromisoformat(found[1]), DAYS.index(found[2]) if found[2] in DAYS else None
    except ValueError:
        pass
    message = f"{when!r} is no time: write 01:00 daily, or 08:30 monday."
    raise ScheduleError(message)

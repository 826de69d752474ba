"""The calendar as iCalendar (RFC 5545), for calendar programs."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from proofline.kit.clock import start_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.kit.dates import DatedItem

LENGTH = timedelta(minutes=30)
"""How long something with a moment is shown of which nobody said how long it takes."""
REFRESH = timedelta(minutes=15)


def write(items: Iterable[DatedItem], *, name: str) -> bytes:
    """Return the items as a calendar of that name. The same items give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Proofline//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    for item in items:
        calendar.add_component(_event(item))
    written: bytes = calendar.to_ical()
    return written


def _event(item: DatedItem) -> Event:
    host = settings.PUBLIC_URL.partition("://")[2].partition("/")[0]
    event = Event()
    event.add("uid", f"{item.uid}@{host}")
    changed = (item.changed_at or start_of_day(item.day, time_zone="UTC")).astimezone(UTC).replace(microsecond=0)
    event.add("dtstamp", changed)
    if item.changed_at:
        event.add("last-modified", changed)
    event.add("sequence", item.revision)
    if item.at:
        event.add("dtstart", item.at.astimezone(UTC))
        event.add("dtend", (item.until or item.at + LENGTH).astimezone(UTC))
    else:
        event.add("dtstart", item.day)
        event.add("dtend", item.day + timedelta(days=1))
    event.add("summary", f"✓ {item.title}" if item.done else item.title)
    event.add("description", "\n".join(filter(None, [item.kind, item.note, item.person and str(item.person)])))
    event.add("transp", "TRANSPARENT")
    if item.url:
        event.add("url", settings.PUBLIC_URL + item.url)
    if item.remind_at:
        event.add_component(_alarm(item))
    return event


def _alarm(item: DatedItem) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Reminder: %(title)s") % {"title": item.title})
    moment = item.remind_at.astimezone(UTC) if item.remind_at else None
    if item.at and moment:
        alarm.add("trigger", moment - item.at.astimezone(UTC))
    else:
        alarm.add("trigger", moment, {"VALUE": "DATE-TIME"})
    return alarm

"""How the parts of a question are said."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from proofline.insight.explore.kinds import MEASURES
from proofline.kit import formats

if TYPE_CHECKING:
    from proofline.insight.explore.asked import Asked

OPERATORS: dict[str, Any] = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "in": gettext_lazy("is one of"),
    "contains": gettext_lazy("contains"),
    "contains_not": gettext_lazy("does not contain"),
    "more": gettext_lazy("is more than"),
    "at_least": gettext_lazy("is at least"),
    "less": gettext_lazy("is less than"),
    "at_most": gettext_lazy("is at most"),
    "set": gettext_lazy("is known"),
    "not_set": gettext_lazy("is not known"),
}
PRESETS: dict[str, Any] = {
    "-24h": gettext_lazy("Last 24 hours"),
    "-7d": gettext_lazy("Last 7 days"),
    "-30d": gettext_lazy("Last 30 days"),
    "-90d": gettext_lazy("Last 90 days"),
    "-180d": gettext_lazy("Last 180 days"),
    "-365d": gettext_lazy("Last 365 days"),
    "all": gettext_lazy("All time"),
}
USUAL_FROM = "-30d"
UNIT = re.compile(r"-?(\d{1,5})([smhdwM])")
OF: dict[str, Any] = {
    "property": gettext_lazy("Properties of the event"),
    "context": gettext_lazy("Visit"),
    "person": gettext_lazy("Person"),
    "account": gettext_lazy("Account"),
    "event": gettext_lazy("Event"),
    "source": gettext_lazy("Source"),
    "kind": gettext_lazy("Kind of event"),
}
"""What a filter looks at."""
NAMELESS = frozenset({"event", "source", "kind"})
"""What has no fields, but is one."""
KINDS_OF_EVENT: dict[str, Any] = {
    "track": gettext_lazy("Action in the product"),
    "page": gettext_lazy("Page"),
    "screen": gettext_lazy("Screen"),
    "identify": gettext_lazy("Sign-in"),
    "group": gettext_lazy("Company named"),
    "fact": gettext_lazy("Fact of the sale"),
}


def event(name: Any) -> str:
    """Return how an event is called; None is any."""
    return str(name) if name else _("Any event")


def event_named(name: str) -> str:
    """Return how an answer's event is called; the timeline writes "*" for any."""
    return event(None if name == "*" else name)


def field(of: str, name: str, labels: dict[tuple[str, str], str] | None = None) -> str:
    """Return how what a filter or breakdown looks at is called."""
    known = (labels or {}).get((of, name))
    if known:
        return known
    return str(OF[of]) if of in NAMELESS else name


def value(given: Any) -> str:
    """Return a filter's value as people write it."""
    if isinstance(given, list):
        return _(", ").join(value(item) for item in given)
    if isinstance(given, bool):
        return _("yes") if given else _("no")
    return formats.number(given) if isinstance(given, int | float) else str(given)


def duration(text: Any) -> str:
    """Return a length of time, "7d", in words."""
    found = UNIT.fullmatch(str(text))
    if not found:
        return str(text)
    return _length(int(found[1]), found[2])


def seconds(length: float) -> str:
    """Return a length in seconds in its largest fitting unit."""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if length >= size:
            return _length(round(length / size, 1), unit)
    return _length(round(length), "s")


def _length(number: float, unit: str) -> str:
    plural = 1 if number == 1 else 2
    words = {
        "s": ngettext("%(n)s second", "%(n)s seconds", plural),
        "m": ngettext("%(n)s minute", "%(n)s minutes", plural),
        "h": ngettext("%(n)s hour", "%(n)s hours", plural),
        "d": ngettext("%(n)s day", "%(n)s days", plural),
        "w": ngettext("%(n)s week", "%(n)s weeks", plural),
        "M": ngettext("%(n)s month", "%(n)s months", plural),
    }
    return words[unit] % {"n": formats.number(number)}


def measure(text: Any) -> str:
    """Return what is counted, or summed, in words."""
    how, colon, name = str(text).partition(":")
    if not colon:
        return str(MEASURES.get(how, how))
    return (_("Sum of %(name)s") if how == "sum" else _("Mean of %(name)s")) % {"name": name}


def period(asked: Asked) -> str:
    """Return the time that is asked for, in words."""
    first, last = asked.question.get("from", USUAL_FROM), asked.question.get("to")
    if last is None and isinstance(first, str) and first in PRESETS:
        return str(PRESETS[first])
    begins, ends = day_of(first), last_day_of(last)
    if begins and ends:
        return f"{formats.day(begins)} – {formats.day(ends)}"
    if begins:
        return _("Since %(day)s") % {"day": formats.day(begins)}
    said = _("Last %(length)s") % {"length": duration(first)} if UNIT.fullmatch(str(first)) else str(first)
    return f"{said} – {formats.day(ends)}" if ends else said


def day_of(text: Any) -> date | None:
    """Return the day that a time of a question names, None for what is no day."""
    try:
        return datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None


def last_day_of(text: Any) -> date | None:
    """Return the last day that belongs to a question that ends at a time."""
    ends = day_of(text)
    return ends - timedelta(days=1) if ends and ends > date.min else None


UNITS: dict[str, Any] = {
    "events": pgettext_lazy("counted", "events"),
    "people": pgettext_lazy("counted", "people"),
    "accounts": pgettext_lazy("counted", "accounts"),
    "subjects": pgettext_lazy("counted", "records"),
    "seconds": pgettext_lazy("counted", "seconds"),
}


def unit(name: str) -> str:
    """Return what an answer counts, in words."""
    return str(UNITS.get(name, name))


def counted(value: float | None, name: str) -> str:
    """Return a number with what it counts: "1,204 people"."""
    number = formats.number(value)
    if name not in UNITS:
        return f"{number} {name}"
    one = {
        "events": ngettext("%(number)s event", "%(number)s events", round(value or 0)),
        "people": ngettext("%(number)s person", "%(number)s people", round(value or 0)),
        "accounts": ngettext("%(number)s account", "%(number)s accounts", round(value or 0)),
        "subjects": ngettext("%(number)s record", "%(number)s records", round(value or 0)),
        "seconds": ngettext("%(number)s second", "%(number)s seconds", round(value or 0)),
    }[name]
    return one % {"number": number}


def moment(at: date, *, interval: str, zone: str) -> str:
    """Return the beginning of an hour, day, week or month as people write it, short enough for an axis."""
    if isinstance(at, datetime):
        local = at.astimezone(ZoneInfo(zone))
        return f"{_short(local)} {local:%H:%M}"
    if interval == "month":
        return format_skeleton("yMMM", at, locale=formats.locale())
    return _short(at)


def _short(day: date) -> str:
    locale = formats.locale()
    return format_date(day, format="M月d日" if locale.language == "zh" else "d MMM", locale=locale)

"""How a source is doing, as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit import charts
from proofline.kit.formats import ago, number
from proofline.timeline import sending

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.kit.charts import Chart
    from proofline.timeline.models import Source

MINUTE, HOUR = 60, 3600


def sent_by(source: Source, *, now: datetime) -> dict[str, Any]:
    """Return what the page of a source says of what came from it."""
    found = sending.of(source, now=now)
    return {
        "sending": found,
        "last_at": ago(found.last_at, now=now) if found.last_at else "",
        "chart": _chart(found.hours) if found.hours else None,
        "refused_url": f"{reverse('records:quarantine')}?source={source.pk}",
    }


def _chart(hours: list[tuple[datetime, int]]) -> Chart:
    total = sum(count for _hour, count in hours)
    text = ngettext("%(count)s event in the last 24 hours", "%(count)s events in the last 24 hours", total)
    headline = text % {"count": number(total)}
    if total:
        busiest, most = max(hours, key=lambda pair: pair[1])
        headline = _("%(total)s, most in the hour of %(hour)s: %(count)s") % {
            "total": headline,
            "hour": _clock(busiest),
            "count": number(most),
        }
    points = [charts.Point(_clock(hour), count) for hour, count in hours]
    return charts.bar(headline=headline, unit=_("events"), points=points, name=_("Hour"))


def _clock(hour: datetime) -> str:
    return timezone.localtime(hour).strftime("%H:%M")


def duration(seconds: int) -> str:
    """Return a time span in its largest fitting unit."""
    if seconds < 2 * MINUTE:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    if seconds < 2 * HOUR:
        return ngettext("%(count)s minute", "%(count)s minutes", seconds // MINUTE) % {"count": seconds // MINUTE}
    return ngettext("%(count)s hour", "%(count)s hours", seconds // HOUR) % {"count": number(seconds // HOUR)}

"""The periods that dashboards look at, in the workspace's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.clock import add_months, local_day, start_of_day

if TYPE_CHECKING:
    from datetime import date, datetime


@dataclass(frozen=True)
class Period:
    """A period [from_, to); None is open."""

    key: str
    label: Any
    from_: datetime | None
    to: datetime | None
    before: tuple[datetime, datetime] | None = None
    """The period of the same kind before it, to compare with."""


LABELS: dict[str, Any] = {
    "all": _("All time"),
    "months": _("Last 12 months"),
    "year": _("This year"),
    "quarter": _("This quarter"),
    "month": _("This month"),
}
MONTHS = {"months": 12, "year": 12, "quarter": 3, "month": 1}


def period(key: str, *, now: datetime, time_zone: str) -> Period:
    """Return the period with that key; all time for an unknown one."""
    if key not in MONTHS:
        return Period("all", LABELS["all"], None, None)
    first = local_day(now, time_zone=time_zone).replace(day=1)
    start = _start(key, first)
    length = MONTHS[key]
    earlier, ends = add_months(start, -length), add_months(start, length)
    begins, begun, ended = (start_of_day(day, time_zone=time_zone) for day in (earlier, start, ends))
    return Period(key, LABELS[key], begun, ended, (begins, begun))


def _start(key: str, first: date) -> date:
    if key == "months":
        return add_months(first, -11)
    if key == "year":
        return first.replace(month=1)
    return first.replace(month=first.month - (first.month - 1) % 3) if key == "quarter" else first

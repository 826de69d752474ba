"""The two clocks of a ticket, in working time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.clock import Clock, ClockState
from proofline.stages.delivery.models.tickets import ANSWER_WITHIN, SOLVE_WITHIN

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from proofline.kit.clock import WorkingCalendar
    from proofline.stages.delivery.models import Ticket

TONES = {ClockState.RUNNING: "", ClockState.LATE: "bad", ClockState.MET: "good", ClockState.MISSED: "warn"}
ICONS = {
    ClockState.RUNNING: "clock",
    ClockState.LATE: "alert-circle",
    ClockState.MET: "check",
    ClockState.MISSED: "clock-exclamation",
}


@dataclass(frozen=True)
class Reading:
    """A clock as it is read: its state in words, with tone and icon, and when it is due."""

    state: ClockState
    text: str
    due: datetime

    @property
    def tone(self) -> str:
        """The tone of its badge."""
        return TONES[self.state]

    @property
    def icon(self) -> str:
        """The icon of its badge."""
        return ICONS[self.state]


def clocks_of(ticket: Ticket, *, calendar: WorkingCalendar, now: datetime) -> tuple[Reading, Reading]:
    """Read the clock to the answer and the clock to the solution."""
    solution = getattr(ticket, "solution", None)
    answer = Clock(calendar=calendar, started=ticket.opened_at, allowed=ANSWER_WITHIN, stopped=ticket.answered_at)
    solve = Clock(
        calendar=calendar, started=ticket.opened_at, allowed=SOLVE_WITHIN, stopped=solution.at if solution else None
    )
    return _read(answer, now=now), _read(solve, now=now)


def _read(clock: Clock, *, now: datetime) -> Reading:
    state = clock.state(now)
    words = {
        ClockState.RUNNING: _("%(time)s left"),
        ClockState.LATE: _("%(time)s late"),
        ClockState.MET: _("in time"),
        ClockState.MISSED: _("too late"),
    }[state]
    return Reading(state, words % {"time": in_hours(abs(clock.remaining(now)))}, clock.due)


def in_hours(time: timedelta) -> str:
    """Write working time as hours and minutes."""
    minutes = int(time.total_seconds() // 60)
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}

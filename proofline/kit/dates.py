"""What a room may put into the calendar: things that belong to a day, and those of them that can be moved to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

    from proofline.kit.today import Tone


@dataclass(frozen=True)
class DatedItem:
    """One thing of a day.

    `uid` names it for ever ("task-7"); `at` is the moment, None for what takes the whole day; `length` is how long it takes from then, where that is
    known; `move` is its key when it can be put on
    another day. `remind_at`, `changed_at` and `revision` are for those who keep a copy of the calendar.
    """

    uid: str
    kind: str
    title: str
    day: date
    url: str = ""
    at: datetime | None = None
    length: timedelta | None = None
    icon: str = "circle"
    note: str = ""
    tone: Tone = ""
    person: Any = None
    move: str = ""
    done: bool = False
    remind_at: datetime | None = None
    changed_at: datetime | None = None
    revision: int = 0

    @property
    def until(self) -> datetime | None:
        """When it ends; None where that is not known."""
        return self.at + self.length if self.at and self.length else None

    @property
    def order(self) -> tuple[Any, ...]:
        """What to sort by within a day: what has no time first."""
        return (self.at is not None, self.at or self.day, self.uid)

"""What a room may put on Today: things that wait for a person, with what they are worth and when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.kit.money import Money

Tone = Literal["", "good", "warn", "bad", "info", "accent"]


@dataclass(frozen=True)
class TodayItem:
    """One thing that waits.

    `kind` is the word for it ("Reply due"), `note` the line below the title (whose customer, why). `action_url` is done from the row:
    by POST, or in a dialog when `dialog` is set. Items without `due` come after those with.
    """

    kind: str
    title: str
    url: str
    icon: str = "circle"
    note: str = ""
    money: Money | None = None
    due: datetime | None = None
    tone: Tone = ""
    action: str = ""
    action_url: str = ""
    dialog: bool = False

"""Who read a proposal, how often and what: for the people who wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.stages.discovery.drawings import minutes_text
from proofline.stages.discovery.models import names_of

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models import Proposal

MINUTE = 60


@dataclass
class Reader:
    """One browser that opened the link; `number` tells it from the others."""

    number: int
    device: str
    first_at: datetime
    last_at: datetime
    names: dict[str, str]
    visits: int = 0
    seconds: dict[str, int] = field(default_factory=dict)
    email: str = ""
    """Who it is, where a code showed it."""

    @property
    def sections(self) -> list[tuple[str, str, int]]:
        """The sections that were in sight: name, time as people say it, seconds."""
        return [
            (name, seconds_text(self.seconds[key]), self.seconds[key])
            for key, name in self.names.items()
            if key in self.seconds
        ]

    @property
    def longest(self) -> int:
        """The seconds of the section that was read longest."""
        return max(self.seconds.values(), default=0)

    @property
    def total(self) -> str:
        """How long this reader read in all."""
        return seconds_text(sum(self.seconds.values()))


def readers(proposal: Proposal) -> list[Reader]:
    """Return the readers of a proposal in the order in which they came."""
    found: dict[str, Reader] = {}
    names = names_of(proposal)
    for opening in proposal.openings.prefetch_related("readings").order_by("at", "pk"):
        reader = found.setdefault(
            opening.reader,
            Reader(len(found) + 1, device(opening.user_agent), opening.at, opening.at, names, email=opening.email),
        )
        reader.visits += 1
        reader.last_at = opening.at
        for reading in opening.readings.all():
            reader.seconds[reading.section] = reader.seconds.get(reading.section, 0) + reading.seconds
    return list(found.values())


def seconds_text(seconds: int) -> str:
    """Write seconds as people say them: 40 s, 3 min."""
    if seconds < MINUTE:
        return _("%(seconds)s s") % {"seconds": seconds}
    return minutes_text(Decimal(round(seconds / MINUTE)))


def device(user_agent: str) -> str:
    """Return what a browser says of its device: "iPhone", "Windows" …; "" where it says nothing known."""
    known = ("iPhone", "iPad", "Android", "HarmonyOS", "Windows", "Macintosh", "Linux")
    return next((name.replace("Macintosh", "Mac") for name in known if name in user_agent), "")

"""Whether a proposal was passed on, as far as its openings tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.kit import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.stages.discovery.models.readings import Opening

PLACES_OF_ONE = 2
"""One device in two places is one person at work and on the way; in more, somebody else is as likely."""


@dataclass(frozen=True)
class Spread:
    """Who opened a link: by address where a code showed it, else on how many devices and in how many places."""

    others: tuple[str, ...] = ()
    """Addresses other than those that it was sent to."""
    devices: int = 0
    places: int = 0

    @property
    def is_passed_on(self) -> bool:
        """Whether somebody else reads it too: surely, where a code names them, else probably."""
        return bool(self.others) or self.devices > 1 or self.places > PLACES_OF_ONE

    @property
    def text(self) -> str:
        """What tells so, in words; "" where nothing does."""
        if self.others:
            return _("Passed on to %(people)s.") % {"people": formats.listed(self.others)}
        if not self.is_passed_on:
            return ""
        words = {
            "devices": ngettext("%(count)s device", "%(count)s devices", self.devices) % {"count": self.devices},
            "places": ngettext("%(count)s place", "%(count)s places", self.places) % {"count": self.places},
        }
        return _("Opened on %(devices)s and in %(places)s: probably passed on.") % words


def spread_of(openings: Iterable[Opening], *, addressees: Iterable[str]) -> Spread:
    """Return what openings tell of who reads; without a code, devices are told apart by their browsers, places by their addresses."""
    rows = list(openings)
    known = {email.strip().casefold() for email in addressees}
    others = dict.fromkeys(row.email for row in rows if row.email and row.email.casefold() not in known)
    unnamed = [row for row in rows if not row.email]
    return Spread(tuple(others), len({row.user_agent for row in unnamed}), len({row.ip for row in unnamed if row.ip}))

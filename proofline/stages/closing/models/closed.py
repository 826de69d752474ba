"""Whether a deal is still open, asked by all that would change its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from proofline.stages.closing.models.deals import Deal


class DealClosedError(Exception):
    """The deal was won or lost before. Its text says by whom and when, for people to read."""


class DealOpenError(Exception):
    """The deal is open: there is nothing to reopen."""


class Closable(models.Model):
    """A deal that is open until it has a win or a loss."""

    class Meta:
        abstract = True

    @property
    def state(self) -> str:
        """`won`, `lost` or `open`."""
        if hasattr(self, "won"):
            return "won"
        return "lost" if hasattr(self, "lost") else "open"

    @property
    def is_closed(self) -> bool:
        """Whether the deal was won or lost."""
        return self.state != "open"

    def outcome_text(self) -> str:
        """Say who closed the deal and how; "" while it is open."""
        state = self.state
        if state == "open":
            return ""
        outcome = self.won if state == "won" else self.lost  # type: ignore[attr-defined]
        who = str(outcome.by or _("the system"))
        if state == "won":
            return _("This deal was already won by %(who)s.") % {"who": who}
        return _("This deal was already lost, noted by %(who)s.") % {"who": who}


def require_open(deal: Deal) -> Deal:
    """Hold the deal and let it pass while it is open; call it within a transaction.

    Raises:
        DealClosedError: it was won or lost before.
    """
    held = deal.hold()
    if held.is_closed:
        raise DealClosedError(held.outcome_text())
    return held

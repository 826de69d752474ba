"""With which records of this room playbooks stand, and in which states those are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from proofline.enablement.kinds import Kind
from proofline.stages.reach.models import Lead

if TYPE_CHECKING:
    from datetime import datetime

STATES = (("waiting", _("waiting")), ("qualified", _("qualified")), ("turned_down", _("turned down")))


def states_of(lead: Lead, _now: datetime) -> set[str]:
    """Return the state of a lead."""
    if hasattr(lead, "qualification"):
        return {"qualified"}
    return {"turned_down" if hasattr(lead, "disqualification") else "waiting"}


LEAD = Kind(
    name="lead",
    slug="leads",
    label=_("Leads"),
    stage="reach",
    model=Lead,
    states=lambda: STATES,
    states_of=states_of,
)

"""With which records of this room playbooks stand, and in which states those are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.enablement.kinds import Kind
from proofline.stages.closing.models import Deal, DealStage

if TYPE_CHECKING:
    from datetime import datetime


def states() -> list[tuple[str, Any]]:
    """Return the stages that an open deal passes, then how it ends."""
    return [*((f"stage-{stage.pk}", str(stage)) for stage in DealStage.objects.ladder()), ("won", _("won")), ("lost", _("lost"))]  # fmt: skip


def states_of(deal: Deal, _now: datetime) -> set[str]:
    """Return the stage of an open deal, or how it ended."""
    return {deal.state if deal.is_closed else f"stage-{deal.stage_id}"}


DEAL = Kind(
    name="deal",
    slug="deals",
    label=_("Deals"),
    stage="closing",
    model=Deal,
    states=states,
    states_of=states_of,
)

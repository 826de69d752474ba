"""With which records of this room playbooks stand, and in which states those are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.enablement.kinds import Kind
from proofline.stages.discovery.models import Study, ValueLine

if TYPE_CHECKING:
    from datetime import datetime

STATES = (
    ("needs", pgettext_lazy("state of a study", "needs")),
    ("value", pgettext_lazy("state of a study", "value")),
    ("draft", pgettext_lazy("state of a study", "proposal drafted")),
    ("sent", pgettext_lazy("state of a study", "proposal sent")),
)


def states_of(study: Study, _now: datetime) -> set[str]:
    """Return how far a study has come: needs, value that is being put into numbers, a proposal."""
    sent = list(study.proposals.values_list("sendings", flat=True).order_by("sendings"))
    if sent:
        return {"sent" if any(sent) else "draft"}
    return {"value" if ValueLine.objects.filter(value_case__study=study).exists() else "needs"}


STUDY = Kind(
    name="study",
    slug="studies",
    label=_("Discovery"),
    stage="discovery",
    model=Study,
    states=lambda: STATES,
    states_of=states_of,
)

"""Leads: captured, scored, qualified."""

from proofline.stages.reach.models.forms import LeadForm
from proofline.stages.reach.models.leads import UTM, Lead, Origin
from proofline.stages.reach.models.qualifying import (
    AlreadyDecidedError,
    Disqualification,
    Qualification,
    disqualify,
    qualify,
)
from proofline.stages.reach.models.scoring import GRADES, Reason, ScoreRule

__all__ = [
    "GRADES",
    "UTM",
    "AlreadyDecidedError",
    "Disqualification",
    "Lead",
    "LeadForm",
    "Origin",
    "Qualification",
    "Reason",
    "ScoreRule",
    "disqualify",
    "qualify",
]

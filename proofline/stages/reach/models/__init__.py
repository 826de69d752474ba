"""Leads: captured, scored, qualified; and what behaviour says that somebody may need."""

from proofline.stages.reach.models.forms import LeadForm
from proofline.stages.reach.models.known import KnownApart, KnownContact, tie
from proofline.stages.reach.models.leads import UTM, Lead, Origin
from proofline.stages.reach.models.qualifying import (
    AlreadyDecidedError,
    Disqualification,
    Qualification,
    disqualify,
    qualify,
)
from proofline.stages.reach.models.scoring import GRADES, Reason, ScoreRule
from proofline.stages.reach.models.signal_rules import SignalRule
from proofline.stages.reach.models.signals import Confirmation, Signal, SignalDismissal

__all__ = [
    "GRADES",
    "UTM",
    "AlreadyDecidedError",
    "Confirmation",
    "Disqualification",
    "KnownApart",
    "KnownContact",
    "Lead",
    "LeadForm",
    "Origin",
    "Qualification",
    "Reason",
    "ScoreRule",
    "Signal",
    "SignalDismissal",
    "SignalRule",
    "disqualify",
    "qualify",
    "tie",
]

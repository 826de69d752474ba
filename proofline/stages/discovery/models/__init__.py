"""Studies, needs, value cases and proposals."""

from proofline.stages.discovery.models.alternatives import Alternative, alternatives_of
from proofline.stages.discovery.models.needs import Chain, Need, chains
from proofline.stages.discovery.models.proposals import Proposal
from proofline.stages.discovery.models.readings import ONE_VISIT, SECTIONS, Opening, SectionReading, open_proposal
from proofline.stages.discovery.models.sendings import Revocation, Sending, revoke, send
from proofline.stages.discovery.models.studies import Study
from proofline.stages.discovery.models.value_cases import Freezing, FrozenError, Level, ValueCase
from proofline.stages.discovery.models.value_lines import ValueLine

__all__ = [
    "ONE_VISIT",
    "SECTIONS",
    "Alternative",
    "Chain",
    "Freezing",
    "FrozenError",
    "Level",
    "Need",
    "Opening",
    "Proposal",
    "Revocation",
    "SectionReading",
    "Sending",
    "Study",
    "ValueCase",
    "ValueLine",
    "alternatives_of",
    "chains",
    "open_proposal",
    "revoke",
    "send",
]

"""Studies, needs, value cases and proposals; questionnaires."""

from proofline.stages.discovery.models.alternatives import Alternative, alternatives_of
from proofline.stages.discovery.models.needs import Chain, Need, chains
from proofline.stages.discovery.models.proposals import Proposal
from proofline.stages.discovery.models.readings import ONE_VISIT, SECTIONS, Opening, SectionReading, open_proposal
from proofline.stages.discovery.models.sendings import Revocation, Sending, revoke, send
from proofline.stages.discovery.models.studies import Study
from proofline.stages.discovery.models.value_cases import Freezing, FrozenError, Level, ValueCase
from proofline.stages.discovery.models.value_lines import ValueLine
from proofline.stages.discovery.questionnaires.models import (
    Answer,
    AnswerFile,
    LinkClosing,
    Questionnaire,
    QuestionnaireLink,
    Reply,
    Retirement,
    StaleVersionError,
    Submission,
    SubmittedError,
    Version,
)

__all__ = [
    "ONE_VISIT",
    "SECTIONS",
    "Alternative",
    "Answer",
    "AnswerFile",
    "Chain",
    "Freezing",
    "FrozenError",
    "Level",
    "LinkClosing",
    "Need",
    "Opening",
    "Proposal",
    "Questionnaire",
    "QuestionnaireLink",
    "Reply",
    "Retirement",
    "Revocation",
    "SectionReading",
    "Sending",
    "StaleVersionError",
    "Study",
    "Submission",
    "SubmittedError",
    "ValueCase",
    "ValueLine",
    "Version",
    "alternatives_of",
    "chains",
    "open_proposal",
    "revoke",
    "send",
]

"""Studies, needs, value cases and proposals; questionnaires."""

from proofline.stages.discovery.agreeing.models import (
    Assumption,
    AssumptionAnswer,
    PremiseKind,
    ValueCaseLink,
    ValueCaseLinkClosing,
    Verdict,
)
from proofline.stages.discovery.models.alternatives import Alternative, alternatives_of
from proofline.stages.discovery.models.catalogue_rules import CatalogueRule, RulePart
from proofline.stages.discovery.models.cells import Cell
from proofline.stages.discovery.models.configurations import Configuration, ConfigurationPart
from proofline.stages.discovery.models.line_templates import LineTemplate
from proofline.stages.discovery.models.needs import Chain, Need, chains
from proofline.stages.discovery.models.parts import key_of, parts_named
from proofline.stages.discovery.models.price_rules import BundlePart, PriceRule
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
    "Assumption",
    "AssumptionAnswer",
    "BundlePart",
    "CatalogueRule",
    "Cell",
    "Chain",
    "Configuration",
    "ConfigurationPart",
    "Freezing",
    "FrozenError",
    "Level",
    "LineTemplate",
    "LinkClosing",
    "Need",
    "Opening",
    "PremiseKind",
    "PriceRule",
    "Proposal",
    "Questionnaire",
    "QuestionnaireLink",
    "Reply",
    "Retirement",
    "Revocation",
    "RulePart",
    "SectionReading",
    "Sending",
    "StaleVersionError",
    "Study",
    "Submission",
    "SubmittedError",
    "ValueCase",
    "ValueCaseLink",
    "ValueCaseLinkClosing",
    "ValueLine",
    "Verdict",
    "Version",
    "alternatives_of",
    "chains",
    "key_of",
    "open_proposal",
    "parts_named",
    "revoke",
    "send",
]

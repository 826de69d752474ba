"""Studies, needs, value cases and proposals; questionnaires; interviews."""

from proofline.stages.discovery.admitting.models import AccessCode, AccessCodeUse
from proofline.stages.discovery.agreeing.models import (
    Assumption,
    AssumptionAnswer,
    PremiseKind,
    ValueCaseLink,
    ValueCaseLinkClosing,
    Verdict,
)
from proofline.stages.discovery.calculators.models import (
    Calculation,
    CalculationTaking,
    Calculator,
    CalculatorLine,
    CalculatorPublication,
    CalculatorWithdrawal,
    NotPublishableError,
)
from proofline.stages.discovery.conversing.models import ProposalComment, ProposalThread, ThreadSettling
from proofline.stages.discovery.interviewing.models import (
    CallingOff,
    Conclusion,
    Crossing,
    GuideQuestion,
    Interview,
    InterviewFile,
    InterviewNote,
    NoteRemoval,
    OverError,
    Save,
    Span,
    StaleNoteError,
    call_off,
    carry_open_questions,
    conclude,
    plan,
)
from proofline.stages.discovery.models.alternatives import Alternative, alternatives_of
from proofline.stages.discovery.models.catalogue_rules import CatalogueRule, RulePart
from proofline.stages.discovery.models.cells import Cell
from proofline.stages.discovery.models.configurations import Configuration, ConfigurationPart
from proofline.stages.discovery.models.line_templates import LineTemplate
from proofline.stages.discovery.models.needs import Chain, Need, chains, needs_of
from proofline.stages.discovery.models.parts import key_of, parts_named
from proofline.stages.discovery.models.price_rules import BundlePart, PriceRule
from proofline.stages.discovery.models.proposals import Proposal
from proofline.stages.discovery.models.readings import (
    ONE_VISIT,
    SECTIONS,
    Opening,
    SectionReading,
    name_of,
    names_of,
    open_proposal,
    spread,
)
from proofline.stages.discovery.models.sendings import Revocation, Sending, revoke
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
from proofline.stages.discovery.wishing.models import OfferedAddOn, Wish, WishTaking
from proofline.stages.discovery.writing.models import ProposalImage

__all__ = [
    "ONE_VISIT",
    "SECTIONS",
    "AccessCode",
    "AccessCodeUse",
    "Alternative",
    "Answer",
    "AnswerFile",
    "Assumption",
    "AssumptionAnswer",
    "BundlePart",
    "Calculation",
    "CalculationTaking",
    "Calculator",
    "CalculatorLine",
    "CalculatorPublication",
    "CalculatorWithdrawal",
    "CallingOff",
    "CatalogueRule",
    "Cell",
    "Chain",
    "Conclusion",
    "Configuration",
    "ConfigurationPart",
    "Crossing",
    "Freezing",
    "FrozenError",
    "GuideQuestion",
    "Interview",
    "InterviewFile",
    "InterviewNote",
    "Level",
    "LineTemplate",
    "LinkClosing",
    "Need",
    "NotPublishableError",
    "NoteRemoval",
    "OfferedAddOn",
    "Opening",
    "OverError",
    "PremiseKind",
    "PriceRule",
    "Proposal",
    "ProposalComment",
    "ProposalImage",
    "ProposalThread",
    "Questionnaire",
    "QuestionnaireLink",
    "Reply",
    "Retirement",
    "Revocation",
    "RulePart",
    "Save",
    "SectionReading",
    "Sending",
    "Span",
    "StaleNoteError",
    "StaleVersionError",
    "Study",
    "Submission",
    "SubmittedError",
    "ThreadSettling",
    "ValueCase",
    "ValueCaseLink",
    "ValueCaseLinkClosing",
    "ValueLine",
    "Verdict",
    "Version",
    "Wish",
    "WishTaking",
    "alternatives_of",
    "call_off",
    "carry_open_questions",
    "chains",
    "conclude",
    "key_of",
    "name_of",
    "names_of",
    "needs_of",
    "open_proposal",
    "parts_named",
    "plan",
    "revoke",
    "spread",
]

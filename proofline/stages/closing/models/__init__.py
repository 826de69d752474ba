"""Deals, their people, offers and contracts."""

from proofline.stages.closing.models.choosing import AlreadyChosenError, Choice, QuoteNotOpenError, QuoteSending
from proofline.stages.closing.models.closed import DealClosedError, DealOpenError
from proofline.stages.closing.models.contracts import Contract, ContractSentError
from proofline.stages.closing.models.deals import STALLED_AFTER, Deal
from proofline.stages.closing.models.losing import Loss, LossReason
from proofline.stages.closing.models.moving import StageMove
from proofline.stages.closing.models.options import QuoteOption
from proofline.stages.closing.models.people import DealPerson, DealRole, Influence, Stance, gaps
from proofline.stages.closing.models.promises import Promise
from proofline.stages.closing.models.quotes import Quote, QuoteSentError
from proofline.stages.closing.models.reopening import Reopening
from proofline.stages.closing.models.signing import (
    Acceptance,
    AlreadyAcceptedError,
    ContractNotOpenError,
    ContractSending,
    ContractWithdrawal,
)
from proofline.stages.closing.models.stages import DealStage
from proofline.stages.closing.models.winning import Win

__all__ = [
    "STALLED_AFTER",
    "Acceptance",
    "AlreadyAcceptedError",
    "AlreadyChosenError",
    "Choice",
    "Contract",
    "ContractNotOpenError",
    "ContractSending",
    "ContractSentError",
    "ContractWithdrawal",
    "Deal",
    "DealClosedError",
    "DealOpenError",
    "DealPerson",
    "DealRole",
    "DealStage",
    "Influence",
    "Loss",
    "LossReason",
    "Promise",
    "Quote",
    "QuoteNotOpenError",
    "QuoteOption",
    "QuoteSending",
    "QuoteSentError",
    "Reopening",
    "StageMove",
    "Stance",
    "Win",
    "gaps",
]

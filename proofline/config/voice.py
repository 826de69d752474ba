"""What customers read of which records, and the verb that changes it: one readable table for the hints of the company's voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.outreach.models import Template
from proofline.records import voice
from proofline.records.models import Evidence
from proofline.records.voice import Spoken
from proofline.stages.closing.models import Contract, ContractSentError, Quote, QuoteSentError
from proofline.stages.discovery.models import Proposal
from proofline.stages.reach.models import LeadForm

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User


def _word(quote: Quote, *, by: User | None, now: datetime, note: str) -> None:
    del by, now  # a draft's texts have no history
    quote.word(note=note)


def _edit(contract: Contract, *, by: User | None, now: datetime, **texts: Any) -> None:
    del by, now  # as above
    contract.edit(**texts)


TABLE: tuple[Spoken, ...] = (
    Spoken(Evidence, ("title", "result", "body"), "records:evidence_wording", Evidence.change),
    Spoken(LeadForm, ("title", "intro", "thanks"), "reach:form_wording", LeadForm.change),
    Spoken(Template, ("subject", "body"), "outreach:template_wording", Template.change),
    Spoken(Proposal, ("title", "intro", "terms"), "discovery:proposal_wording", Proposal.change),
    Spoken(
        Quote,
        ("note",),
        "closing:quote_wording",
        _word,
        may_change=lambda quote: not quote.is_sent and not quote.deal.is_closed,
        refusals=(QuoteSentError,),
    ),
    Spoken(
        Contract,
        ("terms",),
        "closing:contract_wording",
        _edit,
        may_change=lambda contract: contract.state == "draft",
        refusals=(ContractSentError,),
    ),
)


def wire() -> None:
    """Put the table into force."""
    for spoken in TABLE:
        voice.register(spoken)

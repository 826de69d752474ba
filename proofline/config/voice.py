"""What customers read of which records, and the verb that changes it: one readable table for the hints of the company's voice on the records' own pages.

Where the texts stand in a form, the form says which they are (`VoicedForm`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.records import voice
from proofline.records.models import Evidence
from proofline.records.voice import Spoken
from proofline.stages.closing.models import Contract, ContractSentError
from proofline.stages.discovery.models import Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User


def _edit(contract: Contract, *, by: User | None, now: datetime, **texts: Any) -> None:
    del by, now  # a draft's texts have no history
    contract.edit(**texts)


TABLE: tuple[Spoken, ...] = (
    Spoken(Evidence, ("title", "result", "body"), "records:evidence_wording", Evidence.change),
    Spoken(Proposal, ("title", "intro", "terms"), "discovery:proposal_wording", Proposal.change),
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

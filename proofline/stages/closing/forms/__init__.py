"""What people type about deals, offers and contracts."""

from proofline.stages.closing.forms.contracts import AcceptanceForm, ContractForm, SendForm
from proofline.stages.closing.forms.deals import DealForm, LossForm, NextStepForm, PersonForm, WinForm
from proofline.stages.closing.forms.quotes import ChoiceForm, OptionForm, QuoteForm
from proofline.stages.closing.forms.stages import StageForm

__all__ = [
    "AcceptanceForm",
    "ChoiceForm",
    "ContractForm",
    "DealForm",
    "LossForm",
    "NextStepForm",
    "OptionForm",
    "PersonForm",
    "QuoteForm",
    "SendForm",
    "StageForm",
    "WinForm",
]

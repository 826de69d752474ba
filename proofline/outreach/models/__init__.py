"""Messages, the rules that send them, and who does not want them."""

from proofline.outreach.models.consent import OptOut, UnsubscribeLink
from proofline.outreach.models.messages import Dispatch, Failure, Message, Template
from proofline.outreach.models.rules import TriggerRule

__all__ = [
    "Dispatch",
    "Failure",
    "Message",
    "OptOut",
    "Template",
    "TriggerRule",
    "UnsubscribeLink",
]

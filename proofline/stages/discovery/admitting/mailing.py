"""The mail with the code. It is no advertisement: who asks for a code gets it, whatever mail they want else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from proofline.records.models import Workspace
from proofline.stages.discovery.admitting.models import GOOD_FOR, admits
from proofline.stages.discovery.models import AccessCode, Proposal

if TYPE_CHECKING:
    from datetime import datetime


def mail_code(proposal: Proposal, *, email: str, now: datetime) -> bool:
    """Send a code to an address if it may read what was sent last; tell whether it may."""
    sending = proposal.last_sending
    if sending is None or not sending.asks_code or proposal.state(now=now) != "sent" or not admits(sending, email):
        return False
    code = AccessCode.objects.issue(proposal, email=email, now=now)
    with translation.override(proposal.language):
        words = {
            "code": code,
            "proposal": proposal.title,
            "minutes": GOOD_FOR.seconds // 60,
            "company": Workspace.current().name,
        }
        subject = _("%(code)s is your code for “%(proposal)s”") % words
        body = _(
            "Your code: %(code)s\n\nIt opens the proposal “%(proposal)s” of %(company)s once, within %(minutes)s minutes. "
            "If you did not ask for it, somebody else typed your address; you need not do anything."
        )
        EmailMessage(subject=" ".join(subject.split()), body=body % words, to=[email]).send()
    return True

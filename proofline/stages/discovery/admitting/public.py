"""The code by e-mail, as the customer asks for it and types it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.stages.discovery.admitting.guard import ask_code, behind_link
from proofline.stages.discovery.admitting.models import bare
from proofline.stages.discovery.admitting.visitors import admit
from proofline.stages.discovery.jobs import send_access_code
from proofline.stages.discovery.models import AccessCode
from proofline.stages.discovery.too_often import too_often

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.models import Proposal

ASKING = Pace(at_once=5, an_hour=20)
"""Codes that are asked for, by proposal and sender, and by proposal and address."""
ENTERING = Pace(at_once=15, an_hour=60)
"""Codes that are typed in, by proposal and sender."""
LONGEST_EMAIL = 254


@behind_link(before_code=True)
@require_POST
def code(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Send a code, if the address may read the proposal. The answer is the same if it may not."""
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email if len(email) <= LONGEST_EMAIL else "")
    except ValidationError:
        return ask_code(request, proposal, status=422, email=email, trouble=_("This is not an e-mail address."))
    sender = ASKING.wait((proposal.pk, client_ip(request)))
    if wait := sender or ASKING.wait((proposal.pk, bare(email))):
        return too_often(request, wait)
    if proposal.last_sending and proposal.last_sending.asks_code:
        send_access_code.enqueue(proposal_id=proposal.pk, email=email)
    return ask_code(request, proposal, email=email, is_sent=True)


@behind_link(before_code=True)
@require_POST
def entry(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Let in who has the code."""
    email = request.POST.get("email", "").replace("\0", "")[:LONGEST_EMAIL]
    typed = request.POST.get("code", "")[:20]
    if wait := ENTERING.wait((proposal.pk, client_ip(request))):
        return too_often(request, wait)
    if not AccessCode.objects.take(proposal, email=email, code=typed, now=timezone.now()):
        trouble = _("This code is not right, or no longer good. Look at it again, or ask for a new one.")
        return ask_code(request, proposal, status=422, email=email, is_sent=True, trouble=trouble)
    answer = redirect(proposal.public_path)
    admit(answer, request, proposal, email=email)
    return answer

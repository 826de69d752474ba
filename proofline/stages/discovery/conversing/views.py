"""Our side of the threads: answering on the proposal's page, and settling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.conversing.mailing import mail_answer
from proofline.stages.discovery.conversing.speaking import answer, settle
from proofline.stages.discovery.conversing.talk import Typed
from proofline.stages.discovery.models import ProposalThread
from proofline.stages.discovery.views.proposals import proposal_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

THREADS = ProposalThread.objects.select_related("proposal__study__account", "proposal__study__owner")


@require_POST
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the customer; they see it on their page, and by e-mail where they may be written to."""
    thread = load(THREADS, user=request.user, write=True, pk=pk)
    text, now = request.POST.get("text", "").replace("\r\n", "\n"), timezone.now()
    try:
        said = answer(thread, by=request.user, text=text, now=now)
    except ValidationError as error:
        return proposal_page(request, thread.proposal, typed=Typed(thread.anchor, text, error.message_dict))
    if mail_answer(said, now=now):
        toast(request, _("Answered, and sent by e-mail."))
    else:
        no_mail = _("Answered on the page. No e-mail was sent: we may not write to this person, or know no address.")
        toast(request, no_mail, level=messages.INFO)
    return redirect(thread.get_absolute_url())


@require_POST
def settling(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that nothing is left to say."""
    thread = load(THREADS, user=request.user, write=True, pk=pk)
    settle(thread, by=request.user, now=timezone.now())
    return redirect(thread.get_absolute_url())

"""A comment of the customer's, sent from a place of the proposal's page: a plain form that needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.stages.discovery.admitting.guard import behind_link
from proofline.stages.discovery.admitting.visitors import named, remember, visitor_of
from proofline.stages.discovery.conversing.places import places_of
from proofline.stages.discovery.conversing.speaking import comment
from proofline.stages.discovery.conversing.talk import Typed
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.too_often import too_often
from proofline.stages.discovery.views.public import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.admitting.visitors import Visitor
    from proofline.stages.discovery.models import Proposal

SPEAKING = Pace(at_once=15, an_hour=60)
"""Comments, by proposal and sender."""


@behind_link()
@require_POST
def comments(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Keep a comment on a place; what can't be kept stays in its form, with what is wrong."""
    if request.user.is_authenticated:
        return redirect(proposal.get_absolute_url())  # one of us answers on our own page
    if wait := SPEAKING.wait((proposal.pk, client_ip(request))):
        return too_often(request, wait)
    anchor = request.POST.get("anchor", "").replace("\0", "")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    who = who_says(request, proposal)
    places = places_of(Shown(proposal, price="…"))
    thread = proposal.threads.filter(anchor=anchor).first()
    basis = places.get(anchor) or (thread.last.basis if thread else "")
    if not basis:
        trouble = {"text": [_("What you wrote about is no longer there. Please write it beside another part.")]}
        return page(request, proposal, typed=Typed("summary", text, trouble), who=who, status=422)
    try:
        comment(proposal, anchor=anchor, basis=basis, text=text, who=who, now=timezone.now())
    except ValidationError as error:
        return page(request, proposal, typed=Typed(anchor, text, error.message_dict), who=who, status=422)
    answer = redirect(f"{proposal.public_path}#talk-{anchor}")
    if not who.is_shown:
        remember(answer, request, proposal, who=who)
    return answer


def who_says(request: HttpRequest, proposal: Proposal) -> Visitor:
    """Return who sends a form: as shown by a code, else as typed in it, else as known from before."""
    visitor = visitor_of(request, proposal)
    if (visitor.is_shown and visitor.is_named) or "name" not in request.POST:
        return visitor
    if visitor.is_shown:
        return type(visitor)(" ".join(request.POST["name"].split()), visitor.email, visitor.contact, is_shown=True)
    return named(proposal, name=request.POST["name"], email=request.POST.get("email", ""))

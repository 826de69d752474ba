"""An add-on that the customer switches on the proposal's page: a plain form that needs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from proofline.kit.links import client_ip
from proofline.stages.discovery.admitting.guard import behind_link
from proofline.stages.discovery.admitting.visitors import remember
from proofline.stages.discovery.conversing.public import SPEAKING, who_says
from proofline.stages.discovery.too_often import too_often
from proofline.stages.discovery.views.public import page
from proofline.stages.discovery.wishing.choosing import ForbiddenChoiceError
from proofline.stages.discovery.wishing.wishing import wish

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.models import Proposal

LONGEST_ID = 18


@behind_link()
@require_POST
def wishes(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Switch an add-on on or off; what can't go together is refused with its reason."""
    if request.user.is_authenticated:
        return redirect(proposal.get_absolute_url())
    if wait := SPEAKING.wait((proposal.pk, client_ip(request), "add-ons")):
        return too_often(request, wait)
    who, given = who_says(request, proposal), request.POST.get("module", "")
    module = int(given) if given.isascii() and given.isdigit() and len(given) <= LONGEST_ID else 0
    try:
        wish(proposal, module=module, is_on=request.POST.get("on") == "1", who=who, now=timezone.now())
    except (ValidationError, ForbiddenChoiceError) as error:
        trouble = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return page(request, proposal, wish_trouble=trouble, who=who, status=422)
    answer = redirect(f"{proposal.public_path}#add-ons")
    if not who.is_shown:
        remember(answer, request, proposal, who=who)
    return answer
